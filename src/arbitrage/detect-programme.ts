import type { VenueId } from '../core/market.ts'
import type { MicroShares, MicroUsd } from '../core/units.ts'
import { add, floorToLot, fromShares, min, scaleSize, zeroShares, zeroUsd } from '../core/units.ts'
import type { Group } from './group.ts'
import { LegCurve } from './leg-curve.ts'
import { LinearProgramme, type LinearAnswer } from './linear-programme.ts'
import { hurdleOf, opportunityOf, type DetectOptions, type Opportunity } from './opportunity.ts'
import type { Solver } from './solver.ts'
import { priceBasket, solveInLots, type PricedBasket, type Token } from './whole-lots.ts'

/**
 * `quick`: the linear optimum cut down to whole lots, in well under a millisecond. `exact`: a
 * whole-number programme after it, for where lots are coarse or money is short; milliseconds.
 */
export type LotsEffort = 'quick' | 'exact'

/**
 * The best basket of any shape in a group, by linear programming over the levels of its books.
 *
 * Undefined when nothing earns, when the states are too many to list, or when a book is missing.
 */
export function detectProgramme(
  group: Group,
  options: DetectOptions,
  { solver, effort }: { readonly solver: Solver; readonly effort: LotsEffort },
): Opportunity | undefined {
  const { states } = group
  if (states === undefined) return undefined
  const tokens = tokensOf(group, options)
  if (tokens === undefined) return undefined

  const programme = new LinearProgramme(group.members.length, states, solver)
  const hurdle = hurdleOf(group, 'settlement', options)
  tokens.forEach(({ curve }, index) => programme.place(index, curve, hurdle))
  const answer = programme.solve()
  programme.close()
  if (answer === undefined) return undefined
  return basketOf({ group, tokens, options, answer, solver, effort })
}

/** YES and NO of every member in turn. Undefined when a book is missing. */
export function tokensOf(group: Group, options: DetectOptions): readonly Token[] | undefined {
  const tokens: Token[] = []
  for (const [member, market] of group.members.entries()) {
    const books = options.books(market)
    if (books === undefined) return undefined
    tokens.push({ member, curve: new LegCurve(market, 'yes', books.yes) })
    tokens.push({ member, curve: new LegCurve(market, 'no', books.no) })
  }
  return tokens
}

/** An answer of the linear programme, to be made a basket of whole lots. */
export type Rounding = {
  readonly group: Group
  readonly tokens: readonly Token[]
  readonly options: DetectOptions
  readonly answer: LinearAnswer
  readonly solver: Solver
  readonly effort: LotsEffort
}

/** Dollars. Less than this is the solver's own error: a micro-dollar is a hundred times as much. */
const gainMin = 0.000_000_01

/** The opportunity in an answer, if one is left in whole lots and exact money. */
export function basketOf(rounding: Rounding): Opportunity | undefined {
  const { group, tokens, options, answer, solver, effort } = rounding
  const { states } = group
  if (states === undefined || answer.gain < gainMin) return undefined

  const limits = { cash: options.cash, hurdle: hurdleOf(group, 'settlement', options) }
  const sizes = withinCash(tokens, sizesInLots(answer.shares, tokens), limits.cash)
  const quick = priceBasket(tokens, states, sizes)
  const exact = effort === 'exact' ? solveInLots(tokens, states, limits, solver) : undefined
  const best = better(quick, exact)
  if (best === undefined || best.edge <= 0) return undefined
  return opportunityOf({
    group,
    kind: 'programme',
    by: 'settlement',
    legs: tokens.map(({ curve }, index) => ({ curve, size: best.sizes[index] ?? zeroShares })),
    nowMs: options.nowMs,
  })
}

function sizesInLots(shares: Float64Array, tokens: readonly Token[]): readonly MicroShares[] {
  return tokens.map(({ curve }, index) => {
    // What the solver leaves below a hundred-thousandth of a share is its own error.
    const size = fromShares((shares[index] ?? 0) + 0.000_01)
    return inLots(min(size, curve.depth), curve)
  })
}

function inLots(size: MicroShares, { market: { lot, sizeMin } }: LegCurve): MicroShares {
  const lots = floorToLot(size, lot)
  return lots < sizeMin ? zeroShares : lots
}

/** All legs by one factor, so that the dearest venue's money is enough: equal legs stay equal. */
function withinCash(
  tokens: readonly Token[],
  sizes: readonly MicroShares[],
  cash: DetectOptions['cash'],
): readonly MicroShares[] {
  if (cash === undefined) return sizes
  const spent = new Map<VenueId, MicroUsd>()
  tokens.forEach(({ curve }, index) => {
    const { venue } = curve.market
    spent.set(venue, add(spent.get(venue) ?? zeroUsd, curve.spend(sizes[index] ?? zeroShares)))
  })
  let left = sizes
  for (const [venue, whole] of spent) {
    const part = cash.get(venue) ?? zeroUsd
    if (whole <= part) continue
    left = left.map((size) => scaleSize(size, part, whole))
  }
  return left.map((size, index) => {
    const curve = tokens[index]?.curve
    return curve === undefined ? zeroShares : inLots(size, curve)
  })
}

function better(
  a: PricedBasket | undefined,
  b: PricedBasket | undefined,
): PricedBasket | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return b.edge > a.edge ? b : a
}
