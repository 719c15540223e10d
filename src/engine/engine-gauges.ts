import type { VenueId } from '../core/market.ts'
import type { BookState } from '../core/order-book.ts'
import type { MicroUsd } from '../core/units.ts'
import { microPerUsd } from '../core/units.ts'
import type { Gauge, Metrics } from '../ports/metrics.ts'
import type { EngineView } from './engine-view.ts'

/**
 * What is shown of the engine's state, taken from time to time and never on the path of a frame.
 */
export class EngineGauges {
  readonly #view: EngineView
  readonly #books: readonly { venue: VenueId; gauges: Readonly<Record<BookState, Gauge>> }[]
  readonly #openBaskets: Gauge
  readonly #ordersOut: Gauge
  readonly #balanced: Gauge
  readonly #realised: Gauge
  readonly #unrealised: Gauge

  constructor(metrics: Metrics, view: EngineView, venues: readonly VenueId[]) {
    this.#view = view
    this.#books = venues.map((venue) => {
      const of = (state: BookState): Gauge => metrics.gauge('books', { venue, state })
      const gauges = { proven: of('proven'), unproven: of('unproven'), broken: of('broken') }
      return { venue, gauges }
    })
    this.#openBaskets = metrics.gauge('queue_depth', { queue: 'baskets' })
    this.#ordersOut = metrics.gauge('queue_depth', { queue: 'orders' })
    this.#balanced = metrics.gauge('ledger_balanced', {})
    this.#realised = metrics.gauge('pnl_usd', { kind: 'realized' })
    this.#unrealised = metrics.gauge('pnl_usd', { kind: 'unrealized' })
  }

  take(): void {
    const view = this.#view
    for (const { venue, gauges } of this.#books) {
      const counts = view.books(venue)
      gauges.proven.set(counts.proven)
      gauges.unproven.set(counts.unproven)
      gauges.broken.set(counts.broken)
    }
    this.#openBaskets.set(view.openBaskets)
    this.#ordersOut.set(view.ordersOut)
    this.#balanced.set(view.ledgerBalanced ? 1 : 0)
    this.#realised.set(dollars(view.realised))
    this.#unrealised.set(dollars(view.unrealised))
  }
}

/** For charts only: what is decided is decided in micro-dollars. */
function dollars(money: MicroUsd): number {
  const micro: number = money
  return micro / microPerUsd
}
