import type { MarketId, Outcome, Resolution, VenueId } from '../../core/market.ts'
import type { BasketId, Fill, Order } from '../../core/order.ts'
import type { ExecutionIntent, ExecutionReport } from '../../core/signal.ts'
import type { MicroShares, MicroUsd } from '../../core/units.ts'
import { add, complementPpm, negate, subtract, worth, zeroUsd } from '../../core/units.ts'
import type { AlertInput } from './alert-input.ts'

/** Baskets that wait for their markets; the oldest is forgotten, and its settlement not checked. */
const waitingMax = 2_000

type LockedLeg = {
  readonly venue: VenueId
  readonly market: MarketId
  readonly outcome: Outcome
  /** Negative when it was sold. */
  readonly size: MicroShares
}

type Locked = {
  readonly strategy: string
  /** What the fills brought, less what they cost, fees in: mostly negative. */
  readonly cash: MicroUsd
  readonly legs: readonly LockedLeg[]
}

type Closed = Extract<AlertInput, { kind: 'basket-closed' }>

/**
 * Holds every basket that could not lose to its word.
 *
 * It counts with the fills and the resolutions alone and not with the ledger, so it would find an
 * error of either. Merging, splitting and converting leave what is counted here as it is: they
 * exchange shares for what they are worth in every outcome.
 */
export class LockedBaskets {
  readonly #placed: Map<BasketId, ExecutionIntent> = new Map()
  readonly #waiting: Map<BasketId, Locked> = new Map()

  placed(intent: ExecutionIntent): void {
    if (intent.purpose !== 'open' || intent.signal.certificate === undefined) return
    keepLatest(this.#placed, intent.basket, intent)
  }

  /** Takes a basket in when every leg was filled whole; another is not what was certified. */
  reported({ basket, legs }: ExecutionReport): void {
    const intent = this.#placed.get(basket)
    if (intent === undefined || legs.some(({ outcome }) => outcome === 'unknown')) return
    this.#placed.delete(basket)
    const orders = new Map(intent.orders.map((order) => [order.id, order]))
    if (legs.length !== orders.size || legs.some(({ outcome }) => outcome !== 'filled')) return
    const held = legs.flatMap(({ fills, order: id }) => {
      const order = orders.get(id)
      return order === undefined ? [] : [{ order, fills }]
    })
    const cash = held.flatMap(({ fills, order }) => fills.map((fill) => cashOf(order, fill)))
    keepLatest(this.#waiting, basket, {
      strategy: intent.signal.strategy,
      cash: cash.reduce((sum, each) => add(sum, each), zeroUsd),
      legs: held.map(({ order }) => legOf(order)),
    })
  }

  /** Baskets all of whose markets are resolved by now, each once, with what they came to. */
  settled(
    resolutionOf: (venue: VenueId, market: MarketId) => Resolution | undefined,
  ): readonly Closed[] {
    const closed: Closed[] = []
    for (const [basket, { cash, legs, strategy }] of this.#waiting) {
      let result = cash
      let isOpen = false
      for (const { market, outcome, size, venue } of legs) {
        const yes = resolutionOf(venue, market)?.yesValue
        isOpen ||= yes === undefined
        if (yes === undefined) break
        result = add(result, worth(outcome === 'yes' ? yes : complementPpm(yes), size))
      }
      if (isOpen) continue
      this.#waiting.delete(basket)
      closed.push({ kind: 'basket-closed', basket, strategy, reason: '', result, locked: true })
    }
    return closed
  }
}

function legOf({ market, outcome, side, size, venue }: Order): LockedLeg {
  return { venue, market, outcome, size: side === 'buy' ? size : negate(size) }
}

function cashOf({ side }: Order, { fee, notional }: Fill): MicroUsd {
  return subtract(side === 'buy' ? negate(notional) : notional, fee)
}

function keepLatest<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void {
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > waitingMax && oldest !== undefined) map.delete(oldest)
}
