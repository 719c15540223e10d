import type { FeeSchedule } from './fee.ts'
import { kalshiAlignment, makerFee, takerFee } from './fee.ts'
import type { Side } from './order.ts'
import type { MicroShares, MicroUsd, Ticks } from './units.ts'
import { cost, negate, proceeds, zeroUsd } from './units.ts'

/** A fill as far as its fee goes. */
export type ChargedFill = {
  readonly side: Side
  readonly liquidity: 'maker' | 'taker'
  readonly price: Ticks
  readonly size: MicroShares
}

/** What a fill costs in fees, and what became of the remainder. */
export type Charge = {
  /** The curve, rounded as the venue does. */
  readonly tradeFee: MicroUsd
  /** What aligning the money of the fill took on top. */
  readonly roundingFee: MicroUsd
  /** What was given back of the order's remainders. */
  readonly rebate: MicroUsd
  /** All in all: what is booked. */
  readonly fee: MicroUsd
}

/**
 * The fees of one order, fill after fill, as the venue books them.
 *
 * Kalshi aligns the money of each fill downward and remembers, by order, what that took; as soon as
 * it comes to a whole alignment it is given back, though never more than the fill itself costs.
 * Polymarket has no such memory. docs/venues/kalshi.md, 7.2; docs/venues/polymarket.md, 8.2.
 */
export class OrderFees {
  readonly #schedule: FeeSchedule
  /** Micro-dollars: a hundredth of a cent for members of the exchange, a cent through a broker. */
  readonly #alignment: number
  #remainder = 0

  constructor(schedule: FeeSchedule, alignment: number = kalshiAlignment) {
    this.#schedule = schedule
    this.#alignment = alignment
  }

  /** Undefined when the schedule is not known. */
  charge({ side, liquidity, price, size }: ChargedFill): Charge | undefined {
    const schedule = this.#schedule
    const feeOf = liquidity === 'taker' ? takerFee : makerFee
    const tradeFee = feeOf(schedule, price, size)
    if (schedule.kind === 'unknown' || tradeFee === undefined) return undefined
    if (schedule.rounding !== 'up-to-micro') {
      return { tradeFee, roundingFee: zeroUsd, rebate: zeroUsd, fee: tradeFee }
    }

    const money = side === 'buy' ? negate(cost(price, size)) : proceeds(price, size)
    const roundingFee = this.#above(money - tradeFee)
    this.#remainder += roundingFee
    const due = this.#remainder - this.#above(this.#remainder)
    const most = tradeFee + roundingFee - this.#above(tradeFee + roundingFee)
    const rebate = Math.min(due, most)
    this.#remainder -= rebate
    return {
      tradeFee,
      roundingFee: roundingFee as MicroUsd,
      rebate: rebate as MicroUsd,
      fee: (tradeFee + roundingFee - rebate) as MicroUsd,
    }
  }

  /** What lies above the next alignment below, for money on either side of zero. */
  #above(money: number): number {
    const rest = money % this.#alignment
    return rest < 0 ? rest + this.#alignment : rest
  }
}
