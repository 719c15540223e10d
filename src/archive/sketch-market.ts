import type { InstrumentId, Market, MarketId } from '../core/market.ts'
import { uniformGrid } from '../core/price-grid.ts'
import type { MicroShares, Ticks } from '../core/units.ts'

/** Sizes of Polymarket and of Kalshi have two decimals. */
const lot = 10_000 as MicroShares
/** What nearly all books of Polymarket say; their hash needs it. docs/venues/polymarket.md, 3.2. */
const polymarketSizeMin = 5_000_000 as MicroShares

const unknown = {
  label: '',
  set: undefined,
  status: 'open',
  bookKind: 'mirrored',
  lot,
  fee: { kind: 'unknown', reason: 'the archive does not tell' },
  negRisk: false,
  takerDelayMs: 0,
  closesAt: undefined,
  volume24h: undefined,
  liquidity: undefined,
  tags: [],
  strike: undefined,
  rules: '',
  resolutionSource: '',
  resolution: undefined,
} as const

/**
 * A market of Polymarket of which only its frames are known.
 *
 * Which of its tokens is YES they do not tell: it is the one that was told of first. Its fee is
 * unknown, so nothing trades in it.
 */
export function sketchPolymarket(id: string, tokens: readonly string[], tick: Ticks): Market {
  const [yes = madeToken(id, 0), no = madeToken(id, 1)] = tokens
  return {
    ...unknown,
    venue: 'polymarket',
    id: id as MarketId,
    slug: id,
    question: `Market ${id}`,
    yes: { id: yes as InstrumentId, outcome: 'yes', label: 'told of first' },
    no: { id: no as InstrumentId, outcome: 'no', label: 'the other' },
    grid: uniformGrid(tick),
    sizeMin: polymarketSizeMin,
  }
}

/** A market of Kalshi of which only its frames are known. */
export function sketchKalshi(ticker: string, step: Ticks): Market {
  return {
    ...unknown,
    venue: 'kalshi',
    id: ticker as MarketId,
    slug: ticker,
    question: `Market ${ticker}`,
    yes: { id: `${ticker}:yes` as InstrumentId, outcome: 'yes', label: 'Yes' },
    no: { id: `${ticker}:no` as InstrumentId, outcome: 'no', label: 'No' },
    grid: uniformGrid(step),
    sizeMin: lot,
  }
}

/** The coarsest of the usual steps that all these prices lie on. */
export function stepOf(prices: Iterable<Ticks>): Ticks {
  let step = 100
  for (const price of prices) while (price % step !== 0) step /= 10
  return step as Ticks
}

/**
 * A market whose grid holds all these prices: grids become finer during a market's life, and a made
 * book does not say when.
 */
export function withGridFor(market: Market, prices: ReadonlySet<Ticks>): Market {
  const isCoarse = [...prices].some((price) => price % market.grid.resolution !== 0)
  return isCoarse ? { ...market, grid: uniformGrid(stepOf(prices)) } : market
}

/** A token id of the right form for one that no message was about. */
function madeToken(id: string, place: number): string {
  const digits = [...Buffer.from(id)].join('')
  return `${9 - place}${digits.slice(-75).padStart(75, '1')}`
}
