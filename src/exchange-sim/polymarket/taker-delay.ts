import type { SimMarket } from '../sim-market.ts'

/**
 * What a market does with an order that would trade at once. docs/venues/polymarket.md, 3.10.
 *
 * `held`: the call waits and gets the final answer. `queued`: it is answered with "delayed" and the
 * rest comes on the user channel.
 */
export type TakerDelay =
  | { readonly kind: 'none' }
  | { readonly kind: 'held'; readonly ms: number }
  | { readonly kind: 'queued'; readonly ms: number }

const heldMs = 250
const queuedMs = 1000

/** Rounds of minutes hold; the one match that is being played queues. */
export function takerDelayOf({ set }: SimMarket): TakerDelay {
  if (set.tags.some(({ slug }) => slug === 'up-or-down')) return { kind: 'held', ms: heldMs }
  if (set.slug.startsWith('rovers-beat-united')) return { kind: 'queued', ms: queuedMs }
  return { kind: 'none' }
}
