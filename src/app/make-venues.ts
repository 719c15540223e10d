import type { VenueId } from '../core/market.ts'
import { epochMs } from '../core/units.ts'
import type { FeedCodec } from '../ports/feed-codec.ts'
import type { RoomLog } from '../telemetry/create-log.ts'
import { createKalshiCodec } from '../venues/kalshi/index.ts'
import {
  createPolymarketCodec,
  createPolymarketVenue,
  polymarketConfig,
} from '../venues/polymarket/index.ts'
import type { Config, PolymarketSettings } from './config.ts'
import type { Machine } from './machine.ts'
import type { Venue } from './venue.ts'

const msPerDay = 86_400_000

/** The venues that are switched on, ready to be started. */
export function makeVenues({ venues }: Config, machine: Machine, log: RoomLog): readonly Venue[] {
  if (!venues.polymarket.enabled) return []
  const { clock, timers } = machine
  const config = toPolymarket(venues.polymarket, machine)
  return [createPolymarketVenue({ config, clock, timers, log: log('polymarket') })]
}

/** What reads a venue's frames, without the venue: for a replay. */
export function makeCodec(venue: VenueId): FeedCodec {
  switch (venue) {
    case 'polymarket':
      return createPolymarketCodec()
    case 'kalshi':
      return createKalshiCodec()
  }
}

/** The hosts that a start depends on, the first needed first. */
export function hostsOf({ venues }: Config): readonly string[] {
  const { enabled, gammaUrl, marketSocketUrl, clobUrl } = venues.polymarket
  return enabled ? [gammaUrl, marketSocketUrl, clobUrl].map((url) => new URL(url).host) : []
}

function toPolymarket(
  settings: PolymarketSettings,
  { clock }: Machine,
): ReturnType<typeof polymarketConfig> {
  const { gammaUrl, clobUrl, marketSocketUrl, exhaustiveSets, separateBooksTag } = settings
  const { volume24hMin, liquidityMin, tags, slugs, marketsMax, closesWithinDays } = settings
  const closesBefore =
    closesWithinDays === undefined
      ? undefined
      : epochMs(clock.epochMs() + Math.round(closesWithinDays * msPerDay))
  return polymarketConfig({
    gammaUrl,
    clobUrl,
    marketSocketUrl,
    exhaustiveSets,
    separateBooksTag,
    filter: { volume24hMin, liquidityMin, tags, slugs, marketsMax, closesBefore },
  })
}
