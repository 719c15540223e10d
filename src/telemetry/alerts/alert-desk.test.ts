import { describe, expect, test } from 'vitest'
import type { MicroShares, MicroUsd, Ticks } from '../../core/units.ts'
import { epochMs, ppm } from '../../core/units.ts'
import type { AlertRule, RuleSettings } from './alert.ts'
import { alertRules } from './alert.ts'
import { AlertDesk } from './alert-desk.ts'
import type { AccountLook, AlertInput, Look } from './alert-input.ts'

const noon = Date.UTC(2026, 10, 25, 12)

function desk(over: Partial<Record<AlertRule, Partial<RuleSettings>>> = {}): AlertDesk {
  const rules = Object.fromEntries(
    alertRules.map((rule) => [
      rule,
      { enabled: true, severity: 'warning', channels: [], ...over[rule] },
    ]),
  ) as unknown as Record<AlertRule, RuleSettings>
  return new AlertDesk({
    rules,
    limitFraction: ppm(900_000),
    feedBrokenForMs: 30_000,
    summaryAtMinute: 12 * 60 + 30,
  })
}

const account: AccountLook = {
  realized: 0 as MicroUsd,
  unrealized: 0 as MicroUsd,
  fees: 0 as MicroUsd,
  exposure: 0 as MicroUsd,
  signals: 0,
  fills: 0,
  rejections: 0,
  openBaskets: 0,
}
const calm: Look = { trading: 'trading', limits: [], feeds: [], account }

function hear(to: AlertDesk, input: AlertInput, seconds = 0): readonly string[] {
  const alerts = to.hear({ atMs: epochMs(noon + seconds * 1_000), input })
  return alerts.map(({ rule, severity, text }) => `${severity} ${rule}: ${text}`)
}

function look(to: AlertDesk, over: Partial<Look>, seconds = 0): readonly string[] {
  return hear(to, { kind: 'look', look: { ...calm, ...over } }, seconds)
}

