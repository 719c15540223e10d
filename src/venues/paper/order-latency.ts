import type { Random } from '../../core/random.ts'
import type { Nanos } from '../../core/units.ts'

/**
 * How long an order is under way: always the same, or at least so long and on average so much
 * longer, as networks do it.
 */
export type OrderLatency =
  | { readonly kind: 'fixed'; readonly ms: number }
  | { readonly kind: 'spread'; readonly leastMs: number; readonly meanMs: number }

const nanosPerMs = 1_000_000

/** One drawing of the latency, in nanoseconds. */
export function drawLatency(latency: OrderLatency, random: Random): Nanos {
  switch (latency.kind) {
    case 'fixed':
      return Math.round(latency.ms * nanosPerMs) as Nanos
    case 'spread': {
      const beyond = Math.max(latency.meanMs - latency.leastMs, 0)
      const drawn = beyond === 0 ? 0 : random.exponentialMs(1000 / beyond)
      return Math.round((latency.leastMs + drawn) * nanosPerMs) as Nanos
    }
  }
}
