import { parseDecimal } from '../../core/decimal.ts'
import type {
  BookKind,
  Instrument,
  InstrumentId,
  Market,
  MarketId,
  MarketStatus,
  Outcome,
  OutcomeSetId,
  Resolution,
} from '../../core/market.ts'
import type { PriceGrid } from '../../core/price-grid.ts'
import { uniformGrid } from '../../core/price-grid.ts'
import type { EpochMs, MicroShares, MicroUsd, Ticks } from '../../core/units.ts'
import { ppm, ticksPerUsd } from '../../core/units.ts'
import { feeSchedule } from './fees.ts'
import type { GammaMarket } from './gamma.ts'

/** What a market takes from the event it belongs to. */
export type MarketContext = {
  readonly set: OutcomeSetId | undefined
  readonly bookKind: BookKind
  readonly tags: readonly string[]
}

/** Why a market is not taken: a label for a counter. */
export type MarketRefusal =
  | 'schema'
  | 'protocol-v2'
  | 'no-tokens-yet'
  | 'not-binary'
  | 'no-order-book'
  | 'bad-id'
  | 'bad-tick-size'
  | 'bad-size'

/** Sizes of orders have two decimals. docs/venues/polymarket.md, 7.4. */
const lot = 10_000 as MicroShares
/** Whole cents, a dollar at the least. docs/venues/polymarket.md, 3.9 and 7.5. */
const takerSpend = { step: 10_000 as MicroUsd, min: 1_000_000 as MicroUsd }

/**
 * A market of Gamma in our words, or why it does not fit.
 *
 * `no-tokens-yet` is a market that the CLOB does not know yet: it fits some minutes later. 2.4.
 */
export function toMarket(gamma: GammaMarket, context: MarketContext): Market | MarketRefusal {
  if ((gamma.version ?? 'v1') !== 'v1') return 'protocol-v2'
  if (gamma.enableOrderBook !== true) return 'no-order-book'
  const tokens = gamma.clobTokenIds ?? []
  if (tokens.length === 0 || tokens.includes('')) return 'no-tokens-yet'
  const [yes, no] = instruments(tokens, gamma.outcomes ?? [])
  if (yes === undefined || no === undefined) return 'not-binary'
  if (!/^0x[0-9a-f]{64}$/.test(gamma.conditionId)) return 'bad-id'
  if (!tokens.every((token) => /^[0-9]{1,78}$/.test(token))) return 'bad-id'
  const grid = gridOf(gamma.orderPriceMinTickSize)
  if (grid === undefined) return 'bad-tick-size'
  const sizeMin = micro(gamma.orderMinSize)
  if (sizeMin === undefined) return 'bad-size'

  return {
    venue: 'polymarket',
    id: gamma.conditionId as MarketId,
    slug: gamma.slug,
    question: gamma.question,
    label: gamma.groupItemTitle ?? '',
    yes,
    no,
    set: context.set,
    status: statusOf(gamma),
    bookKind: context.bookKind,
    grid,
    lot,
    takerSpend,
    sizeMin: sizeMin as MicroShares,
    fee: feeSchedule(gamma),
    negRisk: gamma.negRisk === true,
    takerDelayMs: Math.ceil((gamma.secondsDelay ?? 0) * 1000),
    closesAt: instantOf(gamma.endDate),
    volume24h: usd(gamma.volume24hr),
    liquidity: usd(gamma.liquidityNum),
    tags: context.tags,
    strike: undefined,
    rules: gamma.description ?? '',
    resolutionSource: gamma.resolutionSource ?? '',
    resolution: resolutionOf(gamma),
  }
}

/** Index 0 is the primary token, which we call YES whatever its label is. 2.2. */
function instruments(tokens: readonly string[], labels: readonly string[]): Instrument[] {
  if (tokens.length !== 2 || labels.length !== 2 || tokens[0] === tokens[1]) return []
  return tokens.map((token, index) => ({
    id: token as InstrumentId,
    outcome: (index === 0 ? 'yes' : 'no') satisfies Outcome,
    label: labels[index] ?? '',
  }))
}

function gridOf(tickSize: number | null | undefined): PriceGrid | undefined {
  const tick = decimal(tickSize, 4)
  if (tick === undefined || tick <= 0 || ticksPerUsd % tick !== 0) return undefined
  return uniformGrid(tick as Ticks)
}

/** Trade only if active, not closed, accepting orders, with an order book. 2.2. */
function statusOf(gamma: GammaMarket): MarketStatus {
  if (resolutionOf(gamma) !== undefined) return 'resolved'
  if (gamma.closed === true) return 'closed'
  return gamma.active === true && gamma.acceptingOrders === true ? 'open' : 'paused'
}

/** Once the oracle has spoken, prices are what a share pays. docs/venues/polymarket.md, 10.6. */
function resolutionOf(gamma: GammaMarket): Resolution | undefined {
  if (gamma.closed !== true || gamma.umaResolutionStatus !== 'resolved') return undefined
  const [yes, no] = (gamma.outcomePrices ?? []).map((text) => parseDecimal(text, 6))
  if (yes === undefined || no === undefined || yes + no !== 1_000_000) return undefined
  return { yesValue: ppm(yes) }
}

function instantOf(text: string | null | undefined): EpochMs | undefined {
  const instant = text === null || text === undefined ? Number.NaN : Date.parse(text)
  return Number.isNaN(instant) ? undefined : (instant as EpochMs)
}

/** A JSON number as a whole number of 10^-decimals; the shortest text of it is what was written. */
function decimal(value: number | null | undefined, decimals: number): number | undefined {
  return value === null || value === undefined ? undefined : parseDecimal(String(value), decimals)
}

function micro(value: number | null | undefined): number | undefined {
  const size = decimal(value, 6)
  return size === undefined || size < 0 ? undefined : size
}

/** A figure for filters and for people: fractions of a micro-dollar are cut off. */
function usd(value: number | null | undefined): MicroUsd | undefined {
  if (value === null || value === undefined) return undefined
  const money = Math.floor(value * 1e6)
  return Number.isSafeInteger(money) ? (money as MicroUsd) : undefined
}
