import { readFileSync } from 'node:fs'
import { runBacktest } from '../src/app/backtest.ts'
import { loadSolver } from '../src/app/highs-solver.ts'
import { listSegments, readSegment } from '../src/journal/segment.ts'
import type { BenchCase, BenchResult } from './bench-case.ts'
import { median } from './bench-case.ts'
import { recordDay } from './recorded-day.ts'

const frameCount = 300_000
const marketCount = 500
const rounds = 5

/**
 * A recording through the whole kernel, next to reading its bytes alone.
 *
 * The rival's figure for a level-2 backtest of prediction markets is 31 000 iterations a second.
 */
export const backtestCases: readonly BenchCase[] = [
  {
    name: 'backtest, proofs as recorded',
    group: 'backtest',
    baseline: 'reading and unpacking the segments',
    run: () => measure('recorded'),
  },
  {
    name: 'backtest, proofs on candidates',
    group: 'backtest',
    baseline: 'reading and unpacking the segments',
    run: () => measure('candidates'),
  },
]

const rivalPerSecond = 31_000
/** A price change comes for both outcomes of a market, in one frame. */
const changesPerFrame = 2

async function measure(proofs: 'recorded' | 'candidates'): Promise<BenchResult> {
  const day = await recordDay(frameCount, marketCount)
  const solver = await loadSolver()
  const whole: number[] = []
  const reading: number[] = []
  const processor: number[] = []
  try {
    for (let round = 0; round < rounds; round++) {
      const before = process.cpuUsage()
      whole.push(
        await timed(() => runBacktest({ directory: day.directory, changes: [], proofs, solver })),
      )
      const { user, system } = process.cpuUsage(before)
      processor.push((user + system) * 1e3)
      reading.push(await timed(() => readAll(day.directory)))
    }
  } finally {
    day.remove()
  }
  const ns = median(whole)
  const eventsPerSecond = day.events / (ns / 1e9)
  return {
    nsPerOp: ns / day.events,
    baselineNsPerOp: median(reading) / day.events,
    ratio: median(reading) / ns,
    rounds,
    more: {
      eventsPerSecond: Math.round(eventsPerSecond),
      eventsPerProcessorSecond: Math.round(day.events / (median(processor) / 1e9)),
      levelChangesPerSecond: Math.round(changesPerFrame * eventsPerSecond),
      timesTheRival: Math.round((10 * eventsPerSecond) / rivalPerSecond) / 10,
      bytes: day.bytes,
      residentMb: Math.round(process.memoryUsage.rss() / 1e6),
    },
  }
}

async function readAll(directory: string): Promise<void> {
  for (const file of await listSegments(directory)) {
    if (file.compressed) await readSegment(file)
    else readFileSync(file.path)
  }
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await run()
  return (performance.now() - start) * 1e6
}
