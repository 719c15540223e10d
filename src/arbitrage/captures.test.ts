import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { BookSlab } from '../core/book-slab.ts'
import { parsePrice, parseSize } from '../core/decimal.ts'
import { freeCurve } from '../core/fee.ts'
import type { Market } from '../core/market.ts'
import { askSide, bidSide, OrderBook } from '../core/order-book.ts'
import { OutcomeBook } from '../core/outcome-book.ts'
import type { OutcomeSet } from '../core/outcome-set.ts'
import type { EpochMs, MicroShares, Ppm, Ticks } from '../core/units.ts'
import { KalshiEvent, KalshiMarket } from '../venues/kalshi/listing.ts'
import { setIdOf, toOutcomeSet } from '../venues/kalshi/outcome-sets.ts'
import { toMarket } from '../venues/kalshi/to-market.ts'
import { gammaEvent, gammaMarket } from '../venues/polymarket/gamma.ts'
import { toMarket as gammaToMarket } from '../venues/polymarket/gamma-market.ts'
import {
  setIdOf as gammaSetIdOf,
  toOutcomeSet as gammaToOutcomeSet,
} from '../venues/polymarket/outcome-sets.ts'
import { buildGroups } from './build-groups.ts'
import type { RelationEntry } from './relation-entry.ts'
import { survey, type Survey } from './survey.ts'

const folder = process.env['CAPTURES_DIR'] ?? ''
const haveCaptures = existsSync(path.join(folder, 'kalshi/rest'))
if (!haveCaptures) console.log('skipped: CAPTURES_DIR names no folder with captures')

type Quoted = { readonly market: Market; readonly quote: Quote }
type Quote = {
  readonly bid: Ticks
  readonly bidSize: MicroShares
  readonly ask: Ticks
  readonly askSize: MicroShares
}
type Catalogue = { readonly quoted: readonly Quoted[]; readonly sets: readonly OutcomeSet[] }

const price = z.string().transform((text) => parsePrice(text) ?? (0 as Ticks))
const size = z
  .string()
  .optional()
  .transform((text) => parseSize(text ?? '0') ?? (0 as MicroShares))

const KalshiQuote = z.object({
  yes_bid_dollars: price,
  yes_bid_size_fp: size,
  yes_ask_dollars: price,
  yes_ask_size_fp: size,
})

/** Every event with markets inside, wherever it lies in a body. */
function eventsIn(json: unknown): readonly unknown[] {
  if (Array.isArray(json)) return json.flatMap(eventsIn)
  if (typeof json !== 'object' || json === null) return []
  if ('event_ticker' in json && 'markets' in json) return [json]
  return Object.values(json).flatMap(eventsIn)
}

/** The listing as it was: its best prices are all the books there are. */
function kalshiCatalogue(files: readonly string[]): Catalogue {
  const quoted: Quoted[] = []
  const sets: OutcomeSet[] = []
  for (const file of files) {
    const json: unknown = JSON.parse(readFileSync(path.join(folder, 'kalshi/rest', file), 'utf8'))
    for (const body of eventsIn(json)) {
      const event = KalshiEvent.parse(body)
      const { markets } = z.object({ markets: z.array(z.unknown()) }).parse(body)
      const own = markets.flatMap((one) => kalshiMarket(one, event) ?? [])
      quoted.push(...own)
      const set = toOutcomeSet(
        {
          event,
          markets: own.map(({ market }) => market),
          refusedCount: markets.length - own.length,
        },
        [],
      )
      if (set !== undefined) sets.push(set)
    }
  }
  return { quoted, sets }
}

function kalshiMarket(body: unknown, event: z.output<typeof KalshiEvent>): Quoted | undefined {
  const market = toMarket(KalshiMarket.parse(body), {
    event,
    series: undefined,
    set: setIdOf(event),
    fees: {
      series: { type: 'quadratic', multiplier: 1 },
      seriesChanges: [],
      event: { type: null, multiplier: null },
      eventChanges: [],
    },
    isTrading: true,
    now: Date.UTC(2026, 7, 1) as EpochMs,
    horizon: Date.UTC(2026, 7, 2) as EpochMs,
  })
  if (typeof market === 'string') return undefined
  const quote = KalshiQuote.parse(body)
  return {
    market,
    quote: {
      bid: quote.yes_bid_dollars,
      bidSize: quote.yes_bid_size_fp,
      ask: quote.yes_ask_dollars,
      askSize: quote.yes_ask_size_fp,
    },
  }
}

const kalshiFiles = [
  'events_sports_nested_cockpit.json',
  'events_nfl_preseason_cockpit.json',
  'events_mlb_props_nested_cockpit.json',
  'events_mlb_spread_total_nested_20260820_cockpit.json',
]

const GammaQuote = z.object({
  bestBid: z.number().optional(),
  bestAsk: z.number().optional(),
})

function worldCup(): Catalogue {
  const file = path.join(folder, 'polymarket/gamma/event_negrisk_worldcup_winner_polyarb.json')
  const json: unknown = JSON.parse(readFileSync(file, 'utf8'))
  const body: unknown = Array.isArray(json) ? json[0] : json
  const event = gammaEvent.parse(body)
  const bodies = z.object({ markets: z.array(z.unknown()) }).parse(body).markets
  const children = bodies.flatMap((one) => {
    const gamma = gammaMarket.parse(one)
    const market = gammaToMarket(gamma, {
      set: gammaSetIdOf(event),
      bookKind: 'mirrored',
      tags: [],
    })
    if (typeof market === 'string') return []
    const { bestBid = 0, bestAsk = 1 } = GammaQuote.parse(one)
    const depth = 1_000_000_000 as MicroShares
    const quote = {
      bid: Math.round(bestBid * 10_000) as Ticks,
      bidSize: depth,
      ask: Math.round(bestAsk * 10_000) as Ticks,
      askSize: depth,
    }
    return [{ gamma, market, quote }]
  })
  const set = gammaToOutcomeSet(
    { event, children, refusedCount: bodies.length - children.length },
    [],
  )
  return { quoted: children, sets: set === undefined ? [] : [set] }
}

