import { assert } from '../core/assert.ts'
import type { FeeSchedule } from '../core/fee.ts'
import { takerFeeMax } from '../core/fee.ts'
import type { Market, Outcome } from '../core/market.ts'
import type { Level } from '../core/order-book.ts'
import { askSide } from '../core/order-book.ts'
import type { OutcomeBook } from '../core/outcome-book.ts'
import type { MicroShares, MicroUsd, Ticks } from '../core/units.ts'
import { add, cost, min, noAsk, subtract, zeroShares, zeroUsd } from '../core/units.ts'

/** No basket looks deeper: what lies there is paid for many times over by the levels before. */
export const levelsMax = 200

/**
 * What buying any size of one outcome costs now, fees in, level by level from the best ask.
 *
 * Read from the book once, then asked many times. Levels at $1 or more are left out: no share is
 * worth more than the dollar it can pay.
 */
export class LegCurve {
  readonly market: Market
  readonly outcome: Outcome
  readonly #fee: FeeSchedule
  readonly #prices: Ticks[] = []
  /** The size up to and including each level. */
  readonly #ends: MicroShares[] = []
  /** Cost and fee of everything up to and including each level. */
  readonly #totals: MicroUsd[] = []

  constructor(market: Market, outcome: Outcome, book: OutcomeBook) {
    this.market = market
    this.outcome = outcome
    this.#fee = market.fee
    let end = zeroShares
    for (let price = book.bestAsk; price !== noAsk; price = book.nextAsk(price)) {
      end = add(end, book.sizeAt(askSide, price))
      this.#prices.push(price)
      this.#ends.push(end)
      if (this.#prices.length === levelsMax) break
    }
  }

  get levelCount(): number {
    return this.#prices.length
  }

  /** All that can be bought. */
  get depth(): MicroShares {
    return this.#ends.at(-1) ?? zeroShares
  }

  /** The price of a level, or {@link noAsk} past the last. */
  priceAt(level: number): Ticks {
    return this.#prices[level] ?? noAsk
  }

  /** The size up to and including a level. */
  endOf(level: number): MicroShares {
    return this.#ends[level] ?? this.depth
  }

  /** The level that the last share of `size` comes from. */
  levelOf(size: MicroShares): number {
    let low = 0
    let high = this.#ends.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#ends[middle] ?? 0) < size) low = middle + 1
      else high = middle
    }
    return low
  }

  /** The most that `size` can cost, fees in. The book must hold it. */
  spend(size: MicroShares): MicroUsd {
    assert(size <= this.depth, `a curve prices what the book holds: ${size} of ${this.depth}`)
    if (size === 0) return zeroUsd

    const level = this.levelOf(size)
    if (level === 0) return this.#priceOf(this.priceAt(0), size)
    const rest = subtract(size, this.endOf(level - 1))
    return add(this.#totalOf(level - 1), this.#priceOf(this.priceAt(level), rest))
  }

  /** What `size` takes from each level, best first. */
  taken(size: MicroShares): Level[] {
    const levels: Level[] = []
    let left = size
    for (let level = 0; left > 0; level++) {
      const before = level === 0 ? zeroShares : this.endOf(level - 1)
      const here = min(left, subtract(this.endOf(level), before))
      assert(here > 0, `a curve takes what the book holds: ${size} of ${this.depth}`)
      levels.push({ price: this.priceAt(level), size: here })
      left = subtract(left, here)
    }
    return levels
  }

  /** Priced when first asked for: most baskets end within the first levels. */
  #totalOf(level: number): MicroUsd {
    for (let next = this.#totals.length; next <= level; next++) {
      const start = next === 0 ? zeroShares : this.endOf(next - 1)
      const spend = this.#priceOf(this.priceAt(next), subtract(this.endOf(next), start))
      this.#totals.push(add(this.#totals[next - 1] ?? zeroUsd, spend))
    }
    return this.#totals[level] ?? zeroUsd
  }

  #priceOf(price: Ticks, size: MicroShares): MicroUsd {
    const fee = takerFeeMax(this.#fee, price, size)
    assert(fee !== undefined, 'a market whose fee is not known has no curve')
    return add(cost(price, size), fee)
  }
}
