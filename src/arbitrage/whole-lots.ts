import { costAbout, reserveOf } from '../core/fee.ts'
import type { VenueId } from '../core/market.ts'
import type { MicroShares, MicroUsd } from '../core/units.ts'
import {
  add,
  asFraction,
  lotsIn,
  microPerUsd,
  min,
  negate,
  ofLots,
  subtract,
  surcharge,
  worth,
  zeroShares,
  zeroUsd,
} from '../core/units.ts'
import type { WalkLimits } from './best-size.ts'
import type { LegCurve } from './leg-curve.ts'
import type { Solver, SolverColumn, SolverRow } from './solver.ts'
import type { GroupState } from './states.ts'

/**
 * Something that may be bought: the curve of a token, and what a share of it pays in each state.
 */
export type Token = {
  readonly curve: LegCurve
  readonly member: number
}

/** A basket with its exact price: sizes by token, in the order of the tokens. */
export type PricedBasket = {
  readonly sizes: readonly MicroShares[]
  readonly edge: MicroUsd
}

/**
 * The best basket in whole lots, with least sizes, money by venue and the fixed part of the fees
 * inside: a whole-number programme.
 *
 * Exact to the micro-dollar where a token has few lots: each number of them stands in a table with
 * what it costs. Where it has many, costs are by level, and rounding weighs next to nothing.
 */
export function solveInLots(
  tokens: readonly Token[],
  states: readonly GroupState[],
  limits: WalkLimits,
  solver: Solver,
): PricedBasket | undefined {
  const model = new LotsModel(tokens, states, limits)
  const session = solver.open(model)
  const answer = session.run()
  session.close()
  if (answer === undefined) return undefined
  const sizes = tokens.map(({ curve }, index) =>
    ofLots(Math.round(answer.columns[model.lotsAt(index)] ?? 0), curve.market.lot),
  )
  return priceBasket(tokens, states, sizes)
}

/**
 * What a basket of these sizes earns at the least, exactly. Undefined when the books do not hold
 * it, or a leg is smaller than its least size.
 */
export function priceBasket(
  tokens: readonly Token[],
  states: readonly GroupState[],
  sizes: readonly MicroShares[],
): PricedBasket | undefined {
  let spent = zeroUsd
  for (let index = 0; index < tokens.length; index++) {
    const curve = tokens[index]?.curve
    const size = sizes[index] ?? zeroShares
    if (curve === undefined || size === 0) continue
    if (size > curve.depth || size < curve.market.sizeMin) return undefined
    spent = add(spent, curve.spend(size))
  }
  let least: MicroUsd | undefined
  for (const state of states) {
    const payoff = tokens.reduce(
      (sum, token, index) => add(sum, payoffOf(token, state, sizes[index] ?? zeroShares)),
      zeroUsd,
    )
    least = least === undefined ? payoff : min(least, payoff)
  }
  return least === undefined ? undefined : { sizes, edge: subtract(least, spent) }
}

function payoffOf({ curve, member }: Token, state: GroupState, size: MicroShares): MicroUsd {
  const yes = state.yes[member] ?? 0
  const value = curve.outcome === 'yes' ? yes : microPerUsd - yes
  return size === 0 ? zeroUsd : worth(value as GroupState['yes'][number], size)
}

/** Columns: for each token its lots, and after it the columns that say what they cost. */
class LotsModel {
  readonly columns: SolverColumn[] = []
  readonly rows: SolverRow[] = []
  readonly #starts: number[] = []
  /** By token, the columns of which one is 1 when any of it is bought. */
  readonly #touches: (readonly number[])[] = []
  readonly #limits: WalkLimits
  readonly #cash: Map<VenueId, [number, number][]> = new Map()

  constructor(tokens: readonly Token[], states: readonly GroupState[], limits: WalkLimits) {
    this.#limits = limits
    for (const { curve } of tokens) this.#addToken(curve)
    this.#addPayoff(tokens, states)
    this.#addOneSide(tokens)
    for (const [venue, entries] of this.#cash) {
      if (limits.cash === undefined) continue
      this.rows.push({ lower: 0, upper: limits.cash.get(venue) ?? 0, entries })
    }
  }

  lotsAt(token: number): number {
    return this.#starts[token] ?? 0
  }

