import { z } from 'zod'

import { parsePrice } from '../core/decimal.ts'
import type { Market, VenueId } from '../core/market.ts'
import type { Ticks } from '../core/units.ts'
import { ticksPerUsd } from '../core/units.ts'
import type { KnownMarkets } from './import-source.ts'
import { marketKey } from './import-source.ts'
import { sketchKalshi, sketchPolymarket, stepOf } from './sketch-market.ts'

/** What a message of Polymarket tells of its market. docs/venues/polymarket.md, 4. */
const polymarketMessage = z.object({
  market: z.string().regex(/^0x[0-9a-f]{62,64}$/),
  asset_id: z.string().optional(),
  tick_size: z.string().optional(),
  timestamp: z.string().optional(),
  price_changes: z.array(z.object({ asset_id: z.string(), price: z.string() })).optional(),
  bids: z.array(z.object({ price: z.string() })).optional(),
})

const kalshiLevels = z.array(z.tuple([z.string(), z.string()])).nullish()

/** What a message of Kalshi tells of its market. docs/venues/kalshi.md, 5. */
const kalshiMessage = z.object({
  type: z.string(),
  msg: z.looseObject({
    market_ticker: z.string().optional(),
    price_dollars: z.string().optional(),
    yes_dollars_fp: kalshiLevels,
    no_dollars_fp: kalshiLevels,
    ts_ms: z.number().optional(),
  }),
})

type Seen = { readonly tokens: Set<string>; tick: string | undefined; readonly prices: Set<Ticks> }

/** Learns from frames which markets they are about, and how they are to be read. */
export class FrameSurvey {
  readonly #polymarket: Map<string, Seen> = new Map()
  readonly #kalshi: Map<string, Set<Ticks>> = new Map()
  #ownVotes = 0
  #yesVotes = 0

  /** Gives the venue and its own time, if the frame tells them. Undefined for no frame of either. */
  look(
    bytes: Buffer,
  ): { readonly venue: VenueId; readonly venueMs: number | undefined } | undefined {
    let found: { venue: VenueId; venueMs: number | undefined } | undefined
    for (const message of [parseJson(bytes)].flat()) {
      const told = this.#lookAtPolymarket(message) ?? this.#lookAtKalshi(message)
      found ??= told
    }
    return found
  }

  /** As told by snapshots in which one reading would be a crossed book. */
  get kalshiNoSide(): 'yes' | 'own' {
    return this.#ownVotes > this.#yesVotes ? 'own' : 'yes'
  }

  get sawKalshi(): boolean {
    return this.#kalshi.size > 0
  }

  markets(known: KnownMarkets): readonly Market[] {
    const polymarket = [...this.#polymarket].map(([id, { tokens, tick, prices }]) => {
      const step = (tick === undefined ? undefined : parsePrice(tick)) ?? stepOf(prices)
      return known.get(marketKey('polymarket', id)) ?? sketchPolymarket(id, [...tokens], step)
    })
    const kalshi = [...this.#kalshi].map(
      ([id, prices]) => known.get(marketKey('kalshi', id)) ?? sketchKalshi(id, stepOf(prices)),
    )
    return [...polymarket, ...kalshi]
  }

  #lookAtPolymarket(message: unknown): { venue: VenueId; venueMs: number | undefined } | undefined {
    const read = polymarketMessage.safeParse(message)
    if (!read.success) return undefined
    const { market, asset_id, tick_size, timestamp, price_changes = [], bids = [] } = read.data
    const seen = this.#polymarket.get(market) ?? {
      tokens: new Set(),
      tick: undefined,
      prices: new Set(),
    }
    this.#polymarket.set(market, seen)
    seen.tick ??= tick_size
    if (asset_id !== undefined) seen.tokens.add(asset_id)
    for (const change of price_changes) seen.tokens.add(change.asset_id)
    for (const { price } of [...price_changes, ...bids]) note(seen.prices, price)
    return { venue: 'polymarket', venueMs: timestamp === undefined ? undefined : Number(timestamp) }
  }

  #lookAtKalshi(message: unknown): { venue: VenueId; venueMs: number | undefined } | undefined {
    const read = kalshiMessage.safeParse(message)
    if (!read.success) return undefined
    const { market_ticker, price_dollars, yes_dollars_fp, no_dollars_fp, ts_ms } = read.data.msg
    if (market_ticker !== undefined) {
      const prices = this.#kalshi.get(market_ticker) ?? new Set()
      this.#kalshi.set(market_ticker, prices)
      if (price_dollars !== undefined) note(prices, price_dollars)
      const yes = (yes_dollars_fp ?? []).map(([price]) => note(prices, price))
      const no = (no_dollars_fp ?? []).map(([price]) => note(prices, price))
      if (yes.length > 0 && no.length > 0) this.#vote(Math.max(...yes), no)
    }
    return { venue: 'kalshi', venueMs: ts_ms }
  }

  /** In YES prices all asks stand above the best bid; in NO prices both best bids make a dollar. */
  #vote(bestYes: number, no: readonly number[]): void {
    const readsAsYes = Math.min(...no) > bestYes
    const readsAsOwn = bestYes + Math.max(...no) < ticksPerUsd
    if (readsAsOwn && !readsAsYes) this.#ownVotes++
    if (readsAsYes && !readsAsOwn) this.#yesVotes++
  }
}

function note(prices: Set<Ticks>, text: string): number {
  const price = parsePrice(text)
  if (price === undefined) return 0
  prices.add(price)
  return price
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    // Venues also send words, such as PONG.
    return undefined
  }
}
