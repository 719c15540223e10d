import { shareDollar } from '../core/fee.ts'

/**
 * The first test of an outcome set: best prices only, fees in, two sums kept up to date.
 *
 * A change of one book costs two subtractions and two additions, whatever the size of the set. The
 * sums are whole billionths of a dollar, so they never drift.
 */
export class SetScreen {
  readonly #yesCosts: number[]
  readonly #noGains: number[]
  #yesSum: number
  #noSum = 0

  constructor(memberCount: number) {
    this.#yesCosts = Array.from({ length: memberCount }, () => shareDollar)
    this.#noGains = Array.from({ length: memberCount }, () => 0)
    this.#yesSum = memberCount * shareDollar
  }

  /** Tells what one more share of a member's YES and of its NO would cost now. */
  set(member: number, yesCost: number, noCost: number): void {
    const noGain = noCost < shareDollar ? shareDollar - noCost : 0
    this.#yesSum += yesCost - (this.#yesCosts[member] ?? 0)
    this.#noSum += noGain - (this.#noGains[member] ?? 0)
    this.#yesCosts[member] = yesCost
    this.#noGains[member] = noGain
  }

  /** A YES of each member costs less than the dollar that one of them pays. */
  get yesPasses(): boolean {
    return this.#yesSum < shareDollar
  }

  /** A NO of each costs less than all but one of them pay, a worthless one left out. */
  get noPasses(): boolean {
    return this.#noSum > shareDollar
  }
}
