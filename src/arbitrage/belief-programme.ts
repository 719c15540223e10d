import { shareDollar } from '../core/fee.ts'
import type { Ppm } from '../core/units.ts'
import { asFraction } from '../core/units.ts'
import type { Solver, SolverColumn, SolverRow, SolverSession } from './solver.ts'
import type { GroupState } from './states.ts'

/**
 * The first test of a group of any shape: chances of its states at which no share is worth what it
 * costs. Where there are such chances, no basket of any shape can earn, however large: they are the
 * proof that there is nothing.
 *
 * They are chosen as far from every price as can be, so that most changes of a book leave them
 * standing and cost one comparison. Only when a price passes its belief is the solver asked again.
 */
export class BeliefProgramme {
  readonly #session: SolverSession
  readonly #memberCount: number
  readonly #stateCount: number
  readonly #states: readonly GroupState[]
  readonly #costs: Float64Array
  /** Billionths of a dollar that a YES is believed to be worth. */
  readonly #beliefs: Float64Array
  readonly #columns: Int32Array
  readonly #gains: Float64Array
  #isStanding = false

  constructor(memberCount: number, states: readonly GroupState[], solver: Solver) {
    this.#memberCount = memberCount
    this.#stateCount = states.length
    this.#states = states
    this.#costs = new Float64Array(2 * memberCount).fill(shareDollar)
    this.#beliefs = new Float64Array(memberCount)
    this.#columns = Int32Array.from({ length: 2 * memberCount }, (_, at) => states.length + 1 + at)
    this.#gains = new Float64Array(2 * memberCount)
    this.#session = solver.open(modelOf(memberCount, states))
  }

  /** Tells what one more share of a member's YES and NO costs. True while nothing can earn. */
  set(member: number, yesCost: number, noCost: number): boolean {
    this.#costs[2 * member] = yesCost
    this.#costs[2 * member + 1] = noCost
    const belief = this.#beliefs[member] ?? 0
    if (this.#isStanding && belief <= yesCost && shareDollar - belief <= noCost) return true
    this.#isStanding = this.#believeAnew()
    return this.#isStanding
  }

  close(): void {
    this.#session.close()
  }

  /**
   * False when no chances fit, and when the solver gives up: then the levels are to be looked at.
   */
  #believeAnew(): boolean {
    // A token that costs a dollar or more is no offer, and bounds nothing.
    const uppers = this.#costs.map((cost) =>
      cost >= shareDollar ? shift + 2 : cost / shareDollar + shift,
    )
    this.#session.change(this.#columns, this.#gains, uppers)
    const answer = this.#session.run()
    if (answer === undefined || answer.gain - shift < 0) return false

    for (let member = 0; member < this.#memberCount; member++) {
      let chance = 0
      for (let state = 0; state < this.#stateCount; state++) {
        const value = this.#states[state]?.yes[member] ?? (0 as Ppm)
        chance += (answer.columns[state] ?? 0) * asFraction(value)
      }
      this.#beliefs[member] = chance * shareDollar
    }
    return true
  }
}

const infinity = Number.POSITIVE_INFINITY
/**
 * Keeps every column above zero, whatever the distance: columns are changed with a floor of zero.
 */
const shift = 2

/**
 * Columns: the chance of each state, the distance, and the worth of each token plus the distance.
 */
function modelOf(
  memberCount: number,
  states: readonly GroupState[],
): { columns: readonly SolverColumn[]; rows: readonly SolverRow[] } {
  const distanceAt = states.length
  const columns: SolverColumn[] = [
    ...states.map((): SolverColumn => ({ gain: 0, lower: 0, upper: 1, kind: 'real' })),
    { gain: 1, lower: 0, upper: shift + 1, kind: 'real' },
  ]
  const rows: SolverRow[] = [
    { lower: 1, upper: 1, entries: states.map((_, at): [number, number] => [at, 1]) },
  ]
  for (let member = 0; member < memberCount; member++) {
    for (const outcome of ['yes', 'no'] as const) {
      const tokenAt = columns.length
      columns.push({ gain: 0, lower: 0, upper: infinity, kind: 'real' })
      const entries: [number, number][] = [
        [distanceAt, 1],
        [tokenAt, -1],
      ]
      states.forEach((state, at) => {
        const yes = asFraction(state.yes[member] ?? (0 as Ppm))
        const worth = outcome === 'yes' ? yes : 1 - yes
        if (worth !== 0) entries.push([at, worth])
      })
      rows.push({ lower: 0, upper: 0, entries })
    }
  }
  return { columns, rows }
}
