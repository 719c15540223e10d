import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { marketOf } from '../../test/engine/market-of.ts'
import { takerSizeStep } from './taker-size-step.ts'
import type { MicroShares, MicroUsd, Ticks } from './units.ts'

const cents = { step: 10_000 as MicroUsd, min: 1_000_000 as MicroUsd }
const told = marketOf('rain', { takerSpend: cents })
const lot = marketOf('rain').lot

describe('the step of a size that takes', () => {
  test.each([
    ['whole shares at $0.51', 5_100, 1_000_000],
    ['tens of shares at $0.523', 5_230, 10_000_000],
    ['fiftieths of a share at $0.50', 5_000, 20_000],
    ['lots at a dollar', 10_000, 10_000],
  ])('is %s, where a buy is told in cents', (_what, limit, step) => {
    expect(takerSizeStep(told, 'buy', limit as Ticks)).toBe(step)
  })

  test('is a lot where a buy is told in shares, and for a sale anywhere', () => {
    expect(takerSizeStep(marketOf('rain'), 'buy', 5_230 as Ticks)).toBe(lot)
    expect(takerSizeStep(told, 'sell', 5_230 as Ticks)).toBe(lot)
  })

  test('is the least in which both the money and the lot come out even', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9_999 }),
        fc.constantFrom(10_000, 1_000_000, 30_000),
        (limit, ofLot) => {
          const market = { ...told, lot: ofLot as MicroShares }
          const step = BigInt(takerSizeStep(market, 'buy', limit as Ticks))

          const isEven = (size: bigint): boolean =>
            size % BigInt(ofLot) === 0n && (size * BigInt(limit)) % (10_000n * 10_000n) === 0n
          expect(isEven(step)).toBe(true)
          for (const part of [2n, 3n, 5n]) {
            if (step % part === 0n) expect(isEven(step / part)).toBe(false)
          }
        },
      ),
    )
  })
})
