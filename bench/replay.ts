import path from 'node:path'
import { thisMachine } from '../src/app/machine.ts'
import { replayDirectory } from '../src/app/replay.ts'
import { readJournal } from '../src/journal/journal-reader.ts'
import type { BenchCase, BenchResult } from './bench-case.ts'
import { median } from './bench-case.ts'
import { recordDay } from './recorded-day.ts'

const golden = path.resolve(import.meta.dirname, '../test/golden/calm')
const frameCount = 100_000
const marketCount = 500
const rounds = 3

/** Replaying: every effect compared, every proof made again, checksums and all. */
export const replayCases: readonly BenchCase[] = [
  {
    name: 'replay of a busy feed',
    group: 'replay',
    baseline: 'reading the records alone',
    run: ofBusyFeed,
  },
  {
    name: 'replay of the golden journal',
    group: 'replay',
    baseline: 'reading the records alone',
    run: () => measure(golden),
  },
]

async function ofBusyFeed(): Promise<BenchResult> {
  const day = await recordDay(frameCount, marketCount)
  try {
    return await measure(day.directory)
  } finally {
    day.remove()
  }
}

async function measure(directory: string): Promise<BenchResult> {
  const whole: number[] = []
  const reading: number[] = []
  let events = 0
  for (let round = 0; round < rounds; round++) {
    let start = performance.now()
    const result = await replayDirectory({ directory, machine: thisMachine, speed: 'full' })
    whole.push((performance.now() - start) * 1e6)
    events = result.events

    start = performance.now()
    for await (const item of readJournal(directory)) {
      if (item.kind === 'fault') throw new Error(item.fault.detail)
    }
    reading.push((performance.now() - start) * 1e6)
  }
  const ns = median(whole)
  return {
    nsPerOp: ns / events,
    baselineNsPerOp: median(reading) / events,
    ratio: median(reading) / ns,
    rounds,
    more: { eventsPerSecond: Math.round(events / (ns / 1e9)), events },
  }
}
