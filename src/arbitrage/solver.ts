/**
 * A linear model to be maximised: gains times columns, within bounds, with every row within its
 * own.
 */
export type SolverModel = {
  readonly columns: readonly SolverColumn[]
  readonly rows: readonly SolverRow[]
}

export type SolverColumn = {
  readonly gain: number
  readonly lower: number
  readonly upper: number
  readonly kind: 'real' | 'whole'
}

export type SolverRow = {
  readonly lower: number
  readonly upper: number
  readonly entries: readonly (readonly [column: number, value: number])[]
}

export type SolverAnswer = {
  readonly gain: number
  readonly columns: Float64Array
  /** The price of each row: what one unit more of its bound would gain. Not for whole columns. */
  readonly rowPrices: Float64Array
}

/** A model that stays with the solver, so that the next run starts from the last answer. */
export type SolverSession = {
  /** Changes what some columns gain and how far they go; the arrays are read before it returns. */
  change(columns: Int32Array, gains: Float64Array, uppers: Float64Array): void
  /** Undefined when no optimum was found within the solver's limits. */
  run(): SolverAnswer | undefined
  close(): void
}

/**
 * Somebody else's solver of linear and whole-number programmes, handed in: the mathematics here
 * imports no package and waits for nothing.
 *
 * What comes back is a proposal in floating point. What is traded is priced again in integers.
 */
export type Solver = { open(model: SolverModel): SolverSession }
