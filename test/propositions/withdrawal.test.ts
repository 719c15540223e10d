import { describe, expect, test } from 'vitest'
import { propositionEntries } from '../../src/app/proposition-entries.ts'
import { GroupRegistry } from '../../src/arbitrage/group-registry.ts'
import type { Market, VenueId } from '../../src/core/market.ts'
import type { MicroUsd, Nanos } from '../../src/core/units.ts'
import { Engine } from '../../src/engine/engine.ts'
import { engineDefaults } from '../../src/engine/engine-options.ts'
import type { Effect } from '../../src/engine/event.ts'
import { MarketCache } from '../../src/engine/market-cache.ts'
import { listingOf } from '../../src/propositions/listing.ts'
import type { ConfirmedMarket, RegisterEntry } from '../../src/propositions/register.ts'
import { propositionOf } from '../../src/propositions/register.ts'
import { hashRules } from '../../src/propositions/rule-hash.ts'
import { Sentinel, sentinelDefaults } from '../../src/propositions/sentinel.ts'
import { CrossVenue } from '../../src/strategies/cross-venue/cross-venue.ts'
import { PaperGateway } from '../../src/venues/paper/index.ts'
import { LineCodec } from '../engine/line-codec.ts'
import { CountingMetrics } from '../engine/scene.ts'
import { anyProfit, nowMs, rainMarket, sameRain } from './two-venues.ts'

const here = rainMarket('polymarket', { rules: 'It rains in Paris.', takerDelayMs: 0 })
const there = rainMarket('kalshi', { rules: 'If it rains in Paris, Yes.' })

function confirmed(market: Market): ConfirmedMarket {
  const { rules, source } = hashRules(listingOf(market, undefined))
  const { id, slug, closesAt } = market
  return { market: id, slug, rulesHash: rules, sourceHash: source, closesAt }
}

const entry: RegisterEntry = {
  id: sameRain.id,
  title: sameRain.title,
  polymarket: confirmed(here),
  kalshi: confirmed(there),
  orientation: 'same',
  lesser: undefined,
  verdict: 'same',
  allow: [],
  by: 'Ann',
  at: nowMs,
  note: undefined,
  withdrawn: undefined,
  line: 1,
}

const msOf = (ms: number): Nanos => (ms * 1_000_000) as Nanos

/** An engine with both venues and a register of one pair, from the file to the order. */
class Trading {
  readonly sentinel: Sentinel = new Sentinel([entry])
  readonly effects: Effect[] = []
  readonly engine: Engine
  #ms = 0

  constructor() {
    const proposition = propositionOf(entry)
    const propositions = proposition === undefined ? [] : [proposition]
    const said = propositionEntries(propositions, this.sentinel)
    const groups = new GroupRegistry(said.entries, said.watch)
    const cache = new MarketCache()
    const strategy = new CrossVenue(anyProfit, groups, { propositions, watch: this.sentinel })
    this.engine = new Engine({
      cache,
      codecs: [new LineCodec('polymarket'), new LineCodec('kalshi')],
      strategies: [strategy],
      gateway: new PaperGateway({
        books: cache,
        latency: () => ({ kind: 'fixed', ms: 1 }),
        seed: 1,
      }),
      metrics: new CountingMetrics(),
      groups,
      capital: new Map<VenueId, MicroUsd>([
        ['polymarket', 1_000_000_000 as MicroUsd],
        ['kalshi', 1_000_000_000 as MicroUsd],
      ]),
      limits: engineDefaults,
      obey: (effect) => this.effects.push(effect),
    })
    this.engine.process({ kind: 'start', at: msOf(0), atMs: nowMs })
    this.list(here)
    this.list(there)
  }

  list(market: Market): void {
    const change = { venue: market.venue, markets: [market], sets: [], gone: [] }
    this.engine.process({ kind: 'catalogue', change, at: msOf(this.#ms) })
  }

  frame(venue: VenueId, line: string): void {
    const bytes = new TextEncoder().encode(line)
    this.engine.onFrame(venue, 0, bytes, msOf(this.#ms))
  }

  /** YES for 46 cents here and NO for 51 there, fresh again. */
  misprice(): void {
    this.quote(1_000, '0.49x100 / 0.50x100')
  }

  /** Time passes, and both books are heard of: 45 to 46 cents here, and there as told. */
  quote(ms: number, kalshi: string): void {
    this.#ms += ms
    this.frame('polymarket', 'book 0xrain:yes 0.45x100 / 0.46x100')
    this.frame('kalshi', `book KXRAIN:yes ${kalshi}`)
  }

  get sent(): readonly (readonly [VenueId, string, number])[] {
    return this.effects.flatMap((one) =>
      one.kind === 'place-basket'
        ? one.intent.orders.map(({ venue, outcome, limit }) => [venue, outcome, limit] as const)
        : [],
    )
  }

  get noted(): number {
    return this.effects.filter(({ kind }) => kind === 'note-signal').length
  }

  get approved(): number {
    return this.effects.filter((one) => one.kind === 'note-signal' && one.approved).length
  }
}

describe('a confirmed pair', () => {
  test('is bought on both venues, with a certificate that the engine can check', () => {
    const trading = new Trading()

    trading.misprice()

    expect(trading.approved).toBe(1)
    expect(trading.sent).toEqual([['polymarket', 'yes', 4_600]])
    // The leg that went first has filled: now the other follows.
    trading.quote(10, '0.49x100 / 0.50x100')
    expect(trading.sent).toEqual([
      ['polymarket', 'yes', 4_600],
      ['kalshi', 'no', 5_100],
    ])
  })

  test('is not traded any more once a venue edits its rules', () => {
    const trading = new Trading()

    trading.list({ ...there, rules: 'If it rains in Paris, Texas, Yes.' })
    trading.misprice()

    expect(trading.sentinel.withdrawn(sameRain.id)).toBe('rules-changed')
    expect(trading.noted).toBe(0)
  })

  test('is not traded any more once its prices have been apart for too long', () => {
    const trading = new Trading()

    for (let ms = 0; ms <= sentinelDefaults.gapMsMax + 10_000; ms += 5_000) {
      trading.quote(5_000, '0.60x100 / 0.61x100')
    }
    const before = trading.noted
    trading.misprice()

    expect(trading.sentinel.withdrawn(sameRain.id)).toBe('prices-apart')
    expect(before).toBeGreaterThan(0)
    expect(trading.noted).toBe(before)
  })
})
