import type { MarketId, Outcome, Resolution, VenueId } from '../../core/market.ts'
import type { MicroShares, MicroUsd } from '../../core/units.ts'
import { add, complementPpm, worth } from '../../core/units.ts'
import type { AlertInput } from './alert-input.ts'

/** Baskets that wait for their markets; the oldest is forgotten, and its settlement not checked. */
const waitingMax = 2_000

/** A basket that could not lose, as it was when its last order was over. */
export type LockedBasket = {
  readonly basket: string
  readonly strategy: string
  /** What the fills brought, less what they cost, fees in: mostly negative. */
  readonly cash: MicroUsd
  readonly legs: readonly LockedLeg[]
  /** What it was then worth at the least. */
  readonly worst: MicroUsd
}

export type LockedLeg = {
  readonly venue: VenueId
  readonly market: MarketId
  readonly outcome: Outcome
  /** Negative when it was sold. */
  readonly size: MicroShares
}

type Settled = Extract<AlertInput, { kind: 'basket-settled' }>

/**
 * Holds every basket that could not lose to its word.
 *
 * It counts with the fills and the resolutions alone and not with the ledger, so it would find an
 * error of either. Merging, splitting and converting leave what is counted here as it is: they
 * exchange shares for what they are worth in every outcome.
 */
export class LockedBaskets {
  readonly #waiting: Map<string, LockedBasket> = new Map()

  take(locked: LockedBasket): void {
    this.#waiting.set(locked.basket, locked)
    const [oldest] = this.#waiting.keys()
    if (this.#waiting.size > waitingMax && oldest !== undefined) this.#waiting.delete(oldest)
  }

  /** A basket is at work again: a fill of it never was. */
  forget(basket: string): void {
    this.#waiting.delete(basket)
  }

  /** Baskets all of whose markets are resolved by now, each once, with what they came to. */
  settled(
    resolutionOf: (venue: VenueId, market: MarketId) => Resolution | undefined,
  ): readonly Settled[] {
    const settled: Settled[] = []
    for (const locked of this.#waiting.values()) {
      const result = resultOf(locked, resolutionOf)
      if (result === undefined) continue
      const { basket, strategy, worst } = locked
      this.#waiting.delete(basket)
      settled.push({ kind: 'basket-settled', basket, strategy, result, worst })
    }
    return settled
  }
}

/** Undefined while one of its markets is open. */
function resultOf(
  { cash, legs }: LockedBasket,
  resolutionOf: (venue: VenueId, market: MarketId) => Resolution | undefined,
): MicroUsd | undefined {
  let result = cash
  for (const { market, outcome, size, venue } of legs) {
    const yes = resolutionOf(venue, market)?.yesValue
    if (yes === undefined) return undefined
    result = add(result, worth(outcome === 'yes' ? yes : complementPpm(yes), size))
  }
  return result
}
