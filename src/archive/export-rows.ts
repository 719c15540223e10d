import { formatPrice, formatSize } from '../core/decimal.ts'
import type { Market } from '../core/market.ts'
import type { BookSide, Level, OrderBook } from '../core/order-book.ts'
import { askSide, bidSide } from '../core/order-book.ts'
import type { PublicTrade } from '../core/order.ts'
import type { ExecutionIntent, ExecutionReport, TradeSignal } from '../core/signal.ts'
import type { MicroShares, Nanos, Ticks } from '../core/units.ts'
import { noAsk, noBid, zeroShares } from '../core/units.ts'
import type { BookEntry } from '../ports/book-table.ts'
import type { Cell, TableName, TableWriter } from './table.ts'
import type { TapListener } from './tapped-codec.ts'

export type ExportOptions = {
  /** The tables that are wanted. */
  readonly writers: ReadonlyMap<TableName, TableWriter>
  /** Levels of each side that `books` shows. */
  readonly depth: number
}

/** What was last written of a book: its levels only where changes are wanted. */
type Shown = { version: number; state: string; torn: boolean; levels: Map<Ticks, MicroShares>[] }

const sides: readonly BookSide[] = [bidSide, askSide]
const nanosPerMicro = 1_000

/** Turns what an engine sees and does into rows of tables. Keeps one copy of each book. */
export class ExportRows implements TapListener {
  readonly #options: ExportOptions
  readonly #shown: WeakMap<OrderBook, Shown> = new WeakMap()
  readonly #intents: Map<string, ExecutionIntent> = new Map()
  #anchor = { at: 0, micros: 0 }
  /** Microseconds since 1970, of what is going on. */
  #now = 0

  constructor(options: ExportOptions) {
    this.#options = options
  }

  /** Ties the clock of the recording to the wall's. */
  onStart(at: Nanos, atMs: number): void {
    this.#anchor = { at, micros: atMs * 1_000 }
    this.onTime(at)
  }

  onTime(at: Nanos): void {
    this.#now = this.#micros(at)
  }

  onMarket(market: Market): void {
    const { venue, id, slug, question, label, yes, no, status, bookKind, closesAt } = market
    this.#append('markets', [
      this.#now,
      venue,
      id,
      slug,
      question,
      label,
      yes.id,
      no.id,
      status,
      bookKind,
      closesAt === undefined ? null : closesAt * 1_000,
      market.resolution?.yesValue ?? null,
      JSON.stringify(market),
    ])
  }

  onBook(entry: BookEntry, book: OrderBook): void {
    const shown = this.#shown.get(book) ?? {
      version: -1,
      state: '',
      torn: false,
      levels: [new Map<Ticks, MicroShares>(), new Map<Ticks, MicroShares>()],
    }
    const { version, state, torn } = book
    if (shown.version === version && shown.state === state && shown.torn === torn) return
    this.#shown.set(book, shown)
    const isSame = shown.version === version
    Object.assign(shown, { version, state, torn })
    if (this.#options.writers.has('changes') && !isSame) this.#writeChanges(entry, book, shown)
    if (this.#options.writers.has('books')) this.#writeBook(entry, book)
  }

  onTrade({ venue, market, outcome, side, price, size, venueTime }: PublicTrade): void {
    this.#append('trades', [
      this.#now,
      venue,
      market,
      venueTime * 1_000,
      outcome,
      side,
      ...priceAndSize(price, size),
    ])
  }

  onSignal(signal: TradeSignal, approved: boolean, reason: string): void {
    const { strategy, legs, edge, edgeRate, realisation } = signal
    const orders = legs.map(({ venue, market, outcome, side, limit, size }) => ({
      venue,
      market,
      outcome,
      side,
      limit: formatPrice(limit),
      size: formatSize(size),
    }))
    this.#append('opportunities', [
      this.#micros(signal.generatedAt),
      strategy,
      approved,
      reason,
      legs.length,
      edge,
      edge,
      edgeRate,
      realisation,
      JSON.stringify(orders),
    ])
  }

  onIntent(intent: ExecutionIntent): void {
    this.#intents.set(intent.basket, intent)
  }

  onReport({ basket, strategy, legs }: ExecutionReport): void {
    const intent = this.#intents.get(basket)
    if (intent === undefined) return
    for (const leg of legs) {
      const order = intent.orders.find(({ id }) => id === leg.order)
      if (order === undefined) continue
      for (const { price, size, notional, fee, liquidity, at } of leg.fills) {
        this.#append('fills', [
          this.#micros(at),
          order.venue,
          order.market,
          strategy,
          basket,
          intent.purpose,
          order.outcome,
          order.side,
          ...priceAndSize(price, size),
          notional,
          notional,
          fee,
          fee,
          liquidity,
        ])
      }
    }
    if (legs.every(({ outcome }) => outcome !== 'unknown')) this.#intents.delete(basket)
  }

  #micros(at: Nanos): number {
    return this.#anchor.micros + Math.round((at - this.#anchor.at) / nanosPerMicro)
  }

  #append(table: TableName, row: readonly Cell[]): void {
    this.#options.writers.get(table)?.append(row)
  }

  #writeBook(entry: BookEntry, book: OrderBook): void {
    const { depth } = this.#options
    const bids = book.levels(bidSide)
    const asks = book.levels(askSide)
    this.#append('books', [
      ...this.#whose(entry, book),
      book.state,
      book.torn,
      ...topOf(book.bestBid === noBid ? undefined : bids[0], bids.length),
      ...topOf(book.bestAsk === noAsk ? undefined : asks[0], asks.length),
      jsonOf(bids.slice(0, depth)),
      jsonOf(asks.slice(0, depth)),
    ])
  }

  #writeChanges(entry: BookEntry, book: OrderBook, shown: Shown): void {
    const whose = this.#whose(entry, book)
    for (const side of sides) {
      const before = shown.levels[side] ?? new Map<Ticks, MicroShares>()
      const now = new Map(book.levels(side).map(({ price, size }) => [price, size]))
      for (const price of new Set([...before.keys(), ...now.keys()])) {
        const from = before.get(price) ?? zeroShares
        const to = now.get(price) ?? zeroShares
        if (from === to) continue
        const name = side === bidSide ? 'bid' : 'ask'
        this.#append('changes', [...whose, name, ...priceAndSize(price, to), from, from])
      }
      shown.levels[side] = now
    }
  }

  #whose({ market, yes }: BookEntry, book: OrderBook): readonly Cell[] {
    return [this.#now, market.venue, market.id, book === yes.book ? 'yes' : 'no']
  }
}

function topOf(level: Level | undefined, levelCount: number): readonly Cell[] {
  const best =
    level === undefined ? [null, null, null, null] : priceAndSize(level.price, level.size)
  return [...best, levelCount]
}

/** Each number twice: exact, and to be written as a decimal. */
function priceAndSize(price: Ticks, size: MicroShares): readonly Cell[] {
  return [price, price, size, size]
}

function jsonOf(levels: readonly Level[]): string {
  return JSON.stringify(levels.map(({ price, size }) => [formatPrice(price), formatSize(size)]))
}
