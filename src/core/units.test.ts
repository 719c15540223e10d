import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { MicroShares, MicroUsd, Ppm, Ticks } from './units.ts'
import {
  ceilToLot,
  complement,
  complementPpm,
  cost,
  floorToLot,
  microShares,
  microUsd,
  nanos,
  ppm,
  proceeds,
  prorate,
  ratio,
  surcharge,
  ticks,
  times,
  worth,
} from './units.ts'

const price = fc.integer({ min: 0, max: 10_000 }).map(ticks)
/** Up to nine billion shares: all that fits a safe integer. */
const size = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }).map(microShares)
const signedSize = fc
  .integer({ min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER })
  .map(microShares)
const rate = fc.integer({ min: 0, max: 1_000_000 }).map(ppm)
const lot = fc.integer({ min: 1, max: 100_000_000 }).map(microShares)

/** Rounded up. */
function ceilDiv(a: bigint, b: bigint): bigint {
  return a >= 0n ? (a + b - 1n) / b : a / b
}

/** Rounded down. */
function floorDiv(a: bigint, b: bigint): bigint {
  return a >= 0n ? a / b : -ceilDiv(-a, b)
}

describe('a price meets a size', () => {
  test('a cost is the exact product, rounded up', () => {
    fc.assert(
      fc.property(price, size, (p, s) => {
        expect(BigInt(cost(p, s))).toBe(ceilDiv(BigInt(p) * BigInt(s), 10_000n))
      }),
    )
  })

  test('proceeds are the exact product, rounded down', () => {
    fc.assert(
      fc.property(price, size, (p, s) => {
        expect(BigInt(proceeds(p, s))).toBe((BigInt(p) * BigInt(s)) / 10_000n)
      }),
    )
  })

  test('buying and selling at one price never makes money', () => {
    fc.assert(fc.property(price, size, (p, s) => proceeds(p, s) <= cost(p, s)))
  })

  test('both outcomes of a share cost at least its dollar', () => {
    fc.assert(fc.property(price, size, (p, s) => cost(p, s) + cost(complement(p), s) >= s))
  })

  test('33 cents for a third of a share is rounded against us both ways', () => {
    const third = microShares(333_333)

    expect(cost(ticks(3_333), third)).toBe(111_100)
    expect(proceeds(ticks(3_333), third)).toBe(111_099)
  })
})

describe('a share is worth a part of a dollar', () => {
  test('the worth is the exact product, rounded down', () => {
    fc.assert(
      fc.property(rate, signedSize, (value, s) => {
        expect(BigInt(worth(value, s))).toBe(floorDiv(BigInt(value) * BigInt(s), 1_000_000n))
      }),
    )
  })

  test('what both outcomes are worth together is never more than the shares', () => {
    fc.assert(
      fc.property(rate, size, (value, s) => worth(value, s) + worth(complementPpm(value), s) <= s),
    )
  })
})

describe('money is shared out', () => {
  const money = fc.integer({ min: -1e15, max: 1e15 }).map(microUsd)

  test('a proportion is exact, rounded down', () => {
    fc.assert(
      fc.property(money, fc.integer({ min: 1, max: 1e15 }), fc.nat(), (m, whole, seed) => {
        const part = seed % (whole + 1)
        const got = BigInt(prorate(m, microShares(part), microShares(whole)))
        expect(got).toBe(floorDiv(BigInt(m) * BigInt(part), BigInt(whole)))
      }),
    )
  })

  test('a surcharge is the exact product, rounded up', () => {
    const spent = fc.integer({ min: 0, max: 1e12 }).map(microUsd)
    fc.assert(
      fc.property(spent, rate, (m, r) => {
        expect(BigInt(surcharge(m, r))).toBe(BigInt(m) + ceilDiv(BigInt(m) * BigInt(r), 1_000_000n))
      }),
    )
  })

  test('a ratio is never flattered, and of nothing there is none', () => {
    expect(ratio(microUsd(1), microUsd(3))).toBe(333_333)
    expect(ratio(microUsd(-1), microUsd(3))).toBe(-333_334)
    expect(ratio(microUsd(1), microUsd(0))).toBeUndefined()
  })

  test('a multiple is by a whole number', () => {
    expect(times(microUsd(5), 3)).toBe(15)
    expect(() => times(microUsd(5), 0.5)).toThrow('whole number')
  })
})

describe('a size is cut to lots', () => {
  test('the floor is a multiple within one lot below', () => {
    fc.assert(
      fc.property(size, lot, (s, l) => {
        const floor = floorToLot(s, l)
        expect(floor % l).toBe(0)
        expect(floor <= s && s - floor < l).toBe(true)
      }),
    )
  })

  test('the ceiling is the floor or the lot above it', () => {
    const small = fc.integer({ min: 0, max: 1e12 }).map(microShares)
    fc.assert(
      fc.property(small, lot, (s, l) => {
        const ceiling = ceilToLot(s, l)
        expect(ceiling % l).toBe(0)
        expect(ceiling >= s && ceiling - s < l).toBe(true)
      }),
    )
  })
})

describe('a number becomes a unit', () => {
  test.each([
    { name: 'a price above a dollar', make: () => ticks(10_001) },
    { name: 'a price below zero', make: () => ticks(-1) },
    { name: 'half a tick', make: () => ticks(0.5) },
    { name: 'a size beyond the safe integers', make: () => microShares(2 ** 53) },
    { name: 'money with a fraction', make: () => microUsd(0.1) },
    { name: 'an instant that is no number', make: () => nanos(Number.NaN) },
  ])('$name is none', ({ make }) => {
    expect(make).toThrow(/whole|between|safe/)
  })

  test('the edges are units', () => {
    const units: (Ticks | MicroShares | MicroUsd | Ppm)[] = [
      ticks(0),
      ticks(10_000),
      microShares(-Number.MAX_SAFE_INTEGER),
      microUsd(Number.MAX_SAFE_INTEGER),
    ]

    expect(units).toHaveLength(4)
  })
})
