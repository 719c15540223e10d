import { parseDecimal } from '../../core/decimal.ts'
import type { FeeCurve, FeeSchedule } from '../../core/fee.ts'
import { freeCurve, kalshiRoundingOn } from '../../core/fee.ts'
import type { EpochMs } from '../../core/units.ts'
import { max, ppm } from '../../core/units.ts'

/** What the venue says of the fees of a series or, where it differs, of an event. */
export type FeeTerms = { readonly type: string; readonly multiplier: number }

/** An event's own terms. Null where it has none, and its series counts. */
export type FeeOverride = { readonly type: string | null; readonly multiplier: number | null }

export type Dated<T> = { readonly terms: T; readonly at: EpochMs }

/** All that decides the fee of a market. docs/venues/kalshi.md, 7.1. */
export type FeeFacts = {
  readonly series: FeeTerms | undefined
  readonly seriesChanges: readonly Dated<FeeTerms>[]
  readonly event: FeeOverride
  readonly eventChanges: readonly Dated<FeeOverride>[]
  /** The market is free until then. */
  readonly waivedUntil: EpochMs | undefined
}

/** 7 % of price × (1 − price), in ppm, before the multiplier. docs/venues/kalshi.md, 7.1. */
const takerPpm = 70_000
/** The maker's share of the taker's fee, in percent. docs/venues/kalshi.md, 7.1. */
const makerPercents: Readonly<Record<string, number>> = {
  quadratic: 0,
  quadratic_with_maker_fees: 25,
  quadratic_with_combo_maker_fees: 50,
}

/**
 * The fee of a market from now until `until`.
 *
 * Where it changes in between, the dearer of the terms that are in force by then: we may learn of
 * the change late. Unknown when the terms are not ones we know: such a market is not traded.
 */
export function feeSchedule(facts: FeeFacts, now: EpochMs, until: EpochMs): FeeSchedule {
  if (facts.waivedUntil !== undefined && facts.waivedUntil > until) {
    return roundedOn(now, known(freeCurve, freeCurve))
  }
  const instants = [...facts.seriesChanges, ...facts.eventChanges]
    .map(({ at }) => at)
    .filter((at) => at > now && at <= until)
  const schedule = [now, ...instants].map((at) => scheduleAt(facts, now, at)).reduce(dearer)
  return roundedOn(now, schedule)
}

/** The terms in force at an instant that is now or later. */
function scheduleAt(facts: FeeFacts, now: EpochMs, at: EpochMs): FeeSchedule {
  const series = latest(facts.seriesChanges, now, at) ?? facts.series
  const event = latest(facts.eventChanges, now, at) ?? facts.event
  if ((event.type === null) !== (event.multiplier === null)) {
    return { kind: 'unknown', reason: 'the event overrides one of two terms' }
  }
  if (event.type !== null && event.multiplier !== null) {
    return scheduleOf({ type: event.type, multiplier: event.multiplier })
  }
  return series === undefined
    ? { kind: 'unknown', reason: 'no word of the series' }
    : scheduleOf(series)
}

function latest<T>(changes: readonly Dated<T>[], now: EpochMs, at: EpochMs): T | undefined {
  const due = changes.filter((change) => change.at > now && change.at <= at)
  return due.toSorted((a, b) => a.at - b.at).at(-1)?.terms
}

function scheduleOf({ type, multiplier }: FeeTerms): FeeSchedule {
  const makerPercent = makerPercents[type]
  if (makerPercent === undefined) return { kind: 'unknown', reason: `the fee type was ${type}` }

  // The shortest text of a double is the number the venue wrote.
  const micros = parseDecimal(String(multiplier), 6)
  if (micros === undefined || micros < 0 || micros > multiplierMicrosMax) {
    return { kind: 'unknown', reason: `the fee multiplier was ${multiplier}` }
  }
  const taker = Math.ceil((takerPpm * micros) / 1_000_000)
  const maker = Math.ceil((takerPpm * makerPercent * micros) / 100_000_000)
  return known(curve(taker), curve(maker))
}

/** Above it a taker would pay more than the dollar can win. */
const multiplierMicrosMax = 10_000_000

function dearer(a: FeeSchedule, b: FeeSchedule): FeeSchedule {
  if (a.kind === 'unknown') return a
  if (b.kind === 'unknown') return b
  return known(curve(max(a.taker.rate, b.taker.rate)), curve(max(a.maker.rate, b.maker.rate)))
}

function curve(ratePpm: number): FeeCurve {
  return { rate: ppm(ratePpm), exponent: 1 }
}

function known(taker: FeeCurve, maker: FeeCurve): FeeSchedule {
  return { kind: 'known', taker, maker, rounding: 'up-to-micro' }
}

/** A recorded day is replayed by the rounding of that day. */
function roundedOn(now: EpochMs, schedule: FeeSchedule): FeeSchedule {
  if (schedule.kind === 'unknown') return schedule
  return { ...schedule, rounding: kalshiRoundingOn(now) }
}
