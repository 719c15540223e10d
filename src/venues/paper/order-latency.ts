import { assert } from '../../core/assert.ts'
import type { Random } from '../../core/random.ts'
import type { Nanos } from '../../core/units.ts'

/** How long a message is under way: always the same, or as often as measured. */
export type OrderLatency =
  | { readonly kind: 'fixed'; readonly ms: number }
  | ({ readonly kind: 'quantiles' } & LatencyQuantiles)

/** Milliseconds that half, nine in ten, and ninety-nine in a hundred messages stay below. */
export type LatencyQuantiles = {
  readonly p50Ms: number
  readonly p90Ms: number
  readonly p99Ms: number
}

const nanosPerMs = 1_000_000
/** The quantiles of a normal distribution for 0.9 and 0.99, and 0.999, beyond which none is drawn. */
const z90 = 1.281552
const z99 = 2.326348
const zMax = 3.090232

/** One drawing of the latency, in nanoseconds. */
export function drawLatency(latency: OrderLatency, factor: number, random: Random): Nanos {
  const ms = latency.kind === 'fixed' ? latency.ms : drawQuantile(latency, random.normal())
  return Math.round(ms * factor * nanosPerMs) as Nanos
}

/**
 * The milliseconds at a normal deviate: through the three quantiles, lognormal in between. Three
 * that lie on one lognormal curve give that curve.
 */
export function drawQuantile({ p50Ms, p90Ms, p99Ms }: LatencyQuantiles, deviate: number): number {
  assert(0 < p50Ms && p50Ms <= p90Ms && p90Ms <= p99Ms, `quantiles rise: ${p50Ms}, ${p90Ms}, …`)
  const z = Math.max(-zMax, Math.min(zMax, deviate))
  const body = Math.log(p90Ms / p50Ms) / z90
  const tail = Math.log(p99Ms / p90Ms) / (z99 - z90)
  return z <= z90 ? p50Ms * Math.exp(body * z) : p90Ms * Math.exp(tail * (z - z90))
}
