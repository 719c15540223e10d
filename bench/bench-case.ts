/** One figure: what an operation costs here and, in the same run, by the obvious way. */
export type BenchCase = {
  readonly name: string
  /** Cases that are run together: `decode`, `books`. */
  readonly group: string
  /** What the ratio is against, in words. */
  readonly baseline: string
  run(): BenchResult | Promise<BenchResult>
}

export type BenchResult = {
  readonly nsPerOp: number
  readonly baselineNsPerOp: number
  /** How many times the baseline takes as long: median of the ratios of the rounds. */
  readonly ratio: number
  readonly rounds: number
  /** Further figures, with the unit in the name. */
  readonly more?: Readonly<Record<string, number>>
}

/** The two ways of doing one thing; each does it once for every one of `opsPerSlice` operations. */
export type Contest = {
  readonly opsPerSlice: number
  readonly rounds?: number
  candidate(): void
  baseline(): void
}

const roundsDefault = 60
/** Slices that warm the compiler up before anything is counted. */
const warmSlices = 12

/**
 * Times both ways in alternating slices, in one process, and compares them round by round.
 *
 * The machine is shared and its speed moves by half within seconds; slices next to each other meet
 * the same machine, so the ratio holds where the nanoseconds do not.
 */
export function interleave(contest: Contest): BenchResult {
  const { opsPerSlice, rounds = roundsDefault } = contest
  for (let slice = 0; slice < warmSlices; slice++) {
    contest.candidate()
    contest.baseline()
  }

  const candidate: number[] = []
  const baseline: number[] = []
  for (let round = 0; round < rounds; round++) {
    // Who goes first changes: what one leaves in the caches the other meets as often.
    if (round % 2 === 0) {
      candidate.push(timed(() => contest.candidate()))
      baseline.push(timed(() => contest.baseline()))
    } else {
      baseline.push(timed(() => contest.baseline()))
      candidate.push(timed(() => contest.candidate()))
    }
  }
  return {
    nsPerOp: median(candidate) / opsPerSlice,
    baselineNsPerOp: median(baseline) / opsPerSlice,
    ratio: median(baseline.map((ns, round) => ns / (candidate[round] ?? ns))),
    rounds,
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}

function timed(run: () => void): number {
  const start = performance.now()
  run()
  return (performance.now() - start) * 1e6
}
