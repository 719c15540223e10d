import { existsSync, readFileSync, rmSync, rmdirSync, statSync, writeFileSync } from 'node:fs'
import { mkdir, readdir } from 'node:fs/promises'
import path from 'node:path'

import type { Machine } from './machine.ts'

/** A part of a recording as it lies on the disk. */
export type StoredPart = {
  readonly directory: string
  readonly startedAtMs: number
  readonly segmentCount: number
  /** Of all its files, compressed where they are. */
  readonly bytes: number
  /** Of those that are not compressed, or not yet. */
  readonly plainBytes: number
}

/** What of a recording may stay. Left out: no limit. */
export type Retention = {
  /** Parts that ended longer ago than this go. */
  readonly keepMs?: number | undefined
  readonly bytesMax?: number | undefined
}

const partName = /^part-(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})(\d{3})Z$/
const segmentFile = /^journal-\d{6}\.pej(\.zst)?(\.tmp)?$/
const lockName = 'recorder.lock'

/** The folder of a part that begins at an instant. Names sort by time. */
export function partNameAt(atMs: number): string {
  return `part-${new Date(atMs).toISOString().replaceAll(/[-:.]/g, '')}`
}

/** The parts in a folder, oldest first. */
export async function storedParts(folder: string): Promise<readonly StoredPart[]> {
  if (!existsSync(folder)) return []
  const parts: StoredPart[] = []
  for (const name of (await readdir(folder)).toSorted()) {
    const startedAtMs = instantOf(name)
    if (startedAtMs === undefined) continue
    const directory = path.join(folder, name)
    const files = (await readdir(directory)).filter((file) => segmentFile.test(file))
    const bytesOf = (names: readonly string[]): number =>
      names.reduce((sum, file) => sum + sizeOf(path.join(directory, file)), 0)
    parts.push({
      directory,
      startedAtMs,
      segmentCount: files.length,
      bytes: bytesOf(files),
      plainBytes: bytesOf(files.filter((file) => file.endsWith('.pej'))),
    })
  }
  return parts
}

/**
 * Which parts must go, oldest first. The last one is being written and never goes.
 *
 * A part is the least that can go: the segment with its header and its first books vouches for all
 * that follow, so a part without its beginning could not be read.
 */
export function partsToRemove(
  parts: readonly StoredPart[],
  { keepMs, bytesMax }: Retention,
  nowMs: number,
): readonly StoredPart[] {
  const gone: StoredPart[] = []
  let bytes = parts.reduce((sum, part) => sum + part.bytes, 0)
  for (const [index, part] of parts.slice(0, -1).entries()) {
    // A part has ended when the next one had begun.
    const endedAtMs = parts[index + 1]?.startedAtMs ?? nowMs
    const isOld = keepMs !== undefined && nowMs - endedAtMs > keepMs
    const isTooMuch = bytesMax !== undefined && bytes > bytesMax
    if (!isOld && !isTooMuch) break
    gone.push(part)
    bytes -= part.bytes
  }
  return gone
}

/** Deletes the segments of a part, and its folder unless something else lies in it. */
export async function removePart({ directory }: Pick<StoredPart, 'directory'>): Promise<void> {
  const names = await readdir(directory)
  for (const name of names) {
    if (segmentFile.test(name)) rmSync(path.join(directory, name), { force: true })
  }
  if (names.every((name) => segmentFile.test(name))) rmdirSync(directory)
}

/**
 * Makes sure that one recorder alone writes into a folder. What is given back lets go of it.
 *
 * A lock whose process is gone counts for nothing.
 */
export async function lockFolder(folder: string, { isAlive, pid }: Owners): Promise<() => void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const file = path.join(folder, lockName)
  const holder = existsSync(file) ? Number(readFileSync(file, 'utf8')) : Number.NaN
  if (Number.isInteger(holder) && holder !== pid && isAlive(holder)) {
    throw new FolderInUseError(`process ${holder} records into ${folder} already`)
  }
  writeFileSync(file, String(pid))
  return () => rmSync(file, { force: true })
}

/** Who may hold a lock: this process, and whether another still runs. */
export type Owners = { readonly pid: number; readonly isAlive: (pid: number) => boolean }

export const processOwners: Owners = {
  pid: process.pid,
  isAlive(pid) {
    try {
      // Signal 0 asks whether the process is there, and does nothing to it.
      return process.kill(pid, 0)
    } catch (error) {
      return error instanceof Error && 'code' in error && error.code === 'EPERM'
    }
  },
}

export function folderOf(machine: Machine, into: string): string {
  return path.resolve(machine.folder, into)
}

function instantOf(name: string): number | undefined {
  const [, ...digits] = partName.exec(name) ?? []
  if (digits.length === 0) return undefined
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0, milli = 0] =
    digits.map(Number)
  return Date.UTC(year, month - 1, day, hour, minute, second, milli)
}

function sizeOf(file: string): number {
  // A segment may be replaced by its compressed form between the listing and this.
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

/** Another process records into the folder. */
export class FolderInUseError extends Error {
  override readonly name = 'FolderInUseError'
}
