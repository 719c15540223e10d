import { describe, expect, test } from 'vitest'
import { takerFee } from '../../core/fee.ts'
import type { MicroShares, Ticks } from '../../core/units.ts'
import { epochMs } from '../../core/units.ts'
import type { FeeFacts } from './fees.ts'
import { feeSchedule } from './fees.ts'

const now = epochMs(1_795_000_000_000)
const until = epochMs(now + 600_000)
const facts: FeeFacts = {
  series: { type: 'quadratic', multiplier: 1 },
  seriesChanges: [],
  event: { type: null, multiplier: null },
  eventChanges: [],
  waivedUntil: undefined,
}
const soon = epochMs(now + 60_000)
const later = epochMs(now + 3_600_000)

function rates(change: Partial<FeeFacts>): readonly [number, number] | string {
  const schedule = feeSchedule({ ...facts, ...change }, now, until)
  return schedule.kind === 'known'
    ? [schedule.taker.rate, schedule.maker.rate]
    : `unknown: ${schedule.reason}`
}

describe('feeSchedule', () => {
  test.each<{ name: string; given: Partial<FeeFacts>; want: readonly [number, number] | string }>([
    { name: 'takes 7 % of the curve from takers', given: {}, want: [70_000, 0] },
    {
      name: 'takes a quarter from makers where the series says so',
      given: { series: { type: 'quadratic_with_maker_fees', multiplier: 1 } },
      want: [70_000, 17_500],
    },
    {
      name: 'takes half from makers of combos',
      given: { series: { type: 'quadratic_with_combo_maker_fees', multiplier: 1 } },
      want: [70_000, 35_000],
    },
    {
      name: 'multiplies both',
      given: { series: { type: 'quadratic_with_maker_fees', multiplier: 0.5 } },
      want: [35_000, 8750],
    },
    {
      name: 'goes by the event before the series',
      given: { event: { type: 'quadratic', multiplier: 2 } },
      want: [140_000, 0],
    },
    { name: 'is free while waived', given: { waivedUntil: later }, want: [0, 0] },
    {
      name: 'is not free if the waiver ends soon',
      given: { waivedUntil: soon },
      want: [70_000, 0],
    },
    {
      name: 'is dear already when the fee goes up soon',
      given: { seriesChanges: [{ at: soon, terms: { type: 'quadratic', multiplier: 2 } }] },
      want: [140_000, 0],
    },
    {
      name: 'is still dear when the fee goes down soon',
      given: { seriesChanges: [{ at: soon, terms: { type: 'quadratic', multiplier: 0.5 } }] },
      want: [70_000, 0],
    },
    {
      name: 'does not heed a change that is far off',
      given: { seriesChanges: [{ at: later, terms: { type: 'quadratic', multiplier: 2 } }] },
      want: [70_000, 0],
    },
    {
      name: 'falls back to a dearer series when the override ends soon',
      given: {
        event: { type: 'quadratic', multiplier: 0.5 },
        eventChanges: [{ at: soon, terms: { type: null, multiplier: null } }],
      },
      want: [70_000, 0],
    },
    {
      name: 'is unknown without a series',
      given: { series: undefined },
      want: 'unknown: no word of the series',
    },
    {
      name: 'is unknown by a table that is not ours',
      given: { series: { type: 'flat', multiplier: 1 } },
      want: 'unknown: the fee type was flat',
    },
    {
      name: 'is unknown when only half of the terms is overridden',
      given: { event: { type: null, multiplier: 2 } },
      want: 'unknown: the event overrides one of two terms',
    },
    {
      name: 'is unknown by a multiplier that is none',
      given: { series: { type: 'quadratic', multiplier: -1 } },
      want: 'unknown: the fee multiplier was -1',
    },
    {
      name: 'is unknown when it soon will be',
      given: { seriesChanges: [{ at: soon, terms: { type: 'flat', multiplier: 1 } }] },
      want: 'unknown: the fee type was flat',
    },
  ])('$name', ({ given, want }) => {
    expect(rates(given)).toEqual(want)
  })

  test.each([
    { price: 5000, contracts: 100, multiplier: 1, micros: 1_750_000 },
    { price: 900, contracts: 1, multiplier: 1, micros: 5733 },
    { price: 550, contracts: 1, multiplier: 1, micros: 3639 },
    { price: 6200, contracts: 20, multiplier: 0.5, micros: 164_920 },
    { price: 3301, contracts: 0.03, multiplier: 1, micros: 465 },
  ])('takes $micros of $contracts at $price', ({ price, contracts, multiplier, micros }) => {
    const schedule = feeSchedule(
      { ...facts, series: { type: 'quadratic', multiplier } },
      now,
      until,
    )

    const fee = takerFee(schedule, price as Ticks, Math.round(contracts * 1e6) as MicroShares)

    expect(fee).toBe(micros)
  })
})
