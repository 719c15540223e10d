import { formatUsd } from '../core/decimal.ts'
import type { Market } from '../core/market.ts'
import { createLog } from '../telemetry/create-log.ts'
import { loadConfig } from './load-config.ts'
import type { Machine } from './machine.ts'
import { withinDeadline } from './start-deadline.ts'
import { hostsOf, makeVenues } from './make-venues.ts'
import { reachVenues } from './reach-venues.ts'

/** A market as a list shows it. Money as decimal text, instants ISO 8601, null where not known. */
export type ListedMarket = {
  readonly venue: string
  readonly id: string
  readonly slug: string
  readonly question: string
  readonly status: string
  readonly volume24hUsd: string | null
  readonly liquidityUsd: string | null
  readonly closesAt: string | null
  readonly tags: readonly string[]
  readonly yes: string
  readonly no: string
}

/** Every market that holds all words, most traded first, and how many were looked through. */
export async function searchMarkets({
  machine,
  configFile,
  words,
}: {
  readonly machine: Machine
  readonly configFile: string | undefined
  readonly words: readonly string[]
}): Promise<{ readonly found: readonly ListedMarket[]; readonly listed: number }> {
  const { folder, environment, timers } = machine
  const { config, secrets } = loadConfig({ file: configFile, folder, environment, overrides: [] })
  const silent = { level: 'off', rooms: new Map() } as const
  const log = createLog({ filter: silent, destination: { write: () => {} }, secrets })

  const venues = makeVenues(config, machine, log)
  const loads = reachVenues(venues, (venue) => venue.catalogue.load())
  const { reached } = await withinDeadline(loads, { timers, hosts: hostsOf(config) })
  const markets = reached.flatMap((change) => change.markets)
  const found = markets.filter((market) => holdsAll(market, words)).toSorted(byVolume)
  return { found: found.map(toListed), listed: markets.length }
}

function holdsAll(market: Market, words: readonly string[]): boolean {
  const { question, slug, label, tags } = market
  const text = [question, slug, label, ...tags].join(' ').toLowerCase()
  return words.every((word) => text.includes(word.toLowerCase()))
}

function byVolume(a: Market, b: Market): number {
  return (b.volume24h ?? 0) - (a.volume24h ?? 0) || (a.slug < b.slug ? -1 : 1)
}

function toListed(market: Market): ListedMarket {
  const { volume24h, liquidity, closesAt } = market
  return {
    venue: market.venue,
    id: market.id,
    slug: market.slug,
    question: market.question,
    status: market.status,
    volume24hUsd: volume24h === undefined ? null : formatUsd(volume24h),
    liquidityUsd: liquidity === undefined ? null : formatUsd(liquidity),
    closesAt: closesAt === undefined ? null : new Date(closesAt).toISOString(),
    tags: market.tags,
    yes: market.yes.id,
    no: market.no.id,
  }
}
