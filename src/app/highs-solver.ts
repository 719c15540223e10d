import highsModule, { type Highs } from 'highs'
import type {
  Solver,
  SolverAnswer,
  SolverModel,
  SolverRow,
  SolverSession,
} from '../arbitrage/solver.ts'

// The package's types describe its CommonJS half; what Node imports is the loader itself.
const loadHighs = highsModule as unknown as typeof highsModule.default

/** Seconds. A group that takes longer is given up; the next change of a book asks again. */
const timeLimit = 2

/** HiGHS in WebAssembly. Loading takes a tenth of a second; each solve blocks until it is done. */
export async function loadSolver(): Promise<Solver> {
  const highs = await loadHighs()
  return { open: (model) => openSession(highs, model) }
}

function openSession(highs: Highs, model: SolverModel): SolverSession {
  const { columns, rows } = model
  const native = highs.createModel({
    numCols: columns.length,
    numRows: rows.length,
    sense: highs.constants.objectiveSense.maximize,
    colCost: columns.map(({ gain }) => gain),
    colLower: columns.map(({ lower }) => finite(lower, highs)),
    colUpper: columns.map(({ upper }) => finite(upper, highs)),
    rowLower: rows.map(({ lower }) => finite(lower, highs)),
    rowUpper: rows.map(({ upper }) => finite(upper, highs)),
    matrix: matrixOf(rows, columns.length),
    ...(columns.some(({ kind }) => kind === 'whole')
      ? { integrality: columns.map(({ kind }) => (kind === 'whole' ? 1 : 0)) }
      : {}),
  })
  native.options.set({
    output_flag: false,
    time_limit: timeLimit,
    // The default stops a ten-thousandth short of the best: more than most edges are worth.
    mip_rel_gap: 0,
    mip_abs_gap: 0.4,
    // A persistent model starts from its last basis; presolve would throw it away.
    presolve: columns.some(({ kind }) => kind === 'whole') ? 'on' : 'off',
  })
  return {
    change(changed, gains, uppers) {
      const selection = { kind: 'set', indices: changed } as const
      native.changeColsCost(selection, gains)
      native.changeColsBounds(selection, new Float64Array(changed.length), uppers)
    },
    run(): SolverAnswer | undefined {
      // The limit counts the time of all runs of a model together.
      native.zeroAllClocks()
      const { modelStatus } = native.run()
      if (modelStatus !== highs.constants.modelStatus.optimal) return undefined
      const { colValue, rowDual } = native.getSolution()
      return { gain: native.getObjectiveValue(), columns: colValue, rowPrices: rowDual }
    },
    close() {
      native.dispose()
    },
  }
}

function finite(value: number, highs: Highs): number {
  if (value === Number.POSITIVE_INFINITY) return highs.infinity
  return value === Number.NEGATIVE_INFINITY ? -highs.infinity : value
}

function matrixOf(
  rows: readonly SolverRow[],
  numCols: number,
): {
  format: 'csr'
  numRows: number
  numCols: number
  starts: Int32Array
  indices: Int32Array
  values: Float64Array
} {
  const count = rows.reduce((sum, { entries }) => sum + entries.length, 0)
  const starts = new Int32Array(rows.length + 1)
  const indices = new Int32Array(count)
  const values = new Float64Array(count)
  let at = 0
  rows.forEach(({ entries }, row) => {
    for (const [column, value] of entries) {
      indices[at] = column
      values[at] = value
      at++
    }
    starts[row + 1] = at
  })
  return { format: 'csr', numRows: rows.length, numCols, starts, indices, values }
}
