import { Worker } from 'node:worker_threads'
import type { Listing } from '../propositions/listing.ts'
import type { Suggestion } from '../propositions/suggest.ts'
import type { PairsJob } from './pairs-worker.ts'

const suggestionsMax = 1_000

/** Compares two venues in a thread of its own: thousands of markets take seconds. */
export function suggestInThread(
  first: readonly Listing[],
  second: readonly Listing[],
): Promise<readonly Suggestion[]> {
  const file = import.meta.url.endsWith('.ts') ? './pairs-worker.ts' : './pairs-worker.js'
  const job: PairsJob = { first, second, max: suggestionsMax }
  const worker = new Worker(new URL(file, import.meta.url), { workerData: job })
  return new Promise((resolve, reject) => {
    worker.once('message', (suggestions: readonly Suggestion[]) => {
      resolve(suggestions)
      void worker.terminate()
    })
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`the comparison ended with ${code}`)))
  })
}
