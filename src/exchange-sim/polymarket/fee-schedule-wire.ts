import type { FeeTerms } from '../fee-terms.ts'

/** The fee schedule as Gamma sends it: numbers. docs/venues/polymarket.md, 2.2. */
export type FeeScheduleWire = {
  readonly exponent: number
  readonly rate: number
  readonly takerOnly: boolean
  readonly rebateRate: number
}

export function feeScheduleWire(fee: FeeTerms): FeeScheduleWire | undefined {
  if (fee.kind !== 'curve') return undefined
  return {
    exponent: 1,
    rate: fee.rate / 1_000_000,
    takerOnly: true,
    rebateRate: fee.rebateRate / 1_000_000,
  }
}

/** The fee schedule as the socket sends it: other keys, and numbers as text. 4.6. */
export function feeScheduleText(fee: FeeTerms): Readonly<Record<string, unknown>> | undefined {
  const wire = feeScheduleWire(fee)
  if (wire === undefined) return undefined
  return {
    exponent: String(wire.exponent),
    rate: String(wire.rate),
    taker_only: wire.takerOnly,
    rebate_rate: String(wire.rebateRate),
  }
}
