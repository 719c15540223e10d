import type { Ppm } from '../../core/units.ts'

/** How much good luck is taken for granted. */
export type PaperBand = 'pessimistic' | 'realistic' | 'optimistic'

/**
 * Who leaves a queue when a level shrinks and nobody has traded: those behind us, those ahead of
 * us, or both in proportion.
 */
export type QueueRule = 'behind' | 'proportional' | 'ahead'

export type BandRules = {
  /** What a drawn latency is multiplied by. */
  readonly latencyFactor: number
  /** How often somebody else is at the levels of an order before it. */
  readonly rivalChance: number
  /** How much of each level they have taken then: all of it, or a share drawn evenly. */
  readonly rivalTakes: 'all' | 'even-share'
  readonly queue: QueueRule
  /** Whether an opposite order at our very price fills us, or only one that goes through it. */
  readonly touchFills: boolean
}

/**
 * The three bands. Chances and factors are priors, not measurements: what is true for a venue lies
 * between the outer two. docs/paper-trading.md, "Bands".
 */
export const bandRules: Readonly<Record<PaperBand, BandRules>> = {
  pessimistic: {
    latencyFactor: 2,
    rivalChance: 0.3,
    rivalTakes: 'all',
    queue: 'behind',
    touchFills: false,
  },
  realistic: {
    latencyFactor: 1,
    rivalChance: 0.05,
    rivalTakes: 'even-share',
    queue: 'proportional',
    touchFills: true,
  },
  optimistic: {
    latencyFactor: 0.5,
    rivalChance: 0,
    rivalTakes: 'even-share',
    queue: 'ahead',
    touchFills: true,
  },
}

/**
 * What a rival has taken, from two even drawings. The same drawings give more in a worse band, so
 * that the bands lie one below the other on the same tape.
 */
export function rivalShare(rules: BandRules, came: number, share: number): Ppm {
  if (came >= rules.rivalChance) return 0 as Ppm
  return (rules.rivalTakes === 'all' ? 1_000_000 : Math.ceil(share * 1_000_000)) as Ppm
}
