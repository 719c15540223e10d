import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { BenchCase, BenchResult } from './bench-case.ts'
import { interleave } from './bench-case.ts'
import { NaiveEngine } from './naive-engine.ts'
import { inSets, PipelineScene } from './pipeline-scene.ts'
import type { Lap } from './pipeline-corpus.ts'
import { makeLap } from './pipeline-corpus.ts'

const seed = 7
/** About one frame in a thousand makes a signal: more than any real feed does. */
const changesPerPlant = 500
const baseline = 'JSON.parse, sorted objects, floats, event objects, a Map keyed by token'

/** Bytes to signal: the whole kernel, every check in, against the obvious engine. */
export const pipelineCases: readonly BenchCase[] = [
  {
    name: 'bytes to signal',
    group: 'pipeline',
    baseline: baseline,
    run: contest,
  },
  {
    name: 'collections in a million frames',
    group: 'pipeline',
    baseline: baseline,
    run: collections,
  },
]

export function naiveEngine({ markets }: Lap): NaiveEngine {
  const infos = new Map(
    markets.map(({ id, yes, no }) => [id as string, { id, yes: yes.id, no: no.id }]),
  )
  const { sets } = inSets(markets)
  return new NaiveEngine(
    sets.map(({ members }) => members.flatMap(({ market }) => infos.get(market) ?? [])),
  )
}

function contest(): BenchResult {
  const lap = makeLap(seed, changesPerPlant)
  const { frames, snapshots } = lap
  const scene = new PipelineScene(lap.markets)
  const naive = naiveEngine(lap)
  scene.feed(snapshots)
  for (const frame of snapshots) naive.onFrame(frame)
  const result = interleave({
    opsPerSlice: frames.length,
    rounds: 30,
    candidate: () => scene.feed(frames),
    baseline: () => {
      for (const frame of frames) naive.onFrame(frame)
    },
  })
  const { view } = scene.engine
  if (view.signalCount !== naive.hits) {
    throw new Error(`both see the same: ${view.signalCount} signals, ${naive.hits} sums`)
  }
  const ours = quantiles(frames, (frame) => scene.feed([frame]))
  const theirs = quantiles(frames, (frame) => naive.onFrame(frame))
  return {
    ...result,
    more: {
      p50Us: ours.p50,
      p99Us: ours.p99,
      p999Us: ours.p999,
      baselineP50Us: theirs.p50,
      baselineP99Us: theirs.p99,
      baselineP999Us: theirs.p999,
      signals: view.signalCount,
    },
  }
}

type Quantiles = { readonly p50: number; readonly p99: number; readonly p999: number }

/** One frame at a time, in microseconds. */
function quantiles(frames: readonly Buffer[], take: (frame: Buffer) => void): Quantiles {
  const times: number[] = []
  for (let round = 0; round < 20; round++) {
    for (const frame of frames) {
      const start = performance.now()
      take(frame)
      times.push((performance.now() - start) * 1_000)
    }
  }
  times.sort((a, b) => a - b)
  const at = (part: number): number =>
    Number((times[Math.floor(part * times.length)] ?? Number.NaN).toFixed(3))
  return { p50: at(0.5), p99: at(0.99), p999: at(0.999) }
}

/** Counted in a process of its own, by what Node says of its collections. */
function collections(): BenchResult {
  const ours = collectionsOf('kernel')
  const theirs = collectionsOf('naive')
  return {
    nsPerOp: ours.nsPerFrame,
    baselineNsPerOp: theirs.nsPerFrame,
    ratio: theirs.nsPerFrame / ours.nsPerFrame,
    rounds: 1,
    more: { collections: ours.collections, baselineCollections: theirs.collections },
  }
}

function collectionsOf(engine: 'kernel' | 'naive'): { collections: number; nsPerFrame: number } {
  const loop = fileURLToPath(new URL('./hot-loop.ts', import.meta.url))
  // The semi-space is the size that the engine is run with.
  const args = ['--trace-gc', '--max-semi-space-size=32', loop, engine]
  const { stdout, status } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  const [, hot = ''] = stdout.split('hot\n')
  const [, nsPerFrame = ''] = /cold (\S+)/.exec(hot) ?? []
  if (status !== 0 || nsPerFrame === '') throw new Error(`the loop ended with ${status}`)
  const [during = ''] = hot.split('cold')
  const collections = during.split('\n').filter((line) => /Scavenge|Mark-Compact/.test(line)).length
  return { collections, nsPerFrame: Number(nsPerFrame) }
}
