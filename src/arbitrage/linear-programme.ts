import { shareCost, shareDollar } from '../core/fee.ts'
import type { Ppm } from '../core/units.ts'
import { asFraction, microPerShare } from '../core/units.ts'
import type { LegCurve } from './leg-curve.ts'
import type { Solver, SolverColumn, SolverRow, SolverSession } from './solver.ts'
import type { GroupState } from './states.ts'

export type LinearAnswer = {
  /** Dollars: above what any basket of these levels can earn, in whole lots and rounded fees. */
  readonly gain: number
  /** Shares of each token, YES and NO of each member in turn. */
  readonly shares: Float64Array
  /** How the best price of each member's YES must be believed for nothing better to exist. */
  readonly beliefs: Float64Array
}

/** Columns of a token beyond the best so many levels are not worth their place in the model. */
export const levelsPerToken = 12

/**
 * The linear programme of a group: what may be bought, level by level, so that the worst state
 * pays the most above what it costs.
 *
 * It stays with the solver. A change of a book changes the columns of that book alone, and the
 * next run starts from the last answer. The rows are sparse: NO is a dollar minus YES, and a state
 * is the state before it and what differs.
 */
export class LinearProgramme {
  readonly #session: SolverSession
  readonly #memberCount: number
  readonly #states: readonly GroupState[]
  readonly #stateRows: number

  constructor(memberCount: number, states: readonly GroupState[], solver: Solver) {
    const { columns, rows, stateRows } = modelOf(memberCount, states)
    this.#session = solver.open({ columns, rows })
    this.#memberCount = memberCount
    this.#states = states
    this.#stateRows = stateRows
  }

  /**
   * Tells what one token offers now: `2 × member` for YES, one more for NO. The hurdle is what
   * every dollar must earn besides.
   */
  place(token: number, curve: LegCurve | undefined, hurdle: Ppm): void {
    const dollar = 1 + asFraction(hurdle)
    const columns = new Int32Array(levelsPerToken)
    const gains = new Float64Array(levelsPerToken)
    const uppers = new Float64Array(levelsPerToken)
    let before = 0
    for (let level = 0; level < levelsPerToken; level++) {
      columns[level] = token * levelsPerToken + level
      if (curve === undefined || level >= curve.levelCount) continue
      const end = curve.endOf(level) as number
      gains[level] = (-shareCost(curve.market.fee, curve.priceAt(level)) / shareDollar) * dollar
      uppers[level] = (end - before) / microPerShare
      before = end
    }
    this.#session.change(columns, gains, uppers)
  }

  /** Undefined when the solver gave up. */
  solve(): LinearAnswer | undefined {
    const answer = this.#session.run()
    if (answer === undefined) return undefined

    const shares = new Float64Array(2 * this.#memberCount)
    for (let token = 0; token < shares.length; token++) {
      for (let level = 0; level < levelsPerToken; level++) {
        shares[token] = (shares[token] ?? 0) + (answer.columns[token * levelsPerToken + level] ?? 0)
      }
    }
    const beliefs = new Float64Array(this.#memberCount)
    this.#states.forEach(({ yes }, index) => {
      const weight = answer.rowPrices[this.#stateRows + index] ?? 0
      yes.forEach((value, member) => {
        beliefs[member] = (beliefs[member] ?? 0) + weight * asFraction(value)
      })
    })
    return { gain: answer.gain, shares, beliefs }
  }

  close(): void {
    this.#session.close()
  }
}

const infinity = Number.POSITIVE_INFINITY

function modelOf(
  memberCount: number,
  states: readonly GroupState[],
): { columns: readonly SolverColumn[]; rows: readonly SolverRow[]; stateRows: number } {
  const bought = 2 * memberCount * levelsPerToken
  const netAt = (member: number): number => bought + member
  const noAt = bought + memberCount
  const worthAt = (state: number): number => noAt + 1 + state
  const payoffAt = worthAt(states.length)

  const columns: SolverColumn[] = [
    ...repeat(bought, { gain: 0, lower: 0, upper: 0, kind: 'real' }),
    ...repeat(memberCount, { gain: 0, lower: -infinity, upper: infinity, kind: 'real' }),
    { gain: 0, lower: 0, upper: infinity, kind: 'real' },
    ...repeat(states.length, { gain: 0, lower: -infinity, upper: infinity, kind: 'real' }),
    { gain: 1, lower: -infinity, upper: infinity, kind: 'real' },
  ]
  const rows: SolverRow[] = []
  for (let member = 0; member < memberCount; member++) {
    // What is held of a member, YES less NO.
    const entries: [number, number][] = [[netAt(member), 1]]
    for (let level = 0; level < levelsPerToken; level++) {
      entries.push([2 * member * levelsPerToken + level, -1])
      entries.push([(2 * member + 1) * levelsPerToken + level, 1])
    }
    rows.push({ lower: 0, upper: 0, entries })
  }
  rows.push({ lower: 0, upper: 0, entries: allNo(memberCount, noAt) })
  states.forEach((state, index) => {
    // What the nets are worth in a state, as a step from the state before it.
    const entries: [number, number][] = [[worthAt(index), 1]]
    const before = states[index - 1]
    if (before !== undefined) entries.push([worthAt(index - 1), -1])
    state.yes.forEach((value, member) => {
      const step = asFraction(value) - asFraction(before?.yes[member] ?? (0 as Ppm))
      if (step !== 0) entries.push([netAt(member), -step])
    })
    rows.push({ lower: 0, upper: 0, entries })
  })
  const stateRows = rows.length
  states.forEach((_, index) => {
    rows.push({
      lower: -infinity,
      upper: 0,
      entries: [
        [payoffAt, 1],
        [noAt, -1],
        [worthAt(index), -1],
      ],
    })
  })
  return { columns, rows, stateRows }
}

function allNo(memberCount: number, noAt: number): readonly (readonly [number, number])[] {
  const entries: [number, number][] = [[noAt, 1]]
  for (let member = 0; member < memberCount; member++) {
    for (let level = 0; level < levelsPerToken; level++) {
      entries.push([(2 * member + 1) * levelsPerToken + level, -1])
    }
  }
  return entries
}

function repeat(count: number, column: SolverColumn): readonly SolverColumn[] {
  return Array.from({ length: count }, () => column)
}
