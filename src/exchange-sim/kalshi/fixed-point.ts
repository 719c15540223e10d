import { assert } from '../../core/assert.ts'
import type { MicroShares, MicroUsd, Ticks } from '../../core/units.ts'
import { microPerShare, ticksPerUsd } from '../../core/units.ts'

/** Contracts come in hundredths. docs/venues/kalshi.md, 3.4. */
const microPerHundredth = microPerShare / 100

/** "0.5600": a price as Kalshi writes it. docs/venues/kalshi.md, 3.4. */
export function dollars(price: Ticks): string {
  return (price / ticksPerUsd).toFixed(4)
}

/** Whole cents, cut off, as balances and revenues are written. docs/venues/kalshi.md, 4.4. */
export function centsOf(money: MicroUsd): number {
  const micros: number = money
  return Math.floor(micros / 10_000)
}

/** What one contract comes to on average, in four decimals. docs/venues/kalshi.md, 4.2. */
export function averageOf(money: MicroUsd, size: MicroShares): string {
  const [micros, contractMicros]: readonly number[] = [money, size]
  return ((micros ?? 0) / (contractMicros ?? 1)).toFixed(4)
}

/** "10.00": a number of contracts, signed. docs/venues/kalshi.md, 3.4. */
export function contracts(size: MicroShares): string {
  const hundredths = (size as number) / microPerHundredth
  assert(Number.isInteger(hundredths), `contracts come in hundredths: ${size}`)
  return (hundredths / 100).toFixed(2)
}
