import type { MispricingKind, Plant, RealMispricing, Truth } from './truth.ts'

/** A signal of a strategy, as far as it takes to judge it. */
export type JudgedSignal = {
  readonly strategy: string
  readonly markets: readonly string[]
  readonly atMs: number
}

export type Verdict = {
  readonly planted: number
  readonly plantedFound: number
  readonly plantedByKind: Readonly<Record<string, number>>
  readonly foundByKind: Readonly<Record<string, number>>
  readonly falseSignals: number
  /** The plants nobody saw, and the signals nothing stood behind: to look into. */
  readonly missed: readonly Plant[]
  readonly unfounded: readonly JudgedSignal[]
}

/** Which kinds of mispricing a strategy may claim to have seen. A name not here may claim any. */
const kindsSeenBy: Readonly<Record<string, readonly MispricingKind[]>> = {
  'cross-outcome': ['cross-outcome'],
  'outcome-basket': ['outcome-basket-yes', 'outcome-basket-no', 'conversion'],
  conversion: ['outcome-basket-no', 'conversion'],
  ladder: ['ladder', 'combinatorial'],
  'cross-venue': ['cross-venue'],
}

/**
 * Holds signals against what was really there.
 *
 * A plant is found when a signal of the right kind, for some of its markets, came while it lived. A
 * signal is false when no real mispricing of its markets covers its instant. Both within
 * `toleranceMs`: a signal is made when the news has arrived, and that takes a while.
 */
export function judgeSignals(
  truth: Truth,
  signals: readonly JudgedSignal[],
  toleranceMs: number,
): Verdict {
  const found = truth.planted.filter((plant) =>
    signals.some((signal) => finds(signal, plant, toleranceMs)),
  )
  const real = byMarket(truth.real)
  const unfounded = signals.filter((signal) => {
    const candidates = real.get(signal.markets[0] ?? '') ?? []
    return !candidates.some((one) => covers(one, signal, toleranceMs))
  })
  return {
    planted: truth.planted.length,
    plantedFound: found.length,
    plantedByKind: countByKind(truth.planted),
    foundByKind: countByKind(found),
    falseSignals: unfounded.length,
    missed: truth.planted.filter((plant) => !found.includes(plant)),
    unfounded,
  }
}

/** Signals that take two questions for one which only sound alike. */
export function lookAlikesAmong(truth: Truth, signals: readonly JudgedSignal[]): number {
  const traps = truth.pairs.filter(({ relation }) => relation === 'different')
  return signals.filter(({ markets }) =>
    traps.some(
      ({ polymarket, kalshi }) => markets.includes(polymarket) && markets.includes(kalshi),
    ),
  ).length
}

function finds(signal: JudgedSignal, plant: Plant, toleranceMs: number): boolean {
  return (
    isDuring(signal, plant, toleranceMs) &&
    maySee(signal.strategy, plant.kind) &&
    signal.markets.some((market) => plant.markets.includes(market))
  )
}

function covers(real: RealMispricing, signal: JudgedSignal, toleranceMs: number): boolean {
  if (!isDuring(signal, real, toleranceMs) || !maySee(signal.strategy, real.kind)) return false
  // A strategy that solves a whole group may join several mispricings of it in one portfolio.
  const markets = signal.strategy in kindsSeenBy ? real.markets : real.group
  return signal.markets.every((market) => markets.includes(market))
}

function maySee(strategy: string, kind: MispricingKind): boolean {
  return kindsSeenBy[strategy]?.includes(kind) ?? true
}

function isDuring(
  { atMs }: JudgedSignal,
  { fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number },
  toleranceMs: number,
): boolean {
  return atMs >= fromMs - toleranceMs && atMs <= untilMs + toleranceMs
}

function byMarket(real: readonly RealMispricing[]): ReadonlyMap<string, readonly RealMispricing[]> {
  const index = new Map<string, RealMispricing[]>()
  for (const one of real) {
    for (const market of one.group) {
      const list = index.get(market)
      if (list === undefined) index.set(market, [one])
      else list.push(one)
    }
  }
  return index
}

function countByKind(plants: readonly Plant[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { kind } of plants) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}
