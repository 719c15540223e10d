import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { thisMachine } from '../src/app/machine.ts'
import { replayDirectory } from '../src/app/replay.ts'
import { rerecord } from '../src/app/rerecord.ts'
import type { BenchCase, BenchResult } from './bench-case.ts'
import { recordDay } from './recorded-day.ts'
import { measureRecording } from './recording-run.ts'

const golden = path.resolve(import.meta.dirname, '../test/golden/calm')
const rounds = 3
const reading = 'reading the records and summing them'

/** Replaying: every effect compared, every proof made again, checksums and all. */
export const replayCases: readonly BenchCase[] = [
  { name: 'replay of a busy feed', group: 'replay', baseline: reading, run: ofBusyFeed },
  { name: 'replay of the golden journal', group: 'replay', baseline: reading, run: ofGolden },
]

/** The recorded day as the engine would have kept it: with all that it decided. */
async function ofBusyFeed(): Promise<BenchResult> {
  const { directory: day, events } = await recordDay()
  const place = mkdtempSync(path.join(tmpdir(), 'replayed-day-'))
  const directory = path.join(place, 'journal')
  try {
    await rerecord(day, directory)
    return measureRecording({ task: 'replay', directory, rounds }, events)
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}

async function ofGolden(): Promise<BenchResult> {
  const { events } = await replayDirectory({
    directory: golden,
    machine: thisMachine,
    speed: 'full',
  })
  return measureRecording({ task: 'replay', directory: golden, rounds }, events)
}
