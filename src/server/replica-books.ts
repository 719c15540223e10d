import { formatPrice } from '../core/decimal.ts'
import type { MarketStatus } from '../core/market.ts'
import type { BookState } from '../core/order-book.ts'
import type { MicroShares, Ticks } from '../core/units.ts'
import { noAsk, noBid } from '../core/units.ts'
import type { Tops } from './digest.ts'
import { bookStates, marketStatuses, topColumns } from './digest.ts'
import { PriceHistory } from './price-history.ts'
import type { PricePoint } from './schema/market.ts'

export type Top = {
  /** As the engine has it: the list of the venue comes later. */
  readonly status: MarketStatus
  readonly state: BookState
  readonly bid: Ticks
  readonly bidSize: MicroShares
  readonly ask: Ticks
  readonly askSize: MicroShares
  readonly changedMs: number
}

/** The best prices of every market, and how they moved. */
export class ReplicaBooks {
  readonly #tops: Map<number, Top> = new Map()
  readonly #history: PriceHistory = new PriceHistory()

  apply({ rows, count }: Tops, atMs: number): void {
    for (let row = 0; row < count; row++) {
      const [index = 0, side, state = 0, bid, bidSize, ask, askSize, status = 0] = rows.subarray(
        row * topColumns,
        (row + 1) * topColumns,
      )
      // A book of NO of its own has a place on the market's page, not in the lists.
      if (side !== 0) continue
      const top: Top = {
        status: marketStatuses[status] ?? 'closed',
        state: bookStates[state] ?? 'unproven',
        bid: bid as Ticks,
        bidSize: bidSize as MicroShares,
        ask: ask as Ticks,
        askSize: askSize as MicroShares,
        changedMs: atMs,
      }
      this.#tops.set(index, top)
      if (top.state === 'proven') this.#history.note(index, { atMs, bid: top.bid, ask: top.ask })
    }
  }

  top(market: number): Top | undefined {
    return this.#tops.get(market)
  }

  history(market: number): readonly PricePoint[] {
    return this.#history
      .of(market)
      .map(({ atMs, bid, ask }) => ({ atMs, bid: bidText(bid), ask: askText(ask) }))
  }

  forget(market: number): void {
    this.#tops.delete(market)
    this.#history.forget(market)
  }
}

/** Null for an empty side: "$0" would look like a price. */
export function bidText(bid: Ticks): string | null {
  return bid === noBid ? null : formatPrice(bid)
}

export function askText(ask: Ticks): string | null {
  return ask === noAsk ? null : formatPrice(ask)
}
