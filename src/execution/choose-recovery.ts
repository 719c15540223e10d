import { add, negate, subtract, zeroUsd } from '../core/units.ts'
import type { MicroShares, MicroUsd, Ticks } from '../core/units.ts'
import type { Basket, LegGap, LegQuote, RecoveryQuote } from './basket.ts'
import { gapsOf, heldOf, paidFor, payoffAt } from './basket-position.ts'

export type RecoveryLeg = {
  readonly leg: number
  readonly size: MicroShares
  readonly limit: Ticks
}

export type Recovery =
  | {
      readonly kind: 'complete' | 'unwind'
      readonly legs: readonly RecoveryLeg[]
      readonly result: MicroUsd
    }
  | { readonly kind: 'none'; readonly reason: 'no-depth' | 'loss-too-large' }

type Candidate = Extract<Recovery, { result: MicroUsd }>

/**
 * Completes the basket or unwinds it, whichever ends better, if it loses no more than allowed.
 *
 * Completing at a loss is right as long as unwinding loses more: what was paid is paid.
 */
export function chooseRecovery(basket: Basket, quotes: readonly LegQuote[]): Recovery {
  const gaps = gapsOf(basket)
  const candidates = [
    candidate(basket, 'complete', gaps, quotes),
    candidate(basket, 'unwind', gaps, quotes),
  ].filter((each) => each !== undefined)

  const best = candidates.toSorted((a, b) => b.result - a.result)[0]
  if (best === undefined) return { kind: 'none', reason: 'no-depth' }
  if (best.result < negate(basket.policy.lossMax)) return { kind: 'none', reason: 'loss-too-large' }
  return best
}

/** Undefined when the visible depth does not bring every leg to the level. */
function candidate(
  basket: Basket,
  kind: 'complete' | 'unwind',
  gaps: readonly LegGap[],
  quotes: readonly LegQuote[],
): Candidate | undefined {
  const legs: RecoveryLeg[] = []
  let paid = zeroUsd
  for (const { leg, missing, excess } of gaps) {
    const wanted = kind === 'complete' ? missing : excess
    if (wanted === 0) continue

    const quote = quoteOf(quotes, leg, kind)
    if (quote === undefined || quote.size !== wanted) return undefined
    legs.push({ leg, size: quote.size, limit: quote.limit })
    paid = add(paid, quote.paid)
  }

  const result = subtract(subtract(payoffAfter(basket, kind, gaps), paidFor(basket)), paid)
  return { kind, legs, result }
}

function quoteOf(
  quotes: readonly LegQuote[],
  leg: number,
  kind: 'complete' | 'unwind',
): RecoveryQuote | undefined {
  return quotes.find((quote) => quote.leg === leg)?.[kind]
}

function payoffAfter(
  basket: Basket,
  kind: 'complete' | 'unwind',
  gaps: readonly LegGap[],
): MicroUsd {
  const leg = basket.legs.findIndex(({ target }) => target > 0)
  const gap = gaps[leg]
  if (gap === undefined) return zeroUsd
  const held = heldOf(basket, leg)
  const level = kind === 'complete' ? add(held, gap.missing) : subtract(held, gap.excess)
  return payoffAt(basket, leg, level)
}
