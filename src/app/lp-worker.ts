import { parentPort, workerData } from 'node:worker_threads'
import { loadSolver } from './highs-solver.ts'
import { runSurvey, type SurveyJob } from './survey-job.ts'

/** The other end of `SurveyDesk`: one survey after the other, with a solver of its own. */
const over = new Int32Array(workerData as SharedArrayBuffer)
const solver = await loadSolver()

parentPort?.on('message', ({ number, job }: { number: number; job: SurveyJob }) => {
  // The number of the last job that nobody waits for any more, set by the other thread.
  const isOver = (): boolean => Atomics.load(over, 0) >= number
  const survey = runSurvey(job, solver, isOver)
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage({ number, survey: isOver() ? undefined : survey })
})
