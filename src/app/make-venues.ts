import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

import type { VenueId } from '../core/market.ts'
import type { EpochMs } from '../core/units.ts'
import { epochMs } from '../core/units.ts'
import type { FeedCodec } from '../ports/feed-codec.ts'
import type { RoomLog } from '../telemetry/create-log.ts'
import type { KalshiCredentials } from '../venues/kalshi/index.ts'
import { createKalshiCodec, createKalshiVenue, kalshiConfig } from '../venues/kalshi/index.ts'
import {
  createPolymarketCodec,
  createPolymarketVenue,
  polymarketConfig,
} from '../venues/polymarket/index.ts'
import type { Config, KalshiSettings, PolymarketSettings } from './config.ts'
import { ConfigError } from './load-config.ts'
import type { Machine } from './machine.ts'
import type { Venue } from './venue.ts'

const msPerDay = 86_400_000

/** The venues that are switched on, ready to be started. Throws a `ConfigError` about a key. */
export function makeVenues(
  { venues }: Config,
  machine: Machine,
  log: RoomLog,
  credentials: KalshiCredentials | undefined = readCredentials(venues.kalshi, machine),
): readonly Venue[] {
  const { clock, timers } = machine
  const made: Venue[] = []
  if (venues.polymarket.enabled) {
    const config = toPolymarket(venues.polymarket, machine)
    made.push(createPolymarketVenue({ config, clock, timers, log: log('polymarket') }))
  }
  if (venues.kalshi.enabled) {
    const config = toKalshi(venues.kalshi, machine)
    made.push(createKalshiVenue({ config, credentials, clock, timers, log: log('kalshi') }))
  }
  return made
}

/** What cannot be told from frames themselves: how those who recorded them had subscribed. */
export type FrameDialect = { readonly kalshiNoSide?: 'yes' | 'own' | undefined }

/** What reads a venue's frames, without the venue: for a replay. */
export function makeCodec(venue: VenueId, { kalshiNoSide }: FrameDialect = {}): FeedCodec {
  switch (venue) {
    case 'polymarket':
      return createPolymarketCodec()
    case 'kalshi':
      return createKalshiCodec(kalshiNoSide)
  }
}

/** The hosts that a start depends on, the first needed first. */
export function hostsOf({ venues: { polymarket, kalshi } }: Config): readonly string[] {
  return [
    ...(polymarket.enabled
      ? [polymarket.gammaUrl, polymarket.marketSocketUrl, polymarket.clobUrl]
      : []),
    ...(kalshi.enabled ? [kalshi.restUrl, kalshi.socketUrl] : []),
  ].map((url) => new URL(url).host)
}

/** The key that the configuration names. Undefined when it names none. */
function readCredentials(
  { keyId, privateKeyFile }: KalshiSettings,
  { folder }: Machine,
): KalshiCredentials | undefined {
  if (keyId === undefined && privateKeyFile === undefined) return undefined
  const where = 'venues.kalshi'
  if (keyId === undefined || privateKeyFile === undefined) {
    const key = keyId === undefined ? 'key_id' : 'private_key_file'
    throw new ConfigError([
      { where, key, what: 'is missing', remedy: 'a key is its id and its file: set both, or none' },
    ])
  }
  try {
    return { keyId, privateKeyPem: readFileSync(resolve(folder, privateKeyFile), 'utf8') }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    throw new ConfigError([
      {
        where,
        key: 'private_key_file',
        what: `cannot be read (${code})`,
        remedy: 'check the path',
      },
    ])
  }
}

/** What the venue's own rooms need of the settings. */
export function toKalshi(
  settings: KalshiSettings,
  machine: Machine,
): ReturnType<typeof kalshiConfig> {
  const { restUrl, socketUrl, exhaustiveEvents, closesWithinDays } = settings
  const { volume24hMin, series, categories, events, marketsMax } = settings
  const closesBefore = withinDays(closesWithinDays, machine)
  return kalshiConfig({
    restUrl,
    socketUrl,
    exhaustiveEvents,
    filter: { volume24hMin, series, categories, events, marketsMax, closesBefore },
  })
}

function withinDays(days: number | undefined, { clock }: Machine): EpochMs | undefined {
  return days === undefined ? undefined : epochMs(clock.epochMs() + Math.round(days * msPerDay))
}

function toPolymarket(
  settings: PolymarketSettings,
  machine: Machine,
): ReturnType<typeof polymarketConfig> {
  const { gammaUrl, clobUrl, marketSocketUrl, exhaustiveSets, separateBooksTag } = settings
  const { volume24hMin, liquidityMin, tags, slugs, marketsMax, closesWithinDays } = settings
  const closesBefore = withinDays(closesWithinDays, machine)
  return polymarketConfig({
    gammaUrl,
    clobUrl,
    marketSocketUrl,
    exhaustiveSets,
    separateBooksTag,
    filter: { volume24hMin, liquidityMin, tags, slugs, marketsMax, closesBefore },
  })
}
