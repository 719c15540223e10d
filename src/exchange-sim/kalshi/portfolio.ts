import type { Charge } from '../../core/order-fees.ts'
import type { Side } from '../../core/order.ts'
import type { MicroShares, MicroUsd, Ticks } from '../../core/units.ts'
import {
  add,
  complement,
  cost,
  max,
  min,
  negate,
  payout,
  proceeds,
  subtract,
  zeroShares,
  zeroUsd,
} from '../../core/units.ts'

/** A position in one market: contracts signed, YES positive. docs/venues/kalshi.md, 8.1. */
export type KalshiPosition = {
  size: MicroShares
  /** What was paid in all, and got back in all, without fees. */
  paid: MicroUsd
  received: MicroUsd
  fees: MicroUsd
}

/** The money and contracts of one account on one shard. YES and NO of a market are netted. */
export class KalshiPortfolio {
  cash: MicroUsd = zeroUsd
  readonly #positions = new Map<string, KalshiPosition>()

  position(ticker: string): KalshiPosition {
    const known = this.#positions.get(ticker)
    if (known !== undefined) return known
    const made = { size: zeroShares, paid: zeroUsd, received: zeroUsd, fees: zeroUsd }
    this.#positions.set(ticker, made)
    return made
  }

  positions(): ReadonlyMap<string, KalshiPosition> {
    return this.#positions
  }

  /** Books a fill. What closes a position frees its dollar at once. */
  fill(ticker: string, side: Side, price: Ticks, size: MicroShares, { fee }: Charge): void {
    const position = this.position(ticker)
    const closed = closing(position.size, side, size)
    const opened = subtract(size, closed)
    const own = side === 'buy' ? price : complement(price)
    // To buy what one is short of is to sell the other outcome, and the other way round.
    const paid = cost(own, opened)
    const received = proceeds(complement(own), closed)
    position.size = add(position.size, side === 'buy' ? size : negate(size))
    position.paid = add(position.paid, paid)
    position.received = add(position.received, received)
    position.fees = add(position.fees, fee)
    this.cash = subtract(subtract(add(this.cash, received), paid), fee)
  }

  /** Pays a position out, and forgets it. */
  settle(ticker: string, winner: 'yes' | 'no'): KalshiPosition & { readonly revenue: MicroUsd } {
    const position = this.position(ticker)
    const won =
      winner === 'yes' ? max(position.size, zeroShares) : max(negate(position.size), zeroShares)
    const revenue = payout(won)
    this.cash = add(this.cash, revenue)
    this.#positions.delete(ticker)
    return { ...position, revenue }
  }
}

/** How much of an order takes back what is held. */
export function closing(held: MicroShares, side: Side, size: MicroShares): MicroShares {
  const against = side === 'buy' ? negate(held) : held
  return min(size, max(against, zeroShares))
}

/** What an order takes of the cash before fees, when all of it opens. */
export function collateral(side: Side, price: Ticks, size: MicroShares): MicroUsd {
  return cost(side === 'buy' ? price : complement(price), size)
}
