import type { BenchCase, BenchResult } from './bench-case.ts'
import { recordDay } from './recorded-day.ts'
import type { RecordingTask } from './recording-run.ts'
import { measureRecording, middle, runRecording } from './recording-run.ts'

const rounds = 5
/** The rival's figure for a level-2 backtest of prediction markets, in iterations. */
const rivalPerSecond = 31_000
/** Six recordings in one are 1.1 GB, and the heap is a tenth of that. */
const longTimes = 6
const heapMb = 100

const reading = 'reading and unpacking the segments'

/**
 * A recording through the whole kernel, in a process of its own, next to reading its bytes alone.
 *
 * An event is a frame, a timer or what else went in; a change is a level that was set, which comes
 * for both tokens of a market in one frame and is counted once.
 */
export const backtestCases: readonly BenchCase[] = [
  {
    name: 'backtest, proofs as recorded',
    group: 'backtest',
    baseline: reading,
    run: () => measure('backtest'),
  },
  {
    name: 'backtest, proofs on candidates',
    group: 'backtest',
    baseline: reading,
    run: () => measure('fast-backtest'),
  },
  {
    name: 'backtest larger than its memory',
    group: 'backtest',
    baseline: 'a sixth of the recording, for each event',
    run: longRecording,
  },
]

async function measure(task: RecordingTask): Promise<BenchResult> {
  const { directory, events, frames, changes, bytes } = await recordDay()
  const result = measureRecording({ task, directory, rounds }, events)
  const perSecond = 1e9 / result.nsPerOp
  const share = (count: number): number => Math.round((perSecond * count) / events)
  return {
    ...result,
    more: {
      ...result.more,
      framesPerSecond: share(frames),
      changesPerSecond: share(changes),
      timesTheRival: Math.round((10 * perSecond) / rivalPerSecond) / 10,
      bytes,
    },
  }
}

/** What a process holds must not depend on how long the recording is. */
async function longRecording(): Promise<BenchResult> {
  const short = await recordDay()
  const long = await recordDay(longTimes)
  const task = 'fast-backtest'
  const few = runRecording({ task, directory: short.directory, rounds: 1, heapMb })
  const many = runRecording({ task, directory: long.directory, rounds: 1, heapMb })
  if (few === undefined || many === undefined) throw new Error('both were run on all cores')
  const nsPerOp = middle(many, 'ns') / long.events
  const baselineNsPerOp = middle(few, 'ns') / short.events
  return {
    nsPerOp,
    baselineNsPerOp,
    ratio: baselineNsPerOp / nsPerOp,
    rounds: 1,
    more: {
      bytes: long.bytes,
      heapLimitMb: heapMb,
      residentMb: middle(many, 'residentMb'),
      baselineResidentMb: middle(few, 'residentMb'),
      eventsPerSecond: Math.round(1e9 / nsPerOp),
    },
  }
}
