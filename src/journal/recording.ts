import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

import { JournalError } from './journal-reader.ts'
import type { SegmentFile } from './segment.ts'
import { listSegments } from './segment.ts'

/** A journal that stands alone: it begins with a header and what the venues list. */
export type RecordingPart = {
  readonly directory: string
  readonly segments: readonly SegmentFile[]
}

/**
 * The parts of a recording, oldest first.
 *
 * A directory is one part where it holds a journal itself, and else each directory in it that does:
 * the recorder begins a new part by the clock, and its names sort by time.
 */
export async function listParts(directory: string): Promise<readonly RecordingPart[]> {
  if (!existsSync(directory)) throw new JournalError(`there is no ${directory}`)
  const own = await listSegments(directory)
  if (own.length > 0) return [{ directory, segments: own }]

  const parts: RecordingPart[] = []
  for (const entry of (await readdir(directory, { withFileTypes: true })).toSorted(byName)) {
    if (!entry.isDirectory()) continue
    const place = join(directory, entry.name)
    const segments = await listSegments(place)
    if (segments.length > 0) parts.push({ directory: place, segments })
  }
  if (parts.length === 0) throw new JournalError(`no recording in ${directory}: no journal-*.pej`)
  return parts
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1
}
