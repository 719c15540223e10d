import { shareDollar } from '../core/fee.ts'
import type { Implication } from './implications.ts'

/**
 * The first test where some members imply others: a belief about each that no price contradicts.
 *
 * While every best ask, fee in, stands at or above the belief and every best bid at or below it,
 * and the beliefs rise from what implies to what is implied, no pair can be bought for less than
 * the dollar it pays. So a change of one book costs one comparison. Only when a price passes its
 * own belief are the beliefs made anew, and only when that fails is there anything to price.
 */
export class OrderScreen {
  readonly #memberCount: number
  /** By member: what implies it, and what it implies. */
  readonly #below: readonly (readonly number[])[]
  readonly #above: readonly (readonly number[])[]
  /** Billionths of a dollar: what a YES costs, and what a NO leaves of a dollar. */
  readonly #asks: Float64Array
  readonly #bids: Float64Array
  readonly #beliefs: Float64Array
  /** The beliefs contradict no price. Where they do, another member's change may matter too. */
  #isStanding = true

  constructor(memberCount: number, implications: readonly Implication[]) {
    this.#memberCount = memberCount
    const members = Array.from({ length: memberCount }, (_, member) => member)
    this.#below = members.map((member) =>
      implications.filter(({ conclusion }) => conclusion === member).map((one) => one.premise),
    )
    this.#above = members.map((member) =>
      implications.filter(({ premise }) => premise === member).map((one) => one.conclusion),
    )
    this.#asks = new Float64Array(memberCount).fill(shareDollar)
    this.#bids = new Float64Array(memberCount)
    this.#beliefs = new Float64Array(memberCount).fill(shareDollar / 2)
  }

  /** Tells what one more share of a member's YES and NO costs. True while nothing is mispriced. */
  set(member: number, yesCost: number, noCost: number): boolean {
    const bid = noCost < shareDollar ? shareDollar - noCost : 0
    this.#asks[member] = yesCost
    this.#bids[member] = bid
    const belief = this.#beliefs[member] ?? 0
    if (this.#isStanding && bid <= belief && belief <= yesCost) return true
    this.#isStanding = this.#believeAnew()
    return this.#isStanding
  }

  /** The mispriced pairs of a member, the most telling first. */
  mispriced(member: number): readonly Implication[] {
    const found: { readonly pair: Implication; readonly margin: number }[] = []
    const consider = (premise: number, conclusion: number): void => {
      const margin = (this.#bids[premise] ?? 0) - (this.#asks[conclusion] ?? 0)
      if (margin > 0) found.push({ pair: { premise, conclusion }, margin })
    }
    for (const conclusion of this.#above[member] ?? []) consider(member, conclusion)
    for (const premise of this.#below[member] ?? []) consider(premise, member)
    return found.toSorted((a, b) => b.margin - a.margin).map(({ pair }) => pair)
  }

  /** Midway between the highest bid among what implies a member and the lowest ask above it. */
  #believeAnew(): boolean {
    let isFree = true
    for (let member = 0; member < this.#memberCount; member++) {
      let low = this.#bids[member] ?? 0
      let high = this.#asks[member] ?? 0
      for (const premise of this.#below[member] ?? []) low = Math.max(low, this.#bids[premise] ?? 0)
      for (const conclusion of this.#above[member] ?? []) {
        high = Math.min(high, this.#asks[conclusion] ?? 0)
      }
      if (low > high) isFree = false
      this.#beliefs[member] = (low + high) / 2
    }
    return isFree
  }
}
