import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'

import type { Nanos } from '../core/units.ts'
import { instantOf, readEvent } from '../journal/engine-text.ts'
import { readJournal } from '../journal/journal-reader.ts'
import type { JournalRecord } from '../journal/record.ts'
import type { JournalHeader } from './journal-header.ts'
import type { Kernel } from './kernel.ts'
import type { Machine } from './machine.ts'
import { thisMachine } from './machine.ts'
import type { OpenJournalOptions } from './open-journal.ts'
import { openJournal } from './open-journal.ts'
import { recordedKernel } from './recorded-kernel.ts'
import { replayDirectory } from './replay.ts'
import { takeHeader } from './take-header.ts'

const golden = path.resolve(import.meta.dirname, '../../test/golden/calm')
const program = path.resolve(import.meta.dirname, '../cli/main.ts')
const places: string[] = []
const silent = { debug() {}, info() {}, warn() {}, error() {} }

afterEach(() => {
  for (const place of places.splice(0)) rmSync(place, { recursive: true, force: true })
})

function emptyPlace(): string {
  const place = mkdtempSync(path.join(tmpdir(), 'full-'))
  places.push(place)
  return place
}

/** Timers that go off when they are told to. */
function handMachine(): { readonly machine: Machine; readonly tick: () => void } {
  const runs: (() => void)[] = []
  const timers = {
    after: () => () => {},
    every: (_: number, run: () => void) => {
      runs.push(run)
      return () => {}
    },
  }
  return { machine: { ...thisMachine, timers }, tick: () => runs.forEach((run) => run()) }
}

type Record = JournalRecord & { readonly text: string }

async function recordsOf(directory: string): Promise<Record[]> {
  const records: Record[] = []
  for await (const item of readJournal(directory)) {
    if (item.kind === 'fault') continue
    records.push({ ...item.record, text: Buffer.from(item.record.payload).toString() })
  }
  return records
}

/** Runs the events of a recorded run again, into a journal of its own that has a limit. */
async function runInto(
  directory: string,
  limits: Partial<OpenJournalOptions>,
): Promise<{ readonly reasons: string[] }> {
  const { machine, tick } = handMachine()
  const reasons: string[] = []
  const header: JournalHeader = await takeHeader(readJournal(golden), golden)
  const made: { kernel?: Kernel } = {}
  let now = 0 as Nanos
  const journal = await openJournal({
    directory,
    header,
    machine,
    log: silent,
    onEnd: (reason) => {
      reasons.push(reason)
      made.kernel?.intake.process({ kind: 'command', command: { kind: 'pause' }, at: now })
    },
    ...limits,
  })
  const kernel = await recordedKernel(header, { obey: () => {}, journal: journal.writer })
  made.kernel = kernel
  for (const { type, text, venueIndex, connection, payload, at } of await recordsOf(golden)) {
    if (type === 'frame') {
      now = at as Nanos
      const venue = header.venues[venueIndex]
      if (venue !== undefined) kernel.intake.onFrame(venue, connection, payload, now)
    } else if (type === 'event') {
      const event = readEvent(text)
      if (event === undefined) continue
      now = instantOf(event)
      kernel.intake.process(event)
    }
    tick()
  }
  await journal.close()
  return { reasons }
}

function isPlacing({ type, text }: Record): boolean {
  return type === 'effect' && text.includes('"place-basket"')
}

describe('a journal that cannot go on', { timeout: 60_000 }, () => {
  test('at its limit of bytes stops trading before it ends', async () => {
    const unlimited = emptyPlace()
    await runInto(unlimited, {})
    const all = await recordsOf(unlimited)
    const placings = all.filter(isPlacing)
    // So much that the first basket is sent before, and another would be after.
    const until = all.filter(({ number }) => number <= (placings[0]?.number ?? 0))
    const bytesMax = until.reduce((sum, { payload }) => sum + payload.length + 16, 0)
    const directory = emptyPlace()

    const { reasons } = await runInto(directory, { bytesMax })
    const records = await recordsOf(directory)
    const { divergence } = await replayDirectory({ directory, machine: thisMachine, speed: 'full' })

    expect(placings.length).toBeGreaterThan(1)
    expect(reasons).toEqual(['bytes-limit'])
    const pausedAt = records.findIndex(({ text }) => text.includes('"kind":"pause"'))
    expect(records.slice(0, pausedAt).filter(isPlacing).length).toBeGreaterThan(0)
    const after = records.slice(pausedAt)
    expect(after.filter((one) => isPlacing(one) && one.text.includes('"purpose":"open"'))).toEqual(
      [],
    )
    // The record goes on beyond the last trade, and holds why there were no more.
    expect(after.filter(({ type }) => type === 'frame').length).toBeGreaterThan(100)
    expect(divergence).toBeNull()
  })

  test('with a disk that is nearly full trades nothing', async () => {
    const directory = emptyPlace()

    const { reasons } = await runInto(directory, { reserveBytes: Number.MAX_SAFE_INTEGER })

    expect(reasons).toEqual(['disk-nearly-full'])
    expect((await recordsOf(directory)).filter(isPlacing)).toEqual([])
  })

  test('because the disk refuses pauses trading, and what it holds replays', async () => {
    const folder = emptyPlace()
    const signalLine = z.object({
      event: z.literal('signal'),
      approved: z.boolean(),
      verdict: z.string(),
    })

    // The operating system refuses to let a file grow beyond a megabyte: 2 048 times 512 bytes.
    const options = '--for 6s --seed 9 --port 0 --json --journal kept'
    const run = `ulimit -f 2048; exec "$0" "$1" demo ${options}`
    const { status, stdout } = spawnSync('sh', ['-c', run, process.execPath, program], {
      cwd: folder,
      encoding: 'utf8',
    })
    const { divergence, faults } = await replayDirectory({
      directory: path.join(folder, 'kept'),
      machine: thisMachine,
      speed: 'full',
    })

    const signals = stdout
      .trim()
      .split('\n')
      .flatMap((line) => signalLine.safeParse(JSON.parse(line)).data ?? [])
    expect(status).toBe(0)
    const paused = signals.findIndex(({ verdict }) => verdict === 'paused')
    expect(paused).toBeGreaterThanOrEqual(0)
    expect(signals.slice(paused).filter(({ approved }) => approved)).toEqual([])
    expect(faults.every(({ kind }) => kind === 'torn-tail')).toBe(true)
    expect(divergence).toBeNull()
  })
})
