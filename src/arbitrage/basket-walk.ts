import { takerFeeMax } from '../core/fee.ts'
import type { Market, Outcome } from '../core/market.ts'
import type { Level } from '../core/order-book.ts'
import { askSide, bidSide } from '../core/order-book.ts'
import type { Side } from '../core/order.ts'
import type { OutcomeBook } from '../core/outcome-book.ts'
import type { MicroShares, MicroUsd, Ppm, Ticks } from '../core/units.ts'
import {
  add,
  cost,
  floorToLot,
  min,
  negate,
  noAsk,
  noBid,
  proceeds,
  subtract,
  worth,
  zeroShares,
  zeroUsd,
} from '../core/units.ts'

export type BasketLeg = {
  readonly market: Market
  readonly outcome: Outcome
  readonly side: Side
  readonly book: OutcomeBook
}

export type BasketWanted = {
  readonly legs: readonly BasketLeg[]
  /** What a share of every leg pays together, in ppm of a dollar; negative where it is owed. */
  readonly payout: Ppm
  /** The least that each share must earn, fees in, the last one too. */
  readonly edgeMin: Ppm
  readonly sizeMin: MicroShares
  readonly sizeMax: MicroShares
  readonly lot: MicroShares
}

export type WalkedLeg = {
  readonly market: Market
  readonly outcome: Outcome
  readonly side: Side
  readonly taken: readonly Level[]
  /** Paid for a buy, negative where a sale brings it. */
  readonly cost: MicroUsd
  readonly fee: MicroUsd
  readonly worst: Ticks
}

export type BasketWalk = {
  readonly kind: 'walk'
  readonly size: MicroShares
  readonly legs: readonly WalkedLeg[]
  readonly cost: MicroUsd
  readonly fee: MicroUsd
  readonly edge: MicroUsd
}

/** `no-depth`: a book is too short. `thin-edge`: what is left after fees is too little. */
export type NoBasket = { readonly kind: 'none'; readonly reason: 'no-depth' | 'thin-edge' }

/**
 * Walks all books together, equal shares of each, as long as the next share earns enough.
 *
 * Buys and sales alike; the price of each level has its fee in. What comes back is priced again
 * exactly, level by level, and earns `edgeMin` on every share or is not there.
 */
export function walkBasket(wanted: BasketWanted): BasketWalk | NoBasket {
  let size = zeroShares
  let best: BasketWalk | undefined
  for (;;) {
    const next = nextBreak(wanted.legs, size)
    if (next === undefined || size >= wanted.sizeMax) break
    const lots = floorToLot(min(next, wanted.sizeMax), wanted.lot)
    size = min(next, wanted.sizeMax)
    if (lots < wanted.sizeMin || lots === 0) continue
    const walk = priced(wanted, lots)
    // The last stretch must earn its keep too: a basket is not made larger at the others' expense.
    const before = best ?? nothing
    const gained = subtract(walk.edge, before.edge)
    if (gained < worth(wanted.edgeMin, subtract(walk.size, before.size))) break
    best = walk
  }
  return best ?? { kind: 'none', reason: size < wanted.sizeMin ? 'no-depth' : 'thin-edge' }
}

const nothing = { size: zeroShares, edge: zeroUsd }

/** The least size above `size` at which some leg reaches the end of a level. */
function nextBreak(legs: readonly BasketLeg[], size: MicroShares): MicroShares | undefined {
  let next: MicroShares | undefined
  for (const leg of legs) {
    let end = zeroShares
    for (const level of levelsOf(leg)) {
      end = add(end, level.size)
      if (end > size) break
    }
    if (end <= size) return undefined
    if (next === undefined || end < next) next = end
  }
  return next
}

function* levelsOf({ book, side }: BasketLeg): Generator<Level> {
  if (side === 'buy') {
    for (let price = book.bestAsk; price !== noAsk; price = book.nextAsk(price)) {
      yield { price, size: book.sizeAt(askSide, price) }
    }
  } else {
    for (let price = book.bestBid; price !== noBid; price = book.nextBid(price)) {
      yield { price, size: book.sizeAt(bidSide, price) }
    }
  }
}

function priced(wanted: BasketWanted, size: MicroShares): BasketWalk {
  const legs = wanted.legs.map((leg) => pricedLeg(leg, size))
  const spent = legs.reduce((sum, leg) => add(sum, leg.cost), zeroUsd)
  const fee = legs.reduce((sum, leg) => add(sum, leg.fee), zeroUsd)
  const edge = subtract(worth(wanted.payout, size), add(spent, fee))
  return { kind: 'walk', size, legs, cost: spent, fee, edge }
}

function pricedLeg(leg: BasketLeg, size: MicroShares): WalkedLeg {
  const { market, outcome, side } = leg
  const taken: Level[] = []
  let left = size
  let money = zeroUsd
  let fee = zeroUsd
  let worst = side === 'buy' ? noAsk : noBid
  for (const level of levelsOf(leg)) {
    const here = min(left, level.size)
    taken.push({ price: level.price, size: here })
    worst = level.price
    money = add(
      money,
      side === 'buy' ? cost(level.price, here) : negate(proceeds(level.price, here)),
    )
    fee = add(fee, takerFeeMax(market.fee, level.price, here) ?? zeroUsd)
    left = subtract(left, here)
    if (left === 0) break
  }
  return { market, outcome, side, taken, cost: money, fee, worst }
}
