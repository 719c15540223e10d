import { tuneCompiler } from '../src/app/tune-compiler.ts'
import { PipelineScene } from './pipeline-scene.ts'
import { makeLap } from './pipeline-corpus.ts'
import { naiveEngine } from './pipeline.ts'

/**
 * A million frames without a signal through one engine, between the words `hot` and `cold`: run
 * with --trace-gc.
 */
const warmLaps = 35
const hotLaps = 165

tuneCompiler()

const lap = makeLap(7, Number.POSITIVE_INFINITY)
const { frames, snapshots } = lap
const run = process.argv[2] === 'naive' ? naive() : kernel()

for (let count = 0; count < warmLaps; count++) run()
console.log('hot')
const start = performance.now()
for (let count = 0; count < hotLaps; count++) run()
const nanos = (performance.now() - start) * 1e6
console.log(`cold ${nanos / (hotLaps * frames.length)}`)

function kernel(): () => void {
  const scene = new PipelineScene(lap.markets)
  scene.feed(snapshots)
  return () => scene.feed(frames)
}

function naive(): () => void {
  const engine = naiveEngine(lap)
  for (const frame of snapshots) engine.onFrame(frame)
  return () => {
    for (const frame of frames) engine.onFrame(frame)
  }
}
