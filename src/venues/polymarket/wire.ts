import { z } from 'zod'
import { parsePrice, parseSize } from '../../core/decimal.ts'
import type { InstrumentId, MarketId } from '../../core/market.ts'
import type { EpochMs, MicroShares, Ticks } from '../../core/units.ts'
import { noAsk, noBid, ticksPerUsd } from '../../core/units.ts'

/**
 * What travels on the market channel and from the CLOB's read endpoints.
 *
 * docs/venues/polymarket.md, 3.2 and 4. Numbers are strings on the wire and become units here.
 */

export type ConditionId = MarketId

/** Text that becomes a value, or is refused with what it should have been. */
function parsed<T>(parse: (text: string) => T | undefined, expected: string): z.ZodType<T> {
  return z.string().transform((text, context): T => {
    const value = parse(text)
    if (value !== undefined) return value
    context.issues.push({ code: 'custom', message: `expected ${expected}`, input: text })
    return z.NEVER
  })
}

function matching<T extends string>(pattern: RegExp, expected: string): z.ZodType<T> {
  return parsed((text) => (pattern.test(text) ? (text as T) : undefined), expected)
}

/** 32 bytes in hex; markets of the second protocol have 31. docs/venues/polymarket.md, 0.4. */
const conditionId: z.ZodType<ConditionId> = matching(/^0x[0-9a-f]{62,64}$/, 'a condition id')
const tokenId: z.ZodType<InstrumentId> = matching(/^[0-9]{1,78}$/, 'a token id')
const price: z.ZodType<Ticks> = parsed(parsePrice, 'a price between 0 and 1')
const size: z.ZodType<MicroShares> = parsed(parseSize, 'a size')
/**
 * A SHA-1 in hex. We never compute with it, only compare, so the characters next to the hex digits
 * in ASCII pass too: the fast layers can tell those apart from the rest at once.
 */
