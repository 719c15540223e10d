import { Worker } from 'node:worker_threads'
import type { Survey } from '../arbitrage/survey.ts'
import type { SurveyJob } from './survey-job.ts'

type Answer = { readonly number: number; readonly survey: Survey | undefined }

/**
 * Surveys in a thread of its own, so that a programme of many markets holds nothing up.
 *
 * A new request puts an end to the one before: what it looks at has changed since. The thread asks
 * between groups whether anybody still waits, and a single programme ends within the solver's own
 * limit, so an end comes soon.
 */
export class SurveyDesk {
  readonly #over: Int32Array
  readonly #worker: Worker
  readonly #waiting: Map<number, (survey: Survey | undefined) => void> = new Map()
  #last = 0

  private constructor(worker: Worker, over: Int32Array) {
    this.#worker = worker
    this.#over = over
  }

  /** Starts the thread. */
  static start(): SurveyDesk {
    const shared = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)
    const file = import.meta.url.endsWith('.ts') ? './lp-worker.ts' : './lp-worker.js'
    const worker = new Worker(new URL(file, import.meta.url), { workerData: shared })
    const desk = new SurveyDesk(worker, new Int32Array(shared))
    worker.on('message', (answer: Answer) => desk.#onAnswer(answer))
    return desk
  }

  /** What the survey found. Undefined when it was ended by a later request or by `cancel`. */
  survey(job: SurveyJob): Promise<Survey | undefined> {
    this.cancel()
    this.#last++
    const number = this.#last
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => reject(error)
      this.#worker.once('error', fail)
      this.#waiting.set(number, (survey) => {
        this.#worker.off('error', fail)
        resolve(survey)
      })
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      this.#worker.postMessage({ number, job })
    })
  }

  /** Nobody waits for what was asked so far: it resolves to undefined at once. */
  cancel(): void {
    Atomics.store(this.#over, 0, this.#last)
    for (const resolve of this.#waiting.values()) resolve(undefined)
    this.#waiting.clear()
  }

  async stop(): Promise<void> {
    this.cancel()
    await this.#worker.terminate()
  }

  #onAnswer({ number, survey }: Answer): void {
    this.#waiting.get(number)?.(survey)
    this.#waiting.delete(number)
  }
}
