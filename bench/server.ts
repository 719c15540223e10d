import { Worker } from 'node:worker_threads'
import type { RunningDemo } from '../test/e2e/dashboard/running-demo.ts'
import { pause, startDemo } from '../test/e2e/dashboard/running-demo.ts'
import { marketOf } from '../test/engine/market-of.ts'
import { WatchedScene } from '../test/server/watched-scene.ts'
import { run } from '../test/server/digests.ts'
import { quantileOf } from '../src/telemetry/bucket-histogram.ts'
import type { Histogram } from '../src/server/schema/health.ts'
import { health } from '../src/server/schema/health.ts'
import { StreamHub } from '../src/server/stream-hub.ts'
import type { BenchCase, BenchResult } from './bench-case.ts'
import { interleave, median } from './bench-case.ts'
import type { WatchersJob } from './stream-watchers.ts'

const watchers = 200
const rounds = 5
const windowMs = 4_000

/** What readers cost the engine: its turns with 200 of them and with none, window by window. */
export const serverCases: readonly BenchCase[] = [
  {
    name: `engine turns with ${watchers} watchers`,
    group: 'server',
    baseline: 'the same engine a moment before and after, with nobody watching',
    run: turnsWithWatchers,
  },
  {
    name: 'a digest, on the engine’s thread',
    group: 'server',
    baseline: `the state as JSON to ${watchers} sockets, on the engine’s thread`,
    run: digestOrFanOut,
  },
]

async function turnsWithWatchers(): Promise<BenchResult> {
  const demo = await startDemo()
  // The first seconds are the compiler's.
  await pause(6_000)
  const alone: Window[] = []
  const watched: Window[] = []
  let messages = 0
  for (let round = 0; round < rounds; round++) {
    alone.push(await windowOf(demo))
    const crowd = gather(demo)
    await pause(1_000)
    watched.push(await windowOf(demo))
    messages += await crowd.leave()
    await pause(500)
  }
  await demo.stop()
  return {
    nsPerOp: median(watched.map(({ p50Us }) => p50Us)) * 1_000,
    baselineNsPerOp: median(alone.map(({ p50Us }) => p50Us)) * 1_000,
    ratio: median(alone.map(({ p50Us }, round) => p50Us / (watched[round]?.p50Us ?? p50Us))),
    rounds,
    more: {
      p99_us: median(watched.map(({ p99Us }) => p99Us)),
      baseline_p99_us: median(alone.map(({ p99Us }) => p99Us)),
      p99_ratio: median(alone.map(({ p99Us }, round) => p99Us / (watched[round]?.p99Us ?? p99Us))),
      turns_per_second: median(watched.map(({ perSecond }) => perSecond)),
      baseline_turns_per_second: median(alone.map(({ perSecond }) => perSecond)),
      messages_per_second: messages / rounds / ((windowMs + 1_000) / 1_000),
    },
  }
}

type Window = { readonly p50Us: number; readonly p99Us: number; readonly perSecond: number }

/** The turns within a stretch of time: what was counted at its end less what was at its start. */
async function windowOf(demo: RunningDemo): Promise<Window> {
  const before = await turnsOf(demo)
  await pause(windowMs)
  const after = await turnsOf(demo)
  const counts = after.counts.map((count, bucket) => count - (before.counts[bucket] ?? 0))
  const bounds = Float64Array.from(after.bounds)
  const quantile = (of: number): number =>
    quantileOf(bounds, Float64Array.from(counts), of) ?? Number.NaN
  return {
    p50Us: quantile(0.5),
    p99Us: quantile(0.99),
    perSecond: counts.reduce((sum, count) => sum + count, 0) / (windowMs / 1_000),
  }
}

async function turnsOf(demo: RunningDemo): Promise<Pick<Histogram, 'bounds' | 'counts'>> {
  const headers = { authorization: `Bearer ${demo.token('read')}` }
  const answer = await fetch(`${demo.url}/api/health`, { headers })
  const { histograms } = health.parse(await answer.json())
  const turns = histograms.filter(({ name }) => name === 'engine_turn_us')
  const bounds = turns[0]?.bounds ?? []
  const counts = Array.from({ length: bounds.length + 1 }, (_, bucket) =>
    turns.reduce((sum, series) => sum + (series.counts[bucket] ?? 0), 0),
  )
  return { bounds, counts }
}

/** A crowd that watches until it leaves, and then says how much it has seen. */
function gather(demo: RunningDemo): { readonly leave: () => Promise<number> } {
  const job: WatchersJob = {
    url: `${demo.url.replace('http', 'ws')}/api/stream`,
    token: demo.token('read'),
    count: watchers,
  }
  const worker = new Worker(new URL('./stream-watchers.ts', import.meta.url), { workerData: job })
  return {
    leave: () =>
      new Promise((resolve, reject) => {
        worker.once('message', ({ open, messages }: { open: number; messages: number }) => {
          if (open === watchers) resolve(messages)
          else reject(new Error(`${open} of ${watchers} watchers were left`))
        })
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
        worker.postMessage('leave')
      }),
  }
}

/** What readers take from the engine here, and what they would take if it served them itself. */
function digestOrFanOut(): BenchResult {
  const scene = new WatchedScene(Array.from({ length: 200 }, (_, index) => marketOf(`m${index}`)))
  const sink = { bytes: 0 }
  const clock = { epochMs: () => scene.scene.nowMs, nanos: () => scene.scene.now }
  const hub = new StreamHub(scene.replica, run.id, clock)
  scene.offer('m1')
  scene.tell()
  hub.publish()
  for (let each = 0; each < watchers; each++) {
    hub.join(
      {
        // A socket copies what it sends, and frames it.
        send: (bytes) => {
          sink.bytes += Uint8Array.from(bytes).length
        },
        waiting: 0,
        close: () => undefined,
      },
      undefined,
    )
  }
  const { observer } = scene
  return interleave({
    opsPerSlice: 20,
    candidate: () => {
      for (let each = 0; each < 20; each++) {
        scene.scene.wait(1)
        structuredClone(observer.take(scene.scene.now, scene.scene.nowMs))
      }
    },
    baseline: () => {
      for (let each = 0; each < 20; each++) {
        scene.scene.wait(1)
        scene.replica.apply(observer.take(scene.scene.now, scene.scene.nowMs))
        hub.publish()
      }
    },
  })
}
