/** Runs trials of a sweep, one after another, in a thread of its own. */
import { parentPort, workerData } from 'node:worker_threads'
import { assert } from '../core/assert.ts'
import { loadSolver } from './highs-solver.ts'
import { runTrial } from './run-trial.ts'
import type { SweepPlan, TrialTask } from './run-trial.ts'

assert(parentPort !== null, 'this file is the start of a thread')
const port = parentPort
const plan = workerData as SweepPlan
const solver = await loadSolver()
// One at a time: the next is sent when this one has been answered.
port.on('message', (task: TrialTask | 'end') => {
  if (task === 'end') port.close()
  else void answer(task)
})
port.postMessage('ready')

async function answer(task: TrialTask): Promise<void> {
  try {
    port.postMessage(await runTrial(plan, task, solver))
  } catch (error) {
    port.postMessage({ failed: error instanceof Error ? error.message : String(error) })
  }
}
