import type {
  InstrumentId,
  Market,
  MarketId,
  MarketStatus,
  Outcome,
  OutcomeSetId,
  Strike,
} from '../../core/market.ts'
import type { EpochMs, MicroShares } from '../../core/units.ts'
import { proceeds } from '../../core/units.ts'
import type { FeeFacts } from './fees.ts'
import { feeSchedule } from './fees.ts'
import type { KalshiEvent, KalshiMarket, Series, Source } from './listing.ts'
import { resolutionOf, toPriceGrid } from './wire.ts'

/** Why a market of the venue is not taken; a label of a count. */
export type MarketRefusal =
  | 'schema'
  | 'scalar'
  | 'combo'
  | 'provisional'
  | 'payout'
  | 'settlement-floor'
  | 'no-grid'
  | 'bad-grid'

/** What a market has from around it. */
export type Surroundings = {
  readonly event: KalshiEvent
  readonly series: Series | undefined
  readonly set: OutcomeSetId | undefined
  readonly fees: Omit<FeeFacts, 'waivedUntil'>
  /** The exchange trades, now and until the horizon. */
  readonly isTrading: boolean
  readonly now: EpochMs
  readonly horizon: EpochMs
}

/** Contracts come in hundredths. docs/venues/kalshi.md, 3.4. */
const lot = 10_000 as MicroShares

/** A market of the venue in our words, or why it is none that we can trade. */
export function toMarket(market: KalshiMarket, around: Surroundings): Market | MarketRefusal {
  const unfit = unfitness(market)
  if (unfit !== undefined) return unfit
  const grid = toPriceGrid(market.price_ranges ?? [])
  if (grid === undefined) return 'bad-grid'

  const { event, series, fees, now, horizon } = around
  const waivedUntil = market.fee_waiver_expiration_time ?? undefined
  const status = statusOf(market, around)
  return {
    venue: 'kalshi',
    id: market.ticker as MarketId,
    slug: market.ticker,
    question: questionOf(market, event),
    label: market.yes_sub_title.trim(),
    yes: instrument(market, 'yes'),
    no: instrument(market, 'no'),
    set: around.set,
    status,
    bookKind: 'mirrored',
    grid,
    lot,
    sizeMin: lot,
    fee: feeSchedule({ ...fees, waivedUntil }, now, horizon),
    negRisk: false,
    takerDelayMs: 0,
    closesAt: market.close_time,
    volume24h: volumeOf(market),
    liquidity: undefined,
    tags: tagsOf(event, series),
    strike: strikeOf(market),
    rules: [market.rules_primary, market.rules_secondary].filter(isText).join('\n\n'),
    resolutionSource: sourceText(event.settlement_sources ?? series?.settlement_sources),
    resolution:
      status === 'resolved'
        ? resolutionOf(market.result ?? '', market.settlement_value_dollars ?? undefined)
        : undefined,
  }
}

function unfitness(market: KalshiMarket): MarketRefusal | undefined {
  if (isText(market.mve_collection_ticker)) return 'combo'
  if (market.market_type !== 'binary') return 'scalar'
  if (market.is_provisional === true) return 'provisional'
  if (Number(market.notional_value_dollars) !== 1) return 'payout'
  if ((market.settlement_bounds_type ?? 'default') !== 'default') return 'settlement-floor'
  return (market.price_ranges ?? []).length === 0 ? 'no-grid' : undefined
}

/**
 * The status now. A market opens and closes by the clock, without a message.
 *
 * docs/venues/kalshi.md, 3.2.
 */
function statusOf(market: KalshiMarket, { isTrading, now }: Surroundings): MarketStatus {
  switch (market.status) {
    case 'active':
      if (market.close_time !== undefined && market.close_time <= now) return 'closed'
      return isTrading ? 'open' : 'paused'
    case 'determined':
    case 'amended':
    case 'finalized':
      return 'resolved'
    case 'closed':
    case 'disputed':
      return 'closed'
  }
  // `initialized`, `inactive`, and words that are new to us.
  return 'paused'
}

/** A contract's side has no name of its own at the venue; this one is ours. */
export function instrumentId(ticker: string, outcome: Outcome): InstrumentId {
  return `${ticker}:${outcome}` as InstrumentId
}

function instrument(market: KalshiMarket, outcome: Outcome): Market['yes'] {
  const label = outcome === 'yes' ? market.yes_sub_title : market.no_sub_title
  // Most markets name both sides after YES.
  const isNamed = outcome === 'yes' || market.no_sub_title !== market.yes_sub_title
  const said = isNamed && isText(label) ? label.trim() : outcome === 'yes' ? 'Yes' : 'No'
  return { id: instrumentId(market.ticker, outcome), outcome, label: said }
}

/** The market's title where it still has one; it is the event's that stays. */
function questionOf(market: KalshiMarket, event: KalshiEvent): string {
  if (isText(market.title)) return market.title.trim()
  const parts = [event.title, event.sub_title].filter(isText).map((text) => text.trim())
  return isText(market.yes_sub_title)
    ? `${parts.join(', ')}: ${market.yes_sub_title.trim()}`
    : parts.join(', ')
}

/** Contracts of the last day at the last price: what Kalshi itself does not tell in dollars. */
function volumeOf(market: KalshiMarket): Market['volume24h'] {
  const volume = market.volume_24h_fp ?? undefined
  const last = market.last_price_dollars ?? undefined
  return volume === undefined || last === undefined ? undefined : proceeds(last, volume)
}

function tagsOf(event: KalshiEvent, series: Series | undefined): readonly string[] {
  const tags = [series?.category ?? event.category, ...(series?.tags ?? [])]
  return [...new Set(tags.filter(isText))]
}

const strikeKinds: Readonly<Record<string, Strike['kind']>> = {
  greater: 'above',
  greater_or_equal: 'at-least',
  less: 'below',
  less_or_equal: 'at-most',
  between: 'between',
}

/** The number that decides the market. Undefined where something else does, or it is not whole. */
function strikeOf(market: KalshiMarket): Strike | undefined {
  const kind = strikeKinds[market.strike_type ?? '']
  if (kind === undefined) return undefined

  const floor = decimalText(market.floor_strike)
  const cap = decimalText(market.cap_strike)
  const needsFloor = kind === 'above' || kind === 'at-least' || kind === 'between'
  const needsCap = kind === 'below' || kind === 'at-most' || kind === 'between'
  if ((needsFloor && floor === undefined) || (needsCap && cap === undefined)) return undefined
  return { kind, floor: needsFloor ? floor : undefined, cap: needsCap ? cap : undefined }
}

function decimalText(text: string | null | undefined): string | undefined {
  return isText(text) && /^-?\d+(\.\d+)?$/.test(text) ? text : undefined
}

function sourceText(sources: readonly Source[] | null | undefined): string {
  return (sources ?? [])
    .map(({ name, url }) => (isText(url) ? `${name} (${url})` : name))
    .join('; ')
}

function isText(text: string | null | undefined): text is string {
  return text !== undefined && text !== null && text.trim() !== ''
}
