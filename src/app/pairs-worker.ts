/** Compares the markets of two venues, once, in a thread that ends with its answer. */
import { parentPort, workerData } from 'node:worker_threads'
import { assert } from '../core/assert.ts'
import type { Listing } from '../propositions/listing.ts'
import { suggestPairs } from '../propositions/suggest.ts'

assert(parentPort !== null, 'this file is the start of a thread')
const { first, second, max } = workerData as PairsJob
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
parentPort.postMessage(suggestPairs(first, second).slice(0, max))

export type PairsJob = {
  readonly first: readonly Listing[]
  readonly second: readonly Listing[]
  /** The most that are sent back. */
  readonly max: number
}
