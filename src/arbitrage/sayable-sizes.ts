import { takerSizeStep } from '../core/taker-size-step.ts'
import { commonDivisor, commonMultiple, stepOfEach } from '../core/whole-numbers.ts'
import type { MicroShares } from '../core/units.ts'
import { floorToLot, lotsIn, ofLots, zeroShares } from '../core/units.ts'
import type { SizedLeg } from './certify.ts'

/**
 * The most of a basket that every leg can be told in, in the proportions that it has.
 *
 * A smaller size may reach a better price, and then be told in other steps: so it is looked at
 * again until nothing changes. Undefined when nothing is left.
 */
export function sayableSizes(legs: readonly SizedLeg[]): readonly SizedLeg[] | undefined {
  if (legs.every(({ curve }) => curve.market.takerSpend === undefined)) return legs
  let sized = legs
  for (;;) {
    // Every size is so many times the unit.
    const unit = sized.reduce<MicroShares>(
      (divisor, { size }) => commonSize(size, divisor),
      zeroShares,
    )
    if (unit === 0) return undefined
    const counts = sized.map(({ size }) => lotsIn(size, unit))
    const step = sized.reduce((common, leg, index) => {
      return commonMultiple(common, unitStep(leg, counts[index] ?? 0))
    }, 1)
    const fits = floorToLot(unit, step as MicroShares)
    if (fits === 0) return undefined
    if (fits === unit) return sized
    sized = sized.map(({ curve }, index) => ({ curve, size: ofLots(counts[index] ?? 0, fits) }))
  }
}

function commonSize(a: MicroShares, b: MicroShares): MicroShares {
  return commonDivisor(a, b) as MicroShares
}

/** By how much the common unit of all sizes may change, as far as one leg is concerned. */
function unitStep({ curve, size }: SizedLeg, count: number): number {
  if (size === 0) return 1
  const step = takerSizeStep(curve.market, 'buy', curve.priceAt(curve.levelOf(size)))
  return stepOfEach(step, count)
}