const bookHash: z.ZodType<string> = matching(/^[0-?`-\u007f]{40}$/, 'forty hex digits')
const timestamp: z.ZodType<EpochMs> = parsed(
  (text) => (/^[1-9][0-9]{0,14}$/.test(text) ? (Number(text) as EpochMs) : undefined),
  'milliseconds since 1970',
)
/** A grid's step: it divides a dollar. */
const tickSize: z.ZodType<Ticks> = parsed((text) => {
  const ticks = parsePrice(text)
  return ticks !== undefined && ticks > 0 && ticksPerUsd % ticks === 0 ? ticks : undefined
}, 'a tick size')
/** A best price; an empty side comes as "", "0" or "1". docs/venues/polymarket.md, 4.5. */
const bestPrice = (empty: Ticks): z.ZodType<Ticks> =>
  parsed((text) => (text === '' ? empty : parsePrice(text)), 'a best price')
/** Only the hash needs it, as it was written; what cannot be a price leaves the book unproven. */
const lastTradePrice: z.ZodType<string> = z.string().max(32)

export type WireLevel = { readonly price: Ticks; readonly size: MicroShares }
const level: z.ZodType<WireLevel> = z.object({ price, size })

/** A whole book, of one token. Without `tick_size` and `last_trade_price` after a trade. 4.4. */
export type BookMessage = {
  readonly market: ConditionId
  readonly asset_id: InstrumentId
  readonly timestamp: EpochMs
  readonly hash?: string | undefined
  readonly bids: readonly WireLevel[]
  readonly asks: readonly WireLevel[]
  readonly tick_size?: Ticks | undefined
  readonly last_trade_price?: string | undefined
}
const bookFields = {
  market: conditionId,
  asset_id: tokenId,
  timestamp,
  hash: bookHash.optional(),
  bids: z.array(level),
  asks: z.array(level),
  tick_size: tickSize.optional(),
  last_trade_price: lastTradePrice.optional(),
}

/** `GET /book`: all that the hash covers. docs/venues/polymarket.md, 3.2. */
export type RestBook = BookMessage & {
  readonly min_order_size: MicroShares
  readonly neg_risk: boolean
}
export const restBook: z.ZodType<RestBook> = z.object({
  ...bookFields,
  min_order_size: size,
  neg_risk: z.boolean(),
})

/** One entry of a price change: `size` is the new size of the level, zero when it is gone. 4.5. */
export type WireChange = {
  readonly asset_id: InstrumentId
  readonly price: Ticks
  readonly size: MicroShares
  readonly side: 'BUY' | 'SELL'
  readonly hash: string
  readonly best_bid?: Ticks | null | undefined
  readonly best_ask?: Ticks | null | undefined
}
const change: z.ZodType<WireChange> = z.object({
  asset_id: tokenId,
  price,
  size,
  side: z.enum(['BUY', 'SELL']),
  hash: bookHash,
  best_bid: bestPrice(noBid).nullish(),
  best_ask: bestPrice(noAsk).nullish(),
})

/** What all messages about one token carry. */
type OfToken = {
  readonly market: ConditionId
  readonly asset_id: InstrumentId
  readonly timestamp: EpochMs
}
const ofToken = { market: conditionId, asset_id: tokenId, timestamp }

export type PriceChangeMessage = {
  readonly event_type: 'price_change'
  readonly market: ConditionId
  readonly timestamp: EpochMs
  readonly price_changes: readonly WireChange[]
}

export type NewMarketMessage = {
  readonly event_type: 'new_market'
  readonly market: ConditionId
  readonly timestamp: EpochMs
}

export type MarketResolvedMessage = {
  readonly event_type: 'market_resolved'
  readonly market: ConditionId
  readonly winning_asset_id: InstrumentId
  readonly timestamp: EpochMs
}

/** Everything the market channel sends. docs/venues/polymarket.md, 4.3. */
export type MarketMessage =
  | (BookMessage & { readonly event_type: 'book' })
  | PriceChangeMessage
  | (OfToken & {
      readonly event_type: 'last_trade_price'
      readonly price: Ticks
      readonly size: MicroShares
      readonly side: 'BUY' | 'SELL'
    })
  | (OfToken & {
      readonly event_type: 'best_bid_ask'
      readonly best_bid: Ticks
      readonly best_ask: Ticks
    })
  | (OfToken & { readonly event_type: 'tick_size_change'; readonly new_tick_size: Ticks })
  | NewMarketMessage
  | MarketResolvedMessage

export type MessageName = MarketMessage['event_type']

const messages: { readonly [Name in MessageName]: z.ZodType<MarketMessage> } = {
  book: z.object({ event_type: z.literal('book'), ...bookFields }),
  price_change: z.object({
    event_type: z.literal('price_change'),
    market: conditionId,
    timestamp,
    price_changes: z.array(change),
  }),
  last_trade_price: z.object({
    event_type: z.literal('last_trade_price'),
    ...ofToken,
    price,
    size,
    side: z.enum(['BUY', 'SELL']),
  }),
  best_bid_ask: z.object({
    event_type: z.literal('best_bid_ask'),
    ...ofToken,
    best_bid: bestPrice(noBid),
    best_ask: bestPrice(noAsk),
  }),
  tick_size_change: z.object({
    event_type: z.literal('tick_size_change'),
    ...ofToken,
    new_tick_size: tickSize,
  }),
  new_market: z.object({ event_type: z.literal('new_market'), market: conditionId, timestamp }),
  market_resolved: z.object({
    event_type: z.literal('market_resolved'),
    market: conditionId,
    winning_asset_id: tokenId,
    timestamp,
  }),
}

/** The legacy form, until autumn 2025: one token and `changes`. docs/venues/polymarket.md, 4.5. */
export const legacyChange: z.ZodType = z.object({ changes: z.array(z.unknown()) })

export function isMessageName(name: unknown): name is MessageName {
  return typeof name === 'string' && Object.hasOwn(messages, name)
}

/** The message as its schema reads it, or what does not fit: where, and what was expected. */
export function readMessage(name: MessageName, json: unknown): MarketMessage | string {
  const result = messages[name].safeParse(json)
  if (result.success) return result.data

  const issue = result.error.issues[0]
  return issue === undefined ? 'nothing fits' : `${issue.path.join('.')}: ${issue.message}`
}