describe('AlertDesk', () => {
  test('tells a fill with its legs, the first three of many', () => {
    const leg = {
      title: 'Rain?',
      outcome: 'yes',
      side: 'buy',
      price: 3_100 as Ticks,
      size: 5_000_000 as MicroShares,
      fee: 0 as MicroUsd,
    } as const
    const given = { kind: 'filled', basket: 'B1', strategy: 'ladder', purpose: 'open' } as const

    const two = hear(desk(), { ...given, legs: [leg, { ...leg, outcome: 'no' }] })
    const five = hear(desk(), { ...given, legs: [leg, leg, leg, leg, leg] })

    expect(two).toEqual([
      'warning fill: Filled: buy 5 YES of "Rain?" at $0.31; buy 5 NO of "Rain?" at $0.31 ' +
        '(ladder, B1)',
    ])
    expect(five[0]).toContain('; and 2 more (ladder, B1)')
  })

  test('a rule that is off says nothing', () => {
    const quiet = desk({ kill: { enabled: false } })

    expect(look(quiet, { trading: 'killed' })).toEqual([])
  })

  test('a rule has the severity that it is given', () => {
    const loud = desk({ kill: { severity: 'critical' } })

    expect(look(loud, { trading: 'killed' })[0]).toMatch(/^critical kill: /)
  })

  test('a kill is told once', () => {
    const one = desk()

    expect(look(one, { trading: 'paused' })).toEqual([])
    expect(look(one, { trading: 'killed' })).toHaveLength(1)
    expect(look(one, { trading: 'killed' })).toEqual([])
  })

  test('a basket that is unwound is told when it begins and when it ends, with what it cost', () => {
    const one = desk()
    const basket = { basket: 'B7', strategy: 'cross-venue', reason: 'leg-rejected' } as const

    const begins = hear(one, { kind: 'basket', ...basket, state: 'unwinding' })
    const end = { kind: 'basket-closed', ...basket } as const
    const ends = hear(one, { ...end, worst: -123_456 as MicroUsd })
    const again = hear(one, { ...end, worst: -1 as MicroUsd })

    expect(begins).toEqual([
      'warning basket-unwinding: Basket B7 of cross-venue did not come about and is being ' +
        'unwound: leg-rejected',
    ])
    expect(ends).toEqual([
      'warning basket-unwinding: Basket B7 of cross-venue is closed, worth -$0.13 at the least',
    ])
    expect(again).toEqual([])
  })

  test('a basket that is closed as it was planned is no news', () => {
    const closed = { kind: 'basket-closed', basket: 'B7', strategy: 's', worst: undefined } as const

    expect(hear(desk(), closed)).toEqual([])
  })

  test('a basket that is quarantined waits for you', () => {
    const basket = { basket: 'B7', strategy: 's', state: 'quarantined', reason: '' } as const

    expect(hear(desk(), { kind: 'basket', ...basket })[0]).toMatch(
      /^warning basket-stuck: .* waits for you$/,
    )
  })

  test.each([
    { worst: 100, result: 0, told: 0 },
    { worst: 100, result: -1, told: 1 },
    // It was completed dearer, within the loss that is allowed.
    { worst: -100, result: -100, told: 0 },
    { worst: -100, result: -101, told: 1 },
  ])('worth $worst at the least and settled at $result is told: $told', (given) => {
    const settled = { kind: 'basket-settled', basket: 'B9', strategy: 'ladder' } as const
    const worst = given.worst as MicroUsd

    const told = hear(desk(), { ...settled, worst, result: given.result as MicroUsd })

    expect(told).toHaveLength(given.told)
    for (const text of told) expect(text).toMatch(/^warning locked-loss: Basket B9 of ladder was/)
  })

  test('a limit is near from its fraction on, and near again only after it was not', () => {
    const one = desk()
    const use = (used: number): Partial<Look> => ({
      limits: [{ name: 'total exposure', used, max: 10_000_000, unit: 'usd' }],
    })

    expect(look(one, use(8_999_999))).toEqual([])
    expect(look(one, use(9_000_000))).toEqual([
      'warning limit-near: total exposure is at 90 % of its limit: $9.00 of $10.00',
    ])
    expect(look(one, use(10_000_000))).toEqual([])
    expect(look(one, use(1))).toEqual([])
    expect(look(one, use(9_000_000))).toHaveLength(1)
  })

  test('a feed is broken when a connection is missing for long, and its return is told', () => {
    const one = desk()
    const feeds = (open: number): Partial<Look> => ({
      feeds: [{ venue: 'kalshi', open, wanted: 2 }],
    })

    expect(look(one, feeds(1), 0)).toEqual([])
    expect(look(one, feeds(1), 29)).toEqual([])
    expect(look(one, feeds(1), 30)).toEqual([
      'warning feed-broken: kalshi has 1 of 2 connections since 12:00:00 UTC; books that came ' +
        'over the others are not traded',
    ])
    expect(look(one, feeds(0), 90)).toEqual([])
    expect(look(one, feeds(2), 150)).toEqual(['info feed-broken: kalshi is back after 2 min'])
  })

  test('a feed that comes back before its time is no news', () => {
    const one = desk()

    look(one, { feeds: [{ venue: 'kalshi', open: 0, wanted: 1 }] }, 0)
    expect(look(one, { feeds: [{ venue: 'kalshi', open: 1, wanted: 1 }] }, 29)).toEqual([])
    expect(look(one, { feeds: [{ venue: 'kalshi', open: 0, wanted: 1 }] }, 40)).toEqual([])
  })

  test('a stopped strategy, a withdrawn pair and a journal that ended are told', () => {
    const one = desk()

    const told = [
      hear(one, { kind: 'strategy-stopped', strategy: 'ladder', reason: 'threw' }),
      hear(one, { kind: 'pair-withdrawn', pair: 'p-1', reason: 'dates-moved', detail: 'd' }),
      hear(one, { kind: 'journal-ended', reason: 'disk-refuses' }),
    ].flat()

    expect(told).toEqual([
      'warning strategy-stopped: Strategy ladder was stopped: threw',
      'warning pair-withdrawn: Pair p-1 was taken out of trading, dates-moved: d',
      'warning journal-ended: The journal has ended, so trading is paused: disk-refuses',
    ])
  })

  test('an account that differs is told with both amounts', () => {
    const given = { kind: 'account-differs', venue: 'kalshi' } as const
    const cash = { kind: 'cash', ours: 1_000_000 as MicroUsd, theirs: 500_000 as MicroUsd } as const
    const shares = {
      kind: 'shares',
      title: 'Rain?',
      ours: 5_000_000 as MicroShares,
      theirs: 0 as MicroShares,
    } as const
    const order = { kind: 'order-unknown', title: 'Rain?', order: 'x-1' } as const

    const told = [cash, shares, order].flatMap((what) => hear(desk(), { ...given, what }))

    expect(told).toEqual([
      'warning account-differs: Cash at kalshi is $0.50 and not $1.00: nothing is traded there ' +
        'until it agrees',
      'warning account-differs: kalshi has 0 shares in "Rain?" and not 5: that market is not ' +
        'traded until they agree',
      'warning account-differs: kalshi has order x-1 in "Rain?", which is none of ours',
    ])
  })

  test('a day is summed up at its minute, against the day before, with what was told', () => {
    const one = desk()
    const earned: AccountLook = { ...account, realized: 5_250_000 as MicroUsd, fills: 8 }

    expect(look(one, {}, 0)).toEqual([])
    look(one, { trading: 'killed', account: earned }, 60)
    expect(look(one, { account: earned }, 30 * 60)).toEqual([
      'warning daily-summary: Daily summary: realized +$5.25, unrealized now +$0.00, fees $0.00, ' +
        'exposure $0.00, 0 signals, 8 legs filled, 0 rejected, 0 baskets at work, alerts: 1 kill',
    ])
    expect(look(one, { account: earned }, 31 * 60)).toEqual([])
    const nextDay = look(one, { account: { ...earned, fills: 9 } }, 30 * 60 + 24 * 3_600)
    expect(nextDay[0]).toContain('realized +$0.00')
    expect(nextDay[0]).toContain('1 legs filled')
    expect(nextDay[0]).toContain('no alerts')
  })
})
