/**
 * Goes through a recording some times, in a process of its own, and says how long it took: run by
 * `recording-run.ts` with what to do, where, and how often.
 */
import { runBacktest } from '../src/app/backtest.ts'
import { loadSolver } from '../src/app/highs-solver.ts'
import { thisMachine } from '../src/app/machine.ts'
import { replayDirectory } from '../src/app/replay.ts'
import { tuneCompiler } from '../src/app/tune-compiler.ts'
import { readJournalBlocks } from '../src/journal/journal-reader.ts'
import { listSegments } from '../src/journal/segment.ts'
import { unpackSegment } from '../src/journal/unpack-segment.ts'
import type { RecordingRound, RecordingTask } from './recording-run.ts'

type Way = {
  run(directory: string): Promise<unknown>
  read(directory: string): Promise<unknown>
}

tuneCompiler()

const solver = await loadSolver()
const ways: Readonly<Record<RecordingTask, Way>> = {
  backtest: { run: (directory) => backtest(directory, 'recorded'), read: unpack },
  'fast-backtest': { run: (directory) => backtest(directory, 'candidates'), read: unpack },
  replay: { run: replay, read: readRecords },
}

const [task = '', directory = '', rounds = '1'] = process.argv.slice(2)
const way = ways[task as RecordingTask]
const times: RecordingRound[] = []
for (let round = 0; round < Number(rounds); round++) {
  const before = { all: process.cpuUsage(), own: process.threadCpuUsage() }
  const ns = await timed(() => way.run(directory))
  const all = process.cpuUsage(before.all)
  const own = process.threadCpuUsage(before.own)
  const residentMb = Math.round(process.memoryUsage.rss() / 1e6)
  const readNs = await timed(() => way.read(directory))
  times.push({
    ns,
    processorNs: (all.user + all.system) * 1e3,
    threadNs: (own.user + own.system) * 1e3,
    readNs,
    residentMb,
  })
}
console.log(JSON.stringify(times))

async function backtest(place: string, proofs: 'recorded' | 'candidates'): Promise<void> {
  const { fills, ledgerBalanced, recording } = await runBacktest({
    directory: place,
    changes: [],
    proofs,
    solver,
  })
  if (fills === 0 || !ledgerBalanced || recording.faults.length > 0)
    throw new Error(`a backtest trades: ${fills} fills`)
}

async function replay(place: string): Promise<void> {
  const { divergence } = await replayDirectory({
    directory: place,
    machine: thisMachine,
    speed: 'full',
  })
  if (divergence !== null) throw new Error(`a replay does not differ: record ${divergence.record}`)
}

async function unpack(place: string): Promise<void> {
  for (const file of await listSegments(place)) {
    for await (const piece of unpackSegment(file)) if (piece.length === 0) return
  }
}

async function readRecords(place: string): Promise<void> {
  for await (const items of readJournalBlocks(place)) {
    for (const item of items) if (item.kind === 'fault') throw new Error(item.fault.detail)
  }
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await run()
  return (performance.now() - start) * 1e6
}
