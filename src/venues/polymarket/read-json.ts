import type { MicroShares } from '../../core/units.ts'
import type {
  BookMessage,
  ConditionId,
  MarketMessage,
  PriceChangeMessage,
  WireLevel,
} from './wire.ts'
import { isMessageName, legacyChange, readMessage, restBook } from './wire.ts'
import type { EventBatch, EventDetail } from './event-batch.ts'
import { eventKind, hashWords, unknownToken, untold } from './event-batch.ts'
import { encodeLastTrade } from './last-trade.ts'
import type { TokenTable } from './token-table.ts'

/** What `GET /book` tells besides the levels; the hash covers it. */
export type RestFacts = { readonly sizeMin: MicroShares; readonly negRisk: boolean }

/**
 * The layer that understands everything: `JSON.parse` and a schema.
 *
 * It says what a frame means; the faster layers may only say the same, or nothing.
 * Gives the reason of refusal, or undefined when the batch holds the whole frame.
 */
export function readJson(text: string, batch: EventBatch, tokens: TokenTable): string | undefined {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return 'not-json'
  }

  const elements: readonly unknown[] = Array.isArray(json) ? json : [json]
  if (elements.length > batch.eventsMax) return 'too-large'
  for (const element of elements) {
    const refusal = readElement(element, batch, tokens)
    if (refusal !== undefined) return refusal
  }
  return undefined
}

/** Reads the body of `GET /book`; gives what it tells besides the levels, or why it is refused. */
export function readRestBook(
  text: string,
  batch: EventBatch,
  tokens: TokenTable,
): RestFacts | string {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return 'not-json'
  }
  const result = restBook.safeParse(json)
  if (!result.success) return 'schema-rest-book'

  const refusal = addBook(result.data, batch, tokens)
  return refusal ?? { sizeMin: result.data.min_order_size, negRisk: result.data.neg_risk }
}

function readElement(json: unknown, batch: EventBatch, tokens: TokenTable): string | undefined {
  if (typeof json !== 'object' || json === null) return 'not-an-event'

  const name = 'event_type' in json ? json.event_type : undefined
  if (!isMessageName(name)) {
    // The venue may send news of a kind we do not know; it says nothing about a book.
    if (typeof name !== 'string') return 'not-an-event'
    addEvent(batch, eventKind.unknown, unknownToken, 0)
    return undefined
  }
  if (name === 'price_change' && legacyChange.safeParse(json).success) return 'legacy-shape'

  const message = readMessage(name, json)
  if (typeof message === 'string') return `schema-${name}`
  return addMessage(message, batch, tokens)
}

function addMessage(
  message: MarketMessage,
  batch: EventBatch,
  tokens: TokenTable,
): string | undefined {
  switch (message.event_type) {
    case 'book':
      return addBook(message, batch, tokens)
    case 'price_change':
      return addChange(message, batch, tokens)
    case 'last_trade_price': {
      const token = tokens.byId(message.asset_id)
      if (!belongs(tokens, token, message.market)) return 'market-mismatch'
      addEvent(batch, eventKind.trade, token, message.timestamp)
      const row = addRow(batch, token, message.price, message.size)
      if (row === undefined) return 'too-large'
      batch.rowSide[row] = message.side === 'BUY' ? 0 : 1
      return closeEvent(batch)
    }
    case 'best_bid_ask': {
      const token = tokens.byId(message.asset_id)
      if (!belongs(tokens, token, message.market)) return 'market-mismatch'
      addEvent(batch, eventKind.bestBidAsk, token, message.timestamp)
      const row = addRow(batch, token, 0, 0)
      if (row === undefined) return 'too-large'
      batch.rowBestBid[row] = message.best_bid
      batch.rowBestAsk[row] = message.best_ask
      return closeEvent(batch)
    }
    case 'tick_size_change': {
      const token = tokens.byId(message.asset_id)
      if (!belongs(tokens, token, message.market)) return 'market-mismatch'
      const event = addEvent(batch, eventKind.tickSize, token, message.timestamp)
      batch.tick[event] = message.new_tick_size
      return undefined
    }
    case 'new_market':
      return addDetail(batch, eventKind.newMarket, message.timestamp, {
        kind: 'new-market',
        message,
      })
    case 'market_resolved':
      return addDetail(batch, eventKind.resolved, message.timestamp, { kind: 'resolved', message })
  }
}

