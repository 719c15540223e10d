import { describe, expect, test } from 'vitest'
import { nanos } from '../core/units.ts'
import { Rate } from './rate.ts'

const ms = (value: number): ReturnType<typeof nanos> => nanos(value * 1e6)

describe('Rate', () => {
  test('is zero until there are two samples', () => {
    expect(new Rate(1_000).sample(ms(5), 100)).toBe(0)
  })

  test('is by second, over the window', () => {
    const rate = new Rate(1_000)

    rate.sample(ms(0), 0)
    rate.sample(ms(500), 50)
    expect(rate.sample(ms(1_000), 200)).toBe(200)

    rate.sample(ms(1_500), 200)
    expect(rate.sample(ms(2_000), 200)).toBe(0)
  })

  test('two samples at one instant do not divide by nothing', () => {
    const rate = new Rate(1_000)

    rate.sample(ms(0), 0)

    expect(rate.sample(ms(0), 10)).toBe(0)
  })
})
