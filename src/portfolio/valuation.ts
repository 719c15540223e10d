import type { Market } from '../core/market.ts'
import type { OutcomeBook } from '../core/outcome-book.ts'
import type { MicroShares, MicroUsd } from '../core/units.ts'
import { add, subtract, zeroUsd } from '../core/units.ts'
import { liquidationValue } from './mark.ts'
import type { Portfolio, Position } from './portfolio.ts'

/** The market and the book that a position is valued by. */
export type Quoted = { readonly market: Market; readonly book: OutcomeBook }

type Mark = { readonly size: MicroShares; readonly value: MicroUsd }

/**
 * What our positions would bring if we sold them into the bids now, fees paid.
 *
 * While a book may not be believed, its last mark stands: a fault of a feed is no loss of ours. A
 * position that was never marked is worth what it cost.
 */
export class Valuation {
  readonly #portfolio: Portfolio
  readonly #quotedOf: (position: Position) => Quoted | undefined
  readonly #marks: Map<Position, Mark> = new Map()

  constructor(portfolio: Portfolio, quotedOf: (position: Position) => Quoted | undefined) {
    this.#portfolio = portfolio
    this.#quotedOf = quotedOf
  }

  /** Marks of all positions minus what they cost. */
  get unrealised(): MicroUsd {
    let total = zeroUsd
    for (const position of this.#portfolio.positions()) {
      const basis = this.#portfolio.basisOf(position.venue, position.instrument)
      total = add(total, subtract(this.valueOf(position), basis))
    }
    return total
  }

  valueOf(position: Position): MicroUsd {
    const { size } = position
    const quoted = this.#quotedOf(position)
    const value =
      quoted === undefined ? undefined : liquidationValue(quoted.book, quoted.market.fee, size)
    if (value !== undefined) {
      this.#marks.set(position, { size, value })
      return value
    }
    const last = this.#marks.get(position)
    if (last !== undefined && last.size === size) return last.value
    return this.#portfolio.basisOf(position.venue, position.instrument)
  }
}
