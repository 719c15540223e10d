import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { parsePrice, parseUsd } from './decimal.ts'
import type { FeeSchedule } from './fee.ts'
import { freeCurve, kalshiRoundingOn, makerRebate, takerFee, takerFeeMax, feeOn } from './fee.ts'
import { epochMs, microShares, ppm, ticks } from './units.ts'

const captures = process.env['CAPTURES_DIR']
if (captures === undefined) console.log('skipped: real fills need CAPTURES_DIR')
const real = test.skipIf(captures === undefined)

function read(file: string): unknown {
  return JSON.parse(readFileSync(path.join(captures ?? '', file), 'utf8'))
}

type Known = Extract<FeeSchedule, { kind: 'known' }>

function schedule(rate: number, rounding: Known['rounding']): Known {
  const taker = { rate: ppm(rate), exponent: 1 } as const
  return { kind: 'known', taker, maker: freeCurve, rounding }
}

const ChainFill = z.object({
  side: z.enum(['BUY', 'SELL']),
  maker_amount_filled: z.string(),
  taker_amount_filled: z.string(),
  fee: z.string(),
  price: z.string(),
  fee_rate: z.string(),
})

const KalshiOrder = z.object({
  captured_at: z.string(),
  response: z.object({
    body_parsed: z.object({
      order: z
        .object({
          fill_count: z.number(),
          taker_fees: z.number(),
          taker_fill_cost: z.number(),
        })
        .optional(),
    }),
  }),
})

describe('real fills', () => {
  real('on Polymarket were charged what we compute, and never more than we plan for', () => {
    const fills = z
      .array(ChainFill)
      .parse(read('polymarket/fees/v2_onchain_taker_fees_21_202609_nautilus.json'))

    const computed = fills.map((fill) => {
      const size = fill.side === 'BUY' ? fill.taker_amount_filled : fill.maker_amount_filled
      const rate = parseUsd(fill.fee_rate) ?? -1
      const price = parsePrice(fill.price) ?? ticks(0)
      const known = schedule(rate, 'down-to-5-decimals')
      const most = takerFeeMax(known, price, microShares(Number(size))) ?? -1
      expect(most).toBeGreaterThanOrEqual(Number(fill.fee))
      return String(takerFee(known, price, microShares(Number(size))))
    })

    expect(fills.length).toBe(21)
    expect(computed).toEqual(fills.map(({ fee }) => fee))
  })

  real('on Kalshi were charged by the rule of their day', () => {
    const orders = readdirSync(path.join(captures ?? '', 'kalshi/orders'))
      .filter((file) => file.endsWith('.json'))
      .map((file) => KalshiOrder.parse(read(`kalshi/orders/${file}`)))
      .flatMap(({ captured_at, response }) => {
        const { order } = response.body_parsed
        return order === undefined || order.fill_count === 0 ? [] : [{ captured_at, order }]
      })

    const computed = orders.map(({ captured_at, order }) => {
      const at = epochMs(Date.parse(captured_at))
      const price = ticks(Math.round((order.taker_fill_cost * 100) / order.fill_count))
      const known: FeeSchedule = {
        ...schedule(70_000, 'up-to-cent'),
        rounding: kalshiRoundingOn(at),
      }
      return takerFee(known, price, microShares(order.fill_count * 1_000_000))
    })

    expect(orders.length).toBeGreaterThanOrEqual(4)
    expect(computed).toEqual(orders.map(({ order }) => order.taker_fees * 10_000))
  })
})

describe('a fee with a date', () => {
  const june = { from: epochMs(Date.UTC(2026, 5, 1)), schedule: schedule(30_000, 'up-to-cent') }
  const october = { from: epochMs(Date.UTC(2026, 9, 1)), schedule: schedule(50_000, 'up-to-cent') }

  test('is the last one that has begun, whatever their order', () => {
    const on = (month: number): FeeSchedule =>
      feeOn([october, june], epochMs(Date.UTC(2026, month, 15)))

    expect([on(5), on(8), on(9)]).toEqual([june.schedule, june.schedule, october.schedule])
  })

  test('is not known before the first one', () => {
    expect(feeOn([june], epochMs(Date.UTC(2026, 0, 1))).kind).toBe('unknown')
  })

  test.each([
    { day: '2026-01-20', rule: 'up-to-cent' },
    { day: '2026-08-26', rule: 'up-to-4-decimals' },
    { day: '2026-11-22', rule: 'up-to-micro' },
  ])('is rounded $rule on $day at Kalshi', ({ day, rule }) => {
    expect(kalshiRoundingOn(epochMs(Date.parse(day)))).toBe(rule)
  })
})

describe('a maker’s rebate', () => {
  test('is a share of what the taker paid', () => {
    const shared = { ...schedule(40_000, 'down-to-5-decimals'), makerRebate: ppm(250_000) }

    expect(makerRebate(shared, ticks(5_000), microShares(100_000_000))).toBe(250_000)
  })

  test('is nothing where none is promised', () => {
    const plain = schedule(40_000, 'down-to-5-decimals')

    expect(makerRebate(plain, ticks(5_000), microShares(100_000_000))).toBe(0)
  })
})
