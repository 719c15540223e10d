import type { Decision, SignalLeg, TradeSignal } from '../core/signal.ts'

/**
 * What is wrong with an answer of a strategy; undefined when it is one.
 *
 * The compiler holds our own strategies to it. A user's file is run without one, and what it
 * answers goes into a journal, an episode and orders: numbers that are none must not get so far.
 */
export function decisionFault(decision: Decision, strategy: string): string | undefined {
  // As far as is known it may be anything at all.
  const given: unknown = decision
  if (typeof given !== 'object' || given === null) return `it answered ${String(given)}`
  if ('then' in given) return 'it answered with a promise: evaluate must answer at once'
  if (decision.kind === 'pass') return passFault(decision.reason)
  if (decision.kind !== 'signal') return 'its answer is neither a pass nor a signal'
  return signalFault(decision, strategy)
}

/** A label: it names a series of metrics, so it must be short and one of few. */
const labelPattern = /^\w[\w.:-]{0,59}$/

function passFault(reason: unknown): string | undefined {
  return typeof reason === 'string' && labelPattern.test(reason)
    ? undefined
    : `the reason of a pass is a label such as "too-thin": it was ${JSON.stringify(reason)}`
}

function signalFault(signal: TradeSignal, strategy: string): string | undefined {
  if (signal.strategy !== strategy) return `its signal names ${signal.strategy}`
  const legs: readonly SignalLeg[] | undefined = signal.legs
  if (legs === undefined || !Array.isArray(signal.legs)) return 'its signal has no legs'
  if (!isWhole(signal.edge)) return `its edge is no whole number: ${String(signal.edge)}`
  if (!isWhole(signal.edgeRate))
    return `its edgeRate is no whole number: ${String(signal.edgeRate)}`
  if (!realisations.includes(signal.realisation)) return 'its realisation is not known'
  for (const leg of legs) {
    const fault = legFault(leg)
    if (fault !== undefined) return fault
  }
  return undefined
}

const realisations: readonly string[] = ['merge', 'split', 'convert', 'settlement']

function legFault({ limit, size, side, outcome, rest }: SignalLeg): string | undefined {
  if (!isWhole(limit)) return `the limit of a leg is no whole number of ticks: ${String(limit)}`
  if (!isWhole(size)) return `the size of a leg is no whole number of micro-shares: ${String(size)}`
  if (side !== 'buy' && side !== 'sell') return `the side of a leg was ${String(side)}`
  if (outcome !== 'yes' && outcome !== 'no') return `the outcome of a leg was ${String(outcome)}`
  if (rest !== undefined && !(isWhole(rest.forMs) && rest.forMs > 0)) {
    return `a leg rests for a whole number of milliseconds: ${String(rest.forMs)}`
  }
  return undefined
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value)
}
