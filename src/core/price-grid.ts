import { assert } from './assert.ts'
import type { Ticks } from './units.ts'
import { ticksPerUsd } from './units.ts'
import { commonDivisor } from './whole-numbers.ts'

/** Prices from `from` up to, and not including, `to` move by `step`. */
export type PriceBand = { readonly from: Ticks; readonly to: Ticks; readonly step: Ticks }

/**
 * The prices a market accepts: bands that cover $0 to $1 without a gap.
 *
 * A venue changes the grid during a market's life, so a price is never counted in steps.
 */
export type PriceGrid = {
  readonly bands: readonly PriceBand[]
  /** The finest step: every price of the grid is a multiple of it. */
  readonly resolution: Ticks
}

/** A grid with one step everywhere. */
export function uniformGrid(step: Ticks): PriceGrid {
  return priceGrid([{ from: 0 as Ticks, to: ticksPerUsd as Ticks, step }])
}

export function priceGrid(bands: readonly PriceBand[]): PriceGrid {
  assert(bands.length > 0, 'a price grid has at least one band')

  let covered = 0
  let resolution = 0
  for (const band of bands) {
    assert(band.from === covered, `a band starts where the one before ends: ${band.from}`)
    assert(band.to > band.from && band.step > 0, `a band is not empty: ${band.from} to ${band.to}`)
    assert((band.to - band.from) % band.step === 0, `a band holds whole steps: ${band.step}`)
    covered = band.to
    resolution = commonDivisor(band.step, commonDivisor(band.from, resolution))
  }
  assert(covered === ticksPerUsd, `the bands end at $1: ${covered}`)
  return { bands, resolution: resolution as Ticks }
}

/** The increment at `price`: of the band it lies in, and at $1 of the last band. */
export function stepAt(grid: PriceGrid, price: Ticks): Ticks {
  return bandAt(grid, price).step
}

/** Whether the venue accepts `price` in an order: on the grid, above $0 and below $1. */
export function isOnGrid(grid: PriceGrid, price: Ticks): boolean {
  if (price <= 0 || price >= ticksPerUsd) return false
  const band = bandAt(grid, price)
  return (price - band.from) % band.step === 0
}

/** The grid price not above `price`: the most a buyer may say who will not pay more. */
export function floorToGrid(grid: PriceGrid, price: Ticks): Ticks {
  const band = bandAt(grid, price)
  return (price - ((price - band.from) % band.step)) as Ticks
}

/** The grid price not below `price`: the least a seller may say who will not take less. */
export function ceilToGrid(grid: PriceGrid, price: Ticks): Ticks {
  const floor = floorToGrid(grid, price)
  return floor === price ? price : ((floor + bandAt(grid, price).step) as Ticks)
}

function bandAt(grid: PriceGrid, price: Ticks): PriceBand {
  const band = grid.bands.find(({ to }) => price < to) ?? grid.bands.at(-1)
  assert(band !== undefined, 'a price grid has at least one band')
  return band
}
