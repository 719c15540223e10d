import { z } from 'zod'

import { parseDecimal, parsePrice } from '../core/decimal.ts'
import type { Level } from '../core/order-book.ts'
import type { Side } from '../core/order.ts'
import type { MicroShares, Ticks } from '../core/units.ts'

/** A row of pmxt's hourly archive of Polymarket, read. docs/recordings.md, "pmxt". */
export type PmxtRow = {
  readonly market: string
  readonly token: string
  /** Which outcome the token is, where the archive says so. */
  readonly outcome: 'yes' | 'no' | undefined
  readonly atMicros: number
  readonly venueMs: number
  readonly what: PmxtEvent
}

export type PmxtEvent =
  | { readonly kind: 'book'; readonly bids: readonly Level[]; readonly asks: readonly Level[] }
  | {
      readonly kind: 'change'
      readonly side: 'bid' | 'ask'
      readonly price: Ticks
      readonly size: MicroShares
    }
  | {
      readonly kind: 'trade'
      readonly side: Side
      readonly price: Ticks
      readonly size: MicroShares
    }
  | { readonly kind: 'tick'; readonly tick: Ticks }

/** Sizes have six decimals at the most, and a double holds all of them that can occur. */
const sizeDecimals = 6

const level = z.tuple([z.string(), z.string()])
const sideName = z.enum(['BUY', 'SELL'])

/** Until April 2026: five columns, and the rest as JSON in the last. */
const firstForm = z.object({
  timestamp_received: z.date(),
  market_id: z.string(),
  update_type: z.string(),
  data: z.string(),
})
const firstData = z.object({
  token_id: z.string(),
  side: z.enum(['YES', 'NO']).optional().catch(undefined),
  timestamp: z.number(),
  change_price: z.string().optional(),
  change_size: z.string().optional(),
  change_side: sideName.optional(),
  bids: z.array(level).optional(),
  asks: z.array(level).optional(),
})

/** Since then: sixteen typed columns; depth is JSON text. */
const secondForm = z.object({
  timestamp_received: z.date(),
  timestamp: z.date(),
  market: z.union([z.string(), z.instanceof(Uint8Array)]),
  event_type: z.string(),
  asset_id: z.string(),
  bids: z.unknown(),
  asks: z.unknown(),
  price: z.number().nullish(),
  size: z.number().nullish(),
  side: z.string().nullish(),
  new_tick_size: z.number().nullish(),
})

/** The columns that are read, of the form that a file has. Undefined when it has neither. */
export function pmxtColumns(names: readonly string[]): readonly string[] | undefined {
  for (const form of [firstForm, secondForm]) {
    const columns = Object.keys(form.shape)
    if (columns.every((column) => names.includes(column))) return columns
  }
  return undefined
}

/** Undefined when the row does not read, or holds what nobody needs. */
export function readPmxtRow(row: unknown): PmxtRow | undefined {
  const second = secondForm.safeParse(row)
  if (second.success) return ofSecondForm(second.data)
  const first = firstForm.safeParse(row)
  return first.success ? ofFirstForm(first.data) : undefined
}

function ofFirstForm(row: z.infer<typeof firstForm>): PmxtRow | undefined {
  const read = firstData.safeParse(parseJson(row.data))
  if (!read.success) return undefined
  const { token_id, side, timestamp, bids, asks, change_price, change_size, change_side } =
    read.data
  const outcome = side === undefined ? undefined : side === 'YES' ? 'yes' : 'no'
  const what =
    row.update_type === 'book_snapshot'
      ? bookOf(bids, asks)
      : changeOf(change_price, change_size, change_side)
  if (what === undefined) return undefined
  return {
    market: row.market_id,
    token: token_id,
    outcome,
    atMicros: row.timestamp_received.getTime() * 1_000,
    venueMs: Math.round(timestamp * 1_000),
    what,
  }
}

function ofSecondForm(row: z.infer<typeof secondForm>): PmxtRow | undefined {
  const { market, asset_id, timestamp, timestamp_received } = row
  const what = eventOf(row)
  if (what === undefined) return undefined
  return {
    market: typeof market === 'string' ? market : Buffer.from(market).toString('latin1'),
    token: asset_id,
    outcome: undefined,
    atMicros: timestamp_received.getTime() * 1_000,
    venueMs: timestamp.getTime(),
    what,
  }
}

function eventOf(row: z.infer<typeof secondForm>): PmxtEvent | undefined {
  const side = sideName.safeParse(row.side).data
  const price = row.price === undefined || row.price === null ? undefined : decimal(row.price, 4)
  const size = row.size === undefined || row.size === null ? undefined : decimal(row.size, 6)
  switch (row.event_type) {
    case 'book':
      return bookOf(levelsOf(row.bids), levelsOf(row.asks))
    case 'price_change':
      return changeOf(price, size, side)
    case 'last_trade_price': {
      const change = changeOf(price, size, side)
      if (change?.kind !== 'change') return undefined
      const taker = change.side === 'bid' ? 'buy' : 'sell'
      return { kind: 'trade', side: taker, price: change.price, size: change.size }
    }
    case 'tick_size_change': {
      const tick = row.new_tick_size
      const ticks = tick === undefined || tick === null ? undefined : parsePrice(decimal(tick, 4))
      return ticks === undefined ? undefined : { kind: 'tick', tick: ticks }
    }
    default:
      return undefined
  }
}

function bookOf(
  bids: readonly (readonly [string, string])[] | undefined,
  asks: readonly (readonly [string, string])[] | undefined,
): PmxtEvent | undefined {
  const [bidLevels, askLevels] = [bids, asks].map((side) => side?.map(levelOf))
  if (bidLevels === undefined || askLevels === undefined) return undefined
  if (bidLevels.includes(undefined) || askLevels.includes(undefined)) return undefined
  return {
    kind: 'book',
    bids: bidLevels.flatMap((one) => one ?? []),
    asks: askLevels.flatMap((one) => one ?? []),
  }
}

function changeOf(
  priceText: string | undefined,
  sizeText: string | undefined,
  side: 'BUY' | 'SELL' | undefined,
): PmxtEvent | undefined {
  const read = levelOf([priceText ?? '', sizeText ?? ''])
  if (read === undefined || side === undefined) return undefined
  return { kind: 'change', side: side === 'BUY' ? 'bid' : 'ask', ...read }
}

function levelOf([priceText, sizeText]: readonly [string, string]): Level | undefined {
  const price = parsePrice(priceText)
  const size = parseDecimal(sizeText, sizeDecimals)
  if (price === undefined || size === undefined || size < 0) return undefined
  return { price, size: size as MicroShares }
}

/** Depth comes as JSON text; a reader of Parquet may have parsed it already. */
function levelsOf(value: unknown): readonly (readonly [string, string])[] | undefined {
  const json = typeof value === 'string' ? parseJson(value) : value
  return z.array(level).safeParse(json).data
}

/** A decimal column comes as a double, a hair beside what was written: so many decimals are true. */
function decimal(value: number, decimals: number): string {
  return value.toFixed(decimals)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // What does not read is counted as a row that was passed by.
    return undefined
  }
}
