import type { ExchangeClock } from './exchange-clock.ts'
import type { VenueId } from '../core/market.ts'
import { crossListings } from './cross-listings.ts'
import { worldPlans } from './default-world.ts'
import { MarketIds } from './market-ids.ts'
import { SetLister } from './set-plan.ts'
import { World } from './world.ts'

export type WorldOptions = {
  readonly seed: number
  /** The least number of markets: whole copies of the world are added until there are so many. */
  readonly marketsMin: number
  /** With Kalshi among them, some questions are asked on both. Polymarket is always there. */
  readonly venues?: readonly VenueId[]
}

/** A world before its first order, and what draws up the sets that are listed later. */
export function buildWorld(
  options: WorldOptions,
  clock: ExchangeClock,
): { readonly world: World; readonly lister: SetLister } {
  const world = new World(clock)
  const lister = new SetLister(new MarketIds(options.seed))
  const startedAt = clock.epochMs()
  for (let copy = 0; world.markets.length < options.marketsMin || copy === 0; copy++) {
    for (const plan of worldPlans(copy, startedAt)) world.list(lister.draw(plan, startedAt))
  }
  if (options.venues?.includes('kalshi') === true) {
    for (const plan of crossListings(startedAt)) world.list(lister.draw(plan, startedAt))
  }
  return { world, lister }
}