function addBook(message: BookMessage, batch: EventBatch, tokens: TokenTable): string | undefined {
  const token = tokens.byId(message.asset_id)
  if (!belongs(tokens, token, message.market)) return 'market-mismatch'

  const event = addEvent(batch, eventKind.book, token, message.timestamp)
  if (token === unknownToken) {
    batch.detail[event] = { kind: 'of-market', market: message.market }
    return undefined
  }
  batch.tick[event] = message.tick_size ?? untold
  batch.lastTrade[event] =
    message.last_trade_price === undefined ? untold : encodeLastTrade(message.last_trade_price)
  writeHash(batch.bookHash, event, message.hash)
  if (!addLevels(batch, token, message.bids, 0)) return 'too-large'
  batch.bidsEnd[event] = batch.rowCount
  if (!addLevels(batch, token, message.asks, 1)) return 'too-large'
  return closeEvent(batch)
}

function addChange(
  message: PriceChangeMessage,
  batch: EventBatch,
  tokens: TokenTable,
): string | undefined {
  const event = addEvent(batch, eventKind.change, unknownToken, message.timestamp)
  batch.detail[event] = { kind: 'of-market', market: message.market }
  for (const change of message.price_changes) {
    const token = tokens.byId(change.asset_id)
    if (!belongs(tokens, token, message.market)) return 'market-mismatch'

    const row = addRow(batch, token, change.price, change.size)
    if (row === undefined) return 'too-large'
    batch.rowSide[row] = change.side === 'BUY' ? 0 : 1
    batch.rowBestBid[row] = change.best_bid ?? untold
    batch.rowBestAsk[row] = change.best_ask ?? untold
    writeHash(batch.rowHash, row, change.hash)
  }
  return closeEvent(batch)
}

/** A known token must be of the market that the message names; of an unknown one we cannot say. */
function belongs(tokens: TokenTable, token: number, market: ConditionId): boolean {
  return token === unknownToken || tokens.at(token).where.entry.market.id === market
}

function addEvent(batch: EventBatch, kind: number, token: number, timestamp: number): number {
  const event = batch.eventCount++
  batch.kind[event] = kind
  batch.token[event] = token
  batch.timestamp[event] = timestamp
  batch.rowStart[event] = batch.rowCount
  batch.bidsEnd[event] = batch.rowCount
  batch.rowEnd[event] = batch.rowCount
  batch.tick[event] = untold
  batch.lastTrade[event] = untold
  batch.bookHash[event * hashWords] = 0
  batch.detail[event] = undefined
  return event
}

function addDetail(
  batch: EventBatch,
  kind: number,
  timestamp: number,
  detail: EventDetail,
): undefined {
  batch.detail[addEvent(batch, kind, unknownToken, timestamp)] = detail
}

function closeEvent(batch: EventBatch): undefined {
  batch.rowEnd[batch.eventCount - 1] = batch.rowCount
}

/** The row's number, or undefined when the frame holds more than we take. */
function addRow(batch: EventBatch, token: number, price: number, size: number): number | undefined {
  if (!batch.grow(batch.rowCount + 1)) return undefined

  const row = batch.rowCount++
  batch.rowToken[row] = token
  batch.rowSide[row] = 0
  batch.rowPrice[row] = price
  batch.rowSize[row] = size
  batch.rowBestBid[row] = untold
  batch.rowBestAsk[row] = untold
  batch.rowHash[row * hashWords] = 0
  return row
}

function addLevels(
  batch: EventBatch,
  token: number,
  levels: readonly WireLevel[],
  side: 0 | 1,
): boolean {
  for (const { price, size } of levels) {
    const row = addRow(batch, token, price, size)
    if (row === undefined) return false
    batch.rowSide[row] = side
  }
  return true
}

function writeHash(words: Float64Array, index: number, hash: string | undefined): void {
  const bytes = Buffer.from(words.buffer, words.byteOffset + index * hashWords * 8, hashWords * 8)
  if (hash === undefined) bytes.fill(0)
  else bytes.write(hash, 'latin1')
}
