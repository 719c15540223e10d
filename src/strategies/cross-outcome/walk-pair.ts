import { curveFloor, takerFeeMax } from '../../core/fee.ts'
import type { Market, Outcome } from '../../core/market.ts'
import type { Level } from '../../core/order-book.ts'
import { askSide, bidSide } from '../../core/order-book.ts'
import type { Side } from '../../core/order.ts'
import type { OutcomeBook } from '../../core/outcome-book.ts'
import { takerSizeStep } from '../../core/taker-size-step.ts'
import type { MicroShares, MicroUsd, Ppm, Ticks } from '../../core/units.ts'
import {
  add,
  cost,
  floorToLot,
  microPerShare,
  microPerUsd,
  min,
  negate,
  noAsk,
  noBid,
  par,
  proceeds,
  subtract,
  worth,
  zeroShares,
  zeroUsd,
} from '../../core/units.ts'

/** Both outcomes of a market, and which way to trade them. */
export type PairWish = {
  readonly market: Market
  readonly yes: OutcomeBook
  readonly no: OutcomeBook
  readonly side: Side
  /** The least that the last share of both must earn, fees in. */
  readonly edgeMin: Ppm
  readonly sizeMin: MicroShares
  readonly sizeMax: MicroShares
}

export type PairLeg = {
  readonly outcome: Outcome
  /** What is taken at each price, best first. */
  readonly taken: readonly Level[]
  readonly worst: Ticks
  /** Paid for a buy; negative for a sale, which brings it. */
  readonly cost: MicroUsd
  /** The most the venue can charge. */
  readonly fee: MicroUsd
}

/** Equal shares of both outcomes, as the books would give them now. */
export type Pair = {
  readonly kind: 'pair'
  readonly market: Market
  readonly side: Side
  readonly size: MicroShares
  readonly legs: readonly [PairLeg, PairLeg]
  readonly cost: MicroUsd
  readonly fee: MicroUsd
  readonly edge: MicroUsd
}

/** Why there is no pair; a metric label. */
export type NoPair = {
  readonly kind: 'none'
  readonly reason: 'unknown-fee' | 'no-depth' | 'thin-edge' | 'too-small'
}

/**
 * Takes equal shares of both outcomes, level by level, up to the last that earns `edgeMin`.
 *
 * The marginal cost rises along a book with the fee included, so the first share that does not pay
 * ends the best pair. The size is cut to the lot for both legs alike: a leg that is short would
 * lower what the pair pays.
 */
export function walkPair(wish: PairWish): Pair | NoPair {
  const { market, sizeMin } = wish
  if (market.fee.kind === 'unknown') return { kind: 'none', reason: 'unknown-fee' }

  const reach = reachOf(wish)
  if (reach.size === 0) return { kind: 'none', reason: reach.endedBy }

  const size = sayable(wish, floorToLot(reach.size, market.lot))
  if (size < sizeMin || size === 0) return { kind: 'none', reason: 'too-small' }
  return price(wish, size)
}

/**
 * The most of a size that both legs can be told in, at the price that each of them reaches for it:
 * a smaller size may reach a better price, and then be told in other steps.
 */
function sayable(wish: PairWish, most: MicroShares): MicroShares {
  const { market, side } = wish
  let size = most
  for (let before = zeroShares; size > 0 && size !== before;) {
    before = size
    for (const outcome of ['yes', 'no'] as const) {
      const { worst } = takeLeg(wish, outcome, size)
      size = floorToLot(size, takerSizeStep(market, side, worst))
    }
  }
  return size
}

type Reach = { readonly size: MicroShares; readonly endedBy: 'no-depth' | 'thin-edge' }

/** How many shares of both earn their keep. */
function reachOf(wish: PairWish): Reach {
  const yes = new Cursor(wish.yes, wish.side)
  const no = new Cursor(wish.no, wish.side)
  const owed = wish.side === 'buy' ? microPerUsd : -microPerUsd
  let size = zeroShares
  while (size < wish.sizeMax) {
    if (yes.isOver || no.isOver) return { size, endedBy: 'no-depth' }
    const edge = owed - shareCost(wish, yes.price) - shareCost(wish, no.price)
    if (edge < wish.edgeMin || edge <= 0) return { size, endedBy: 'thin-edge' }

    const step = min(subtract(wish.sizeMax, size), min(yes.left, no.left))
    yes.take(step)
    no.take(step)
    size = add(size, step)
  }
  return { size, endedBy: 'no-depth' }
}

const oneShare = microPerShare as MicroShares

/** What the next share costs at a level, fee in, rounded up; negative for a sale. */
function shareCost({ market: { fee }, side }: PairWish, at: Ticks): number {
  const isCharged = fee.kind === 'known' && fee.taker.rate > 0
  const charged = isCharged ? curveFloor(fee.taker, at, oneShare) + 1 : 0
  return side === 'buy' ? cost(at, oneShare) + charged : charged - proceeds(at, oneShare)
}

function price(wish: PairWish, size: MicroShares): Pair | NoPair {
  const { market, side } = wish
  const yes = takeLeg(wish, 'yes', size)
  const no = takeLeg(wish, 'no', size)
  const spent = add(yes.cost, no.cost)
  const fee = add(yes.fee, no.fee)
  const payoff = side === 'buy' ? par(size) : negate(par(size))
  const edge = subtract(subtract(payoff, spent), fee)
  // The reserve for the rounding of fees may have used up a margin that a single share had.
  if (edge <= 0 || edge < worth(wish.edgeMin, size)) return { kind: 'none', reason: 'thin-edge' }
  return { kind: 'pair', market, side, size, legs: [yes, no], cost: spent, fee, edge }
}

function takeLeg(wish: PairWish, outcome: Outcome, size: MicroShares): PairLeg {
  const { market, side } = wish
  const cursor = new Cursor(outcome === 'yes' ? wish.yes : wish.no, side)
  const taken: Level[] = []
  let worst = cursor.price
  let left = size
  let spent = zeroUsd
  let fee = zeroUsd
  while (left > 0) {
    const part = min(left, cursor.left)
    worst = cursor.price
    taken.push({ price: worst, size: part })
    spent = add(spent, side === 'buy' ? cost(worst, part) : negate(proceeds(worst, part)))
    fee = add(fee, takerFeeMax(market.fee, worst, part) ?? zeroUsd)
    left = subtract(left, part)
    cursor.take(part)
  }
  return { outcome, taken, worst, cost: spent, fee }
}

/** A place in the levels that an order of one side would take, best first. */
class Cursor {
  readonly #book: OutcomeBook
  readonly #side: Side
  price: Ticks
  left: MicroShares

  constructor(book: OutcomeBook, side: Side) {
    this.#book = book
    this.#side = side
    this.price = side === 'buy' ? book.bestAsk : book.bestBid
    this.left = this.#sizeHere()
  }

  get isOver(): boolean {
    return this.price === noAsk || this.price === noBid
  }

  take(size: MicroShares): void {
    this.left = subtract(this.left, size)
    if (this.left > 0) return
    this.price =
      this.#side === 'buy' ? this.#book.nextAsk(this.price) : this.#book.nextBid(this.price)
    this.left = this.#sizeHere()
  }

  #sizeHere(): MicroShares {
    if (this.isOver) return zeroShares
    return this.#book.sizeAt(this.#side === 'buy' ? askSide : bidSide, this.price)
  }
}