function surveyOf(
  { quoted, sets }: Catalogue,
  fees: 'with' | 'without',
  entries: readonly RelationEntry[] = [],
): Survey & { readonly groups: number; readonly crossed: number } {
  const markets = quoted.map(({ market }) => (fees === 'with' ? market : withoutFee(market)))
  const slab = new BookSlab()
  let crossed = 0
  const books = new Map(
    markets.map((market, index) => {
      const quote = quoted[index]?.quote
      const book = new OrderBook(index, market.grid, slab)
      if (quote !== undefined && book.holds(quote.bid)) book.set(bidSide, quote.bid, quote.bidSize)
      if (quote !== undefined && book.holds(quote.ask)) book.set(askSide, quote.ask, quote.askSize)
      if (book.crossed) crossed++
      return [
        market.id,
        { yes: new OutcomeBook(book, 'direct'), no: new OutcomeBook(book, 'mirrored') },
      ]
    }),
  )
  const { byId } = buildGroups({ markets, sets, entries })
  const found = survey(byId.values(), {
    books: ({ id }) => books.get(id),
    nowMs: Date.UTC(2026, 7, 1) as EpochMs,
    cash: undefined,
    hurdle: 0 as Ppm,
    hurdlePerYear: 0 as Ppm,
    solver: undefined,
    levels: ({ market }, outcome, side) =>
      books.get(market)?.[outcome].levels(side === 'ask' ? askSide : bidSide) ?? [],
  })
  return { ...found, crossed }
}

function withoutFee(market: Market): Market {
  return {
    ...market,
    fee: { kind: 'known', taker: freeCurve, maker: freeCurve, rounding: 'down-to-5-decimals' },
  }
}

describe.runIf(haveCaptures)('on captured listings of Kalshi', () => {
  test('no book is crossed, and nothing is found once fees are paid', () => {
    const looked = surveyOf(kalshiCatalogue(kalshiFiles), 'with')

    expect(looked).toEqual({
      found: [],
      groups: 168,
      screenedOut: 168,
      notLooked: 0,
      refused: [],
      crossed: 0,
    })
  })

  test('before fees there are bids of a set above a dollar, a cent that the fee takes back', () => {
    const looked = surveyOf(kalshiCatalogue(kalshiFiles), 'without')

    // The bids of the two teams of a pre-season game come to $1.01. At most one of them wins, so
    // without fees it would be true; 7 % of p × (1 − p) on each leg is three times the cent.
    expect(looked.found.map(({ kind, group }) => [kind, group])).toEqual([
      ['no-basket', 'kalshi:KXNFLGAME-26AUG13LACHOU'],
    ])
    expect(looked.refused).toEqual([])
  })

  test('ladders are made only where players, teams and games agree', () => {
    const { quoted, sets } = kalshiCatalogue(kalshiFiles)
    const { byId } = buildGroups({ markets: quoted.map(({ market }) => market), sets, entries: [] })
    const ladders = [...byId.values()].filter(({ facts }) => facts.shape === 'ladder')

    const subjects = ladders.map(({ members }) => new Set(members.map(({ id }) => subjectOf(id))))
    expect(subjects.every((names) => names.size === 1)).toBe(true)
    expect([ladders.length, ladders.flatMap(({ members }) => members).length]).toEqual([122, 595])
  })
})

/** A ticker without its strike: "KXMLBKS-…-CWSAKAY18-3" is of "KXMLBKS-…-CWSAKAY18". */
function subjectOf(ticker: string): string {
  return ticker.replace(/-?\d+$/, '')
}

describe.runIf(haveCaptures)('on a captured set of Polymarket', () => {
  test('an augmented set with placeholders is not exhaustive, whatever its asks come to', () => {
    const { quoted, sets } = worldCup()
    const { byId } = buildGroups({ markets: quoted.map(({ market }) => market), sets, entries: [] })
    const [group] = [...byId.values()].filter(({ facts }) => facts.shape === 'set')

    expect(group?.facts.exhaustive).toBe(false)
    expect(group?.members.length).toBeGreaterThan(20)
    expect(surveyOf({ quoted, sets }, 'without').found.map(({ kind }) => kind)).not.toContain(
      'yes-basket',
    )
  })

  test('a person who calls it exhaustive is not believed while a member is still unnamed', () => {
    const { quoted, sets } = worldCup()
    const entry: RelationEntry = {
      kind: 'set',
      set: { venue: 'polymarket', name: sets[0]?.slug ?? '' },
      exclusive: false,
      exhaustive: true,
      because: 'somebody wins a world cup',
      line: 1,
    }
    const { byId } = buildGroups({
      markets: quoted.map(({ market }) => market),
      sets,
      entries: [entry],
    })

    expect([...byId.values()].some(({ facts }) => facts.exhaustive)).toBe(false)
  })

  test('its bids come to less than a dollar, so nothing is found', () => {
    const looked = surveyOf(worldCup(), 'with')

    expect(looked.found).toEqual([])
    expect(looked.crossed).toBe(0)
  })
})
