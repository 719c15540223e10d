import type { Outcome } from '../../core/market.ts'
import type { EpochMs, Ticks } from '../../core/units.ts'
import type { MarketIds } from '../market-ids.ts'
import type { Execution, LevelChange } from '../matching-engine.ts'
import type { LastTrade, SimMarket } from '../sim-market.ts'
import type { WorldEvent } from '../world.ts'
import type { BookWriter, WrittenBook } from './book-text.ts'
import {
  bestBidAskText,
  bookAfterTradeText,
  lastTradeText,
  marketResolvedText,
  newMarketText,
  priceChangeText,
  tickSizeChangeText,
} from './market-messages.ts'

export type PublicationKind =
  | 'book'
  | 'price_change'
  | 'last_trade_price'
  | 'tick_size_change'
  | 'best_bid_ask'
  | 'new_market'
  | 'market_resolved'

/** One message of the market channel and who is to have it. */
export type Publication = {
  readonly kind: PublicationKind
  readonly market: SimMarket
  /** Subscribers of this token, of either token of the market, or everybody. */
  readonly audience: Outcome | 'market' | 'everyone'
  /** Only for connections that asked for the custom events. */
  readonly custom: boolean
  readonly text: string
  /** Another message about the same books follows at once and corrects what this one leaves. */
  readonly followed: boolean
  /** The first of several messages of one trade: the book looks crossed until the last. */
  readonly opensSweep: boolean
}

const bothOutcomes: readonly Outcome[] = ['yes', 'no']

type Tops = { readonly yes: Top; readonly no: Top }
type Top = { readonly bid: Ticks; readonly ask: Ticks }
type Books = Partial<Record<Outcome, WrittenBook>>

/** Turns what happens on the exchange into the messages of the market channel, in their order. */
export class MarketPublisher {
  readonly #writer: BookWriter
  readonly #ids: MarketIds
  readonly #tops = new WeakMap<SimMarket, Tops>()
  #tradeCount = 0

  constructor(writer: BookWriter, ids: MarketIds) {
    this.#writer = writer
    this.#ids = ids
  }

  publish(event: WorldEvent): readonly Publication[] {
    const { market, at } = event
    switch (event.kind) {
      case 'order-executed':
        return [...this.#executed(market, event.execution, at), ...this.#topMoves(market, at)]
      case 'order-cancelled': {
        const { change } = event.cancellation
        const books = this.#books(market, [change], at)
        const told = changeTold(market, change, at, books, event.followed)
        return [told, ...this.#topMoves(market, at)]
      }
      case 'tick-changed':
        return bothOutcomes.map((outcome) =>
          told('tick_size_change', market, outcome, tickSizeChangeText(market, outcome, event)),
        )
      case 'market-listed':
        return [toldWidely('new_market', market, newMarketText(market, at))]
      case 'market-closed':
        return []
      case 'market-resolved': {
        const text = marketResolvedText(market, event.winner, at)
        return [toldWidely('market_resolved', market, text)]
      }
    }
  }

  /**
   * Changes of levels, the order's own remainder first; after a trade the whole books and the
   * trade. In between a book looks crossed. docs/venues/polymarket.md, 4.5.
   */
  #executed(market: SimMarket, execution: Execution, at: EpochMs): readonly Publication[] {
    const { changes, fills } = execution
    const books = this.#books(market, changes, at)
    const { lastTrade } = market
    if (fills.length === 0 || lastTrade === undefined) {
      return changes.map((change) => changeTold(market, change, at, books, false))
    }

    return [
      ...changes.map((change, index) => ({
        ...changeTold(market, change, at, books, true),
        opensSweep: index === 0 && changes.length > 1,
      })),
      ...bothOutcomes.flatMap((outcome) => {
        const book = books[outcome]
        if (book === undefined) return []
        return [told('book', market, outcome, bookAfterTradeText(market, outcome, at, book))]
      }),
      this.#trade(market, lastTrade),
    ]
  }

  #trade(market: SimMarket, trade: LastTrade): Publication {
    this.#tradeCount += 1
    const transaction = this.#ids.hash(`trade ${this.#tradeCount}`)
    const text = lastTradeText(market, trade, transaction)
    return told('last_trade_price', market, trade.outcome, text)
  }

  /** The books the changes are in, as they are now: of a mirrored market both. */
  #books(market: SimMarket, changes: readonly LevelChange[], at: EpochMs): Books {
    const mirrored = market.engine.kind === 'mirrored'
    const books: Books = {}
    for (const outcome of bothOutcomes) {
      if (!mirrored && !changes.some(({ book }) => book === outcome)) continue
      books[outcome] = this.#writer.write(market, outcome, String(at))
    }
    return books
  }

  #topMoves(market: SimMarket, at: EpochMs): readonly Publication[] {
    const before = this.#tops.get(market)
    const now = { yes: topOf(market, 'yes'), no: topOf(market, 'no') }
    this.#tops.set(market, now)
    return bothOutcomes
      .filter((outcome) => {
        const top = before?.[outcome]
        return top?.bid !== now[outcome].bid || top.ask !== now[outcome].ask
      })
      .map((outcome) => ({
        ...told('best_bid_ask', market, outcome, bestBidAskText(market, outcome, at)),
        custom: true,
      }))
  }
}

function topOf({ engine }: SimMarket, outcome: Outcome): Top {
  return { bid: engine.bestBid(outcome), ask: engine.bestAsk(outcome) }
}

function changeTold(
  market: SimMarket,
  change: LevelChange,
  at: EpochMs,
  books: Books,
  followed: boolean,
): Publication {
  const hashes = { yes: books.yes?.hash ?? '', no: books.no?.hash ?? '' }
  const text = priceChangeText(market, change, at, hashes)
  return { ...told('price_change', market, 'market', text), followed }
}

function told(
  kind: PublicationKind,
  market: SimMarket,
  audience: Publication['audience'],
  text: string,
): Publication {
  return { kind, market, audience, custom: false, text, followed: false, opensSweep: false }
}

function toldWidely(kind: PublicationKind, market: SimMarket, text: string): Publication {
  return { ...told(kind, market, 'everyone', text), custom: true }
}