  #addToken(curve: LegCurve): void {
    const lotsMost = Math.floor(lotsIn(curve.depth, curve.market.lot))
    this.#starts.push(this.columns.length)
    this.columns.push({ gain: 0, lower: 0, upper: lotsMost, kind: 'whole' })
    if (lotsMost <= tableLotsMax) this.#addTable(curve, lotsMost)
    else this.#addLevels(curve, lotsMost)
  }

  /** One column for each number of lots, with what exactly that many cost. */
  #addTable(curve: LegCurve, lotsMost: number): void {
    const { lot, sizeMin, venue } = curve.market
    const parts: [number, number][] = [[this.columns.length - 1, 1]]
    const choices: number[] = []
    for (let lots = 1; lots <= lotsMost; lots++) {
      const size = ofLots(lots, lot)
      if (size < sizeMin) continue
      const spend = curve.spend(size)
      const at = this.columns.length
      const gain = negate(surcharge(spend, this.#limits.hurdle))
      this.columns.push({ gain, lower: 0, upper: 1, kind: 'whole' })
      this.#pay(venue, at, spend)
      parts.push([at, -lots])
      choices.push(at)
    }
    this.rows.push({ lower: 0, upper: 0, entries: parts })
    this.rows.push({ lower: 0, upper: 1, entries: choices.map((at) => [at, 1]) })
    this.#touches.push(choices)
  }

  /**
   * For each level how many lots of it, and whether any: the fixed part of its fee hangs on that.
   */
  #addLevels(curve: LegCurve, lotsMost: number): void {
    const { market } = curve
    const hurdle = 1 + asFraction(this.#limits.hurdle)
    const lotsAt = this.columns.length - 1
    const first = lotsAt + 2
    const parts: [number, number][] = [[lotsAt, 1]]
    let before = zeroShares
    for (let level = 0; level < curve.levelCount; level++) {
      const size = subtract(curve.endOf(level), before)
      before = curve.endOf(level)
      const lots = Math.min(lotsMost, lotsIn(size, market.lot))
      const byLot = costAbout(market.fee, curve.priceAt(level), market.lot)
      const touch: number = reserveOf(market.fee, size)
      const at = this.columns.length
      this.columns.push({ gain: -byLot * hurdle, lower: 0, upper: lots, kind: 'real' })
      this.columns.push({ gain: -touch * hurdle, lower: 0, upper: 1, kind: 'whole' })
      this.#pay(market.venue, at, byLot)
      this.#pay(market.venue, at + 1, touch)
      this.rows.push({
        lower: -infinity,
        upper: 0,
        entries: [
          [at, 1],
          [at + 1, -lots],
        ],
      })
      if (level > 0)
        this.rows.push({
          lower: 0,
          upper: 1,
          entries: [
            [first, 1],
            [at + 1, -1],
          ],
        })
      parts.push([at, -1])
    }
    const least = Math.ceil(lotsIn(market.sizeMin, market.lot))
    this.rows.push({ lower: 0, upper: 0, entries: parts })
    this.rows.push({
      lower: 0,
      upper: infinity,
      entries: [
        [lotsAt, 1],
        [first, -least],
      ],
    })
    this.#touches.push([first])
  }

  #pay(venue: VenueId, column: number, money: number): void {
    const entries = this.#cash.get(venue)
    if (entries === undefined) this.#cash.set(venue, [[column, money]])
    else entries.push([column, money])
  }

  #addPayoff(tokens: readonly Token[], states: readonly GroupState[]): void {
    const payoffAt = this.columns.length
    this.columns.push({ gain: 1, lower: -infinity, upper: infinity, kind: 'real' })
    for (const state of states) {
      const entries: [number, number][] = [[payoffAt, 1]]
      tokens.forEach((token, index) => {
        const pays: number = payoffOf(token, state, token.curve.market.lot)
        if (pays !== 0) entries.push([this.lotsAt(index), -pays])
      })
      this.rows.push({ lower: -infinity, upper: 0, entries })
    }
  }

  /**
   * On a mirrored book a YES and a NO bought together are a pair bought above a dollar, of use only
   * to slip under a least size: of such a market one outcome is bought, or none.
   */
  #addOneSide(tokens: readonly Token[]): void {
    const byMember = new Map<number, [number, number][]>()
    tokens.forEach(({ curve, member }, index) => {
      if (curve.market.bookKind !== 'mirrored') return
      const own = (this.#touches[index] ?? []).map((at): [number, number] => [at, 1])
      byMember.set(member, [...(byMember.get(member) ?? []), ...own])
    })
    for (const entries of byMember.values()) this.rows.push({ lower: 0, upper: 1, entries })
  }
}

const infinity = Number.POSITIVE_INFINITY
/** Up to so many lots a token's costs stand in a table, exact: that many columns more. */
const tableLotsMax = 12
