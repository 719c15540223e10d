import type { Market, VenueId } from '../../src/core/market.ts'
import type { ClientOrderId, Fill, Order, VenueOrderId } from '../../src/core/order.ts'
import { Random } from '../../src/core/random.ts'
import type { MicroShares, MicroUsd, Nanos } from '../../src/core/units.ts'
import { cost, negate, proceeds } from '../../src/core/units.ts'
import { takerFee } from '../../src/core/fee.ts'
import type { Effect, EngineEvent } from '../../src/engine/event.ts'
import type { OperationId, SettlementOperation } from '../../src/ports/settlement.ts'
import type { AccountSnapshot, OrderUpdate } from '../../src/ports/venue-gateway.ts'
import type { Counterpart } from './live-scene.ts'

export type FickleOptions = {
  readonly venue: VenueId
  readonly markets: readonly Market[]
  /** Members of the set whose NO converts. */
  readonly converting: readonly string[]
  readonly seed: number
  readonly cashUsd: number
  /** Whether trades may fail to settle. */
  readonly reverses?: boolean
  /** What a share of YES is worth, in ppm; undefined while nobody knows. */
  readonly yesValueOf: (market: string) => number | undefined
}

type Trade = Fill & { fate: 'open' | 'settled' | 'failed'; told: boolean }

type Taken = {
  readonly order: Order
  /** `travelling`: it may still arrive. `lost`: it never will. */
  state: 'travelling' | 'lost' | 'over'
  reason: string
  readonly trades: Trade[]
  /** Nothing is said of it until it is asked about. */
  silent: boolean
}

type Due = {
  readonly at: number
  readonly number: number
  readonly run: () => Said
  /** Whether it happens at the venue, and not only on the way to us. */
  readonly here: boolean
}
type Said = EngineEvent | ((at: Nanos) => EngineEvent) | undefined

/** A trade that is not final is decided within so long. */
const settleMsMax = 1_500

/**
 * A venue with books of its own that does whatever venues do on a bad day: it fills in part, takes
 * an order and says nothing, answers late, says things twice and out of order, takes a trade back,
 * fails at an operation, reads an account before and tells it after.
 */
export class FickleVenue implements Counterpart {
  readonly #options: FickleOptions
  readonly #random: Random
  readonly #orders: Map<ClientOrderId, Taken> = new Map()
  readonly #operations: Map<OperationId, 'busy' | 'failed' | 'final'> = new Map()
  readonly #shares: Map<string, number> = new Map()
  readonly doubled: string[] = []
  /** How often each kind of mishap has happened. */
  readonly mishaps: Map<string, number> = new Map()
  cash: number
  #queue: Due[] = []
  #count = 0
  #trades = 0
  #now = 0
  #life = 0
  /** Whether it behaves from now on. */
  calm = false

  constructor(options: FickleOptions) {
    this.#options = options
    this.#random = new Random(options.seed)
    this.cash = options.cashUsd * 1e6
  }

  get positions(): ReadonlyMap<string, number> {
    return new Map([...this.#shares].filter(([, size]) => size !== 0))
  }

  /** What was filled of each order. */
  filled(): ReadonlyMap<string, number> {
    const sizes = [...this.#orders].map(([id, { trades }]) => {
      const good = trades.filter(({ fate }) => fate !== 'failed')
      return [id, good.reduce((sum, { size }) => sum + size, 0)] as const
    })
    return new Map(sizes.filter(([, size]) => size > 0))
  }

  get orderCount(): number {
    return this.#orders.size
  }

  /** What was bought and sold for a leg of a basket, and what left the account for it. */
  tradesOf(basket: string): readonly { order: Order; size: number; paid: number }[] {
    return [...this.#orders.values()]
      .filter(({ order }) => order.basket === basket)
      .flatMap(({ order, trades }) =>
        trades
          .filter(({ fate }) => fate !== 'failed')
          .map(({ fee, notional, size }) => ({
            order,
            size,
            paid: (order.side === 'buy' ? notional : negate(notional)) + fee,
          })),
      )
  }

  /**
   * The process at the other end is gone: what was on its way to it is lost, and of what was begun
   * for it nothing is told any more but what is asked for. Its clock begins anew.
   */
  hangUp(): void {
    this.#life++
    this.#queue = this.#queue
      .filter(({ here }) => here)
      .map((due) => ({ ...due, at: Math.max(0, due.at - this.#now) }))
    this.#now = 0
    for (const taken of this.#orders.values()) {
      taken.silent = true
      for (const trade of taken.trades) trade.told = false
    }
  }

  nextDue(): number | undefined {
    return this.#queue[0]?.at
  }

  take(nowMs: number, at: Nanos): EngineEvent | undefined {
    this.#now = nowMs
    const said = this.#queue.shift()?.run()
    return typeof said === 'function' ? said(at) : said
  }

  obey(effect: Effect, nowMs: number): void {
    this.#now = nowMs
    const { venue } = this.#options
    switch (effect.kind) {
      case 'place-basket':
        for (const order of effect.intent.orders) if (order.venue === venue) this.#accept(order)
        return
      case 'query-order':
        if (effect.venue === venue) this.#inquire(effect.order)
        return
      case 'submit-operation':
        if (effect.venue === venue) this.#operate(effect.operation, effect.what)
        return
      case 'read-account':
        if (effect.venue === venue) this.#read()
        return
      default:
    }
  }

  #accept(order: Order): void {
    if (this.#orders.has(order.id)) this.doubled.push(order.id)
    const silent = this.#mishap('silent', 0.12)
    const taken: Taken = { order, state: 'travelling', reason: '', trades: [], silent }
    this.#orders.set(order.id, taken)
    if (this.#mishap('lost', 0.06)) {
      taken.state = 'lost'
      if (this.#random.chance(0.5)) this.#unclear(order.id)
      return
    }
    if (this.#mishap('unclear', 0.08)) this.#unclear(order.id)
    const travel = this.#random.chance(0.1) ? 400 : 40
    this.#happens(this.#random.integer(1, travel), () => this.#execute(taken))
  }

  #execute(taken: Taken): Said {
    const { order } = taken
    taken.state = 'over'
    const size = this.#fillable(order)
    taken.reason = size === order.size ? 'filled' : size > 0 ? 'cancelled' : 'killed'
    let left = size
    while (left > 0) {
      const part = this.#random.chance(0.6) ? left : Math.ceil(left / 2 / 10_000) * 10_000
      this.#trade(taken, Math.min(part, left))
      left -= Math.min(part, left)
    }
    // Of two executions the second may be heard of first; of an order its end is heard last.
    if (!taken.silent) this.#tellAll(taken)
    return undefined
  }

  #fillable(order: Order): number {
    const whole = this.#random.next()
    let size: number = order.size
    if (order.timeInForce === 'fok') size = whole < 0.3 ? 0 : size
    else if (whole < 0.5) size = Math.floor((size * whole) / 10_000) * 10_000
    const { venue } = this.#options
    const market = this.#options.markets.find(({ id }) => id === order.market)
    if (market === undefined || order.venue !== venue) return 0
    if (order.side === 'sell') {
      return size <= this.#sizeOf(order.instrument) ? size : 0
    }
    return cost(order.limit, size as MicroShares) + 2e6 <= this.cash ? size : 0
  }

  #trade(taken: Taken, amount: number): void {
    const { order, trades } = taken
    const market = this.#options.markets.find(({ id }) => id === order.market)
    if (market === undefined) return
    this.#trades++
    const size = amount as MicroShares
    const { limit } = order
    const notional = order.side === 'buy' ? cost(limit, size) : proceeds(limit, size)
    const fee = takerFee(market.fee, limit, size) ?? (0 as MicroUsd)
    const trade: Trade = {
      order: order.id,
      venueTradeId: `T${this.#trades}`,
      price: limit,
      size,
      notional,
      fee,
      liquidity: 'taker',
      at: 0 as Nanos,
      fate: 'open',
      told: false,
    }
    trades.push(trade)
    this.#move(order, trade, 1)
    this.#happens(this.#random.integer(1, settleMsMax), () => this.#settle(taken, trade))
  }

  #settle(taken: Taken, trade: Trade): Said {
    const { order } = taken
    const isHeld = order.side === 'sell' || trade.size <= this.#sizeOf(order.instrument)
    const odds = this.#options.reverses === false ? 0 : 0.08
    const fails = isHeld && this.#mishap('reversed', odds)
    trade.fate = fails ? 'failed' : 'settled'
    if (fails) this.#move(order, trade, -1)
    // What failed before it was heard of has never been a fill of ours.
    if (trade.told) this.#tellFate(taken, trade)
    return undefined
  }

  /** The trades of an order, in any order and some of them twice, and then its end. */
  #tellAll(taken: Taken): void {
    let last = 0
    for (const trade of taken.trades) {
      const copies = this.#mishap('twice', 0.15) ? 2 : 1
      for (let copy = 0; copy < copies; copy++) {
        const delay = this.#random.integer(1, this.#random.chance(0.1) ? 600 : 60)
        last = Math.max(last, delay)
        this.#later(delay, () => this.#tellTrade(taken, trade))
      }
    }
    const early = taken.trades.length > 0 && this.#mishap('end-first', 0.05)
    const endDelay = early ? 1 : last + this.#random.integer(0, 20)
    this.#later(endDelay, () => this.#end(taken))
    if (this.#mishap('end-twice', 0.1)) this.#later(endDelay + 30, () => this.#end(taken))
  }

  #tellTrade(taken: Taken, trade: Trade): Said {
    if (trade.fate === 'failed' && !trade.told) return undefined
    const isNew = !trade.told
    trade.told = true
    if (isNew && trade.fate !== 'open') this.#tellFate(taken, trade)
    const { fate: _fate, told: _told, ...fill } = trade
    return (at) => this.#updated({ kind: 'filled', order: fill.order, fill: { ...fill, at } }, at)
  }

  #tellFate({ order }: Taken, { fate, venueTradeId }: Trade): void {
    const kind = fate === 'failed' ? 'fill-reversed' : 'fill-settled'
    const told = { kind, order: order.id, tradeId: venueTradeId } as const
    const copies = this.#random.chance(0.1) ? 2 : 1
    for (let copy = 0; copy < copies; copy++) {
      this.#later(this.#random.integer(1, 40), () => (at) => this.#updated(told, at))
    }
  }

  #end({ order, reason }: Taken): Said {
    return (at) => this.#updated({ kind: 'done', order: order.id, reason }, at)
  }

  #unclear(order: ClientOrderId): void {
    this.#later(this.#random.integer(1, 100), () => (at) => {
      return this.#updated({ kind: 'unknown', order, reason: 'timeout' }, at)
    })
  }

  #inquire(id: ClientOrderId): void {
    const taken = this.#orders.get(id)
    if (this.#mishap('no-answer', 0.2)) return
    this.#later(this.#random.integer(5, 80), () => {
      if (taken?.state === 'travelling') return undefined
      if (taken === undefined || taken.state === 'lost') {
        return (at) => this.#updated({ kind: 'done', order: id, reason: 'not-landed' }, at)
      }
      taken.silent = false
      this.#tellAll(taken)
      return undefined
    })
  }

  #operate(operation: OperationId, what: SettlementOperation): void {
    const known = this.#operations.get(operation)
    if (known === 'busy' || known === 'final') this.doubled.push(operation)
    this.#operations.set(operation, 'busy')
    const life = this.#life
    this.#happens(this.#random.integer(20, 400), () => {
      const done = !this.#mishap('operation-failed', 0.2) && this.#doOperation(what)
      this.#operations.set(operation, done ? 'final' : 'failed')
      if (life !== this.#life) return undefined
      if (this.#random.chance(0.3)) {
        const update = { kind: 'unknown', operation, reason: 'timeout' } as const
        this.#later(1, () => (at) => this.#operated(update, at))
      }
      const update = done
        ? ({ kind: 'final', operation, cashIn: 0 as MicroUsd } as const)
        : ({ kind: 'failed', operation, reason: 'reverted' } as const)
      this.#later(this.#random.integer(5, 300), () => (at) => this.#operated(update, at))
      return undefined
    })
  }

  #doOperation(what: SettlementOperation): boolean {
    const { converting, yesValueOf } = this.#options
    if (what.kind === 'redeem') {
      const yesValue = yesValueOf(what.market)
      if (yesValue === undefined) return false
      this.#redeem(`${what.market}-yes`, yesValue)
      this.#redeem(`${what.market}-no`, 1e6 - yesValue)
      return true
    }
    if (what.kind === 'convert') {
      const given: readonly string[] = what.markets
      if (given.some((name) => this.#sizeOf(`${name}-no`) < what.size)) return false
      for (const name of given) this.#add(`${name}-no`, negate(what.size))
      for (const name of converting) if (!given.includes(name)) this.#add(`${name}-yes`, what.size)
      this.cash += (given.length - 1) * what.size
      return true
    }
    const sign = what.kind === 'split' ? 1 : -1
    const tokens = [`${what.market}-yes`, `${what.market}-no`]
    if (sign < 0 && tokens.some((token) => this.#sizeOf(token) < what.size)) return false
    if (sign > 0 && this.cash < what.size) return false
    for (const token of tokens) this.#add(token, sign * what.size)
    this.cash -= sign * what.size
    return true
  }

  #redeem(token: string, value: number): void {
    const size = this.#sizeOf(token)
    this.#shares.set(token, 0)
    this.cash += Number((BigInt(size) * BigInt(value)) / 1_000_000n)
  }

  /** The account as it is now, told later. */
  #read(): void {
    if (this.#mishap('unread', 0.1)) return
    const listed: (readonly [Taken, Trade])[] = []
    const snapshot: AccountSnapshot = {
      venue: this.#options.venue,
      cash: this.cash as MicroUsd,
      positions: [...this.positions].map(([instrument, size]) => ({
        instrument: instrument as AccountSnapshot['positions'][number]['instrument'],
        size: size as MicroShares,
      })),
      openOrders: [],
      fills: [...this.#orders.values()].flatMap((taken) =>
        taken.trades
          .filter(({ fate }) => fate !== 'failed')
          .map((trade) => {
            listed.push([taken, trade])
            const { at: _at, fate: _fate, order: _order, told: _told, ...fill } = trade
            const { order } = taken
            const venueOrder = `V-${order.id}` as VenueOrderId
            return { venueOrder, order: order.id, instrument: order.instrument, fill }
          }),
      ),
    }
    const delay = this.#random.integer(5, 150)
    this.#later(delay, () => {
      for (const [taken, trade] of listed) {
        if (!trade.told && trade.fate !== 'open') this.#tellFate(taken, trade)
        trade.told = true
      }
      return (at) => ({ kind: 'account', snapshot, at })
    })
  }

  #move({ instrument, side }: Order, { fee, notional, size }: Fill, sign: number): void {
    const isBuy = side === 'buy'
    this.#add(instrument, (isBuy ? size : negate(size)) * sign)
    this.cash -= ((isBuy ? notional : negate(notional)) + fee) * sign
  }

  #add(token: string, change: number): void {
    this.#shares.set(token, this.#sizeOf(token) + change)
  }

  #sizeOf(token: string): number {
    return this.#shares.get(token) ?? 0
  }

  #mishap(name: string, odds: number): boolean {
    if (this.calm || !this.#random.chance(odds)) return false
    this.mishaps.set(name, (this.mishaps.get(name) ?? 0) + 1)
    return true
  }

  #updated(update: OrderUpdate, at: Nanos): EngineEvent {
    return { kind: 'order-update', venue: this.#options.venue, update, at }
  }

  #operated(
    update: Extract<EngineEvent, { kind: 'operation-update' }>['update'],
    at: Nanos,
  ): EngineEvent {
    return { kind: 'operation-update', venue: this.#options.venue, update, at }
  }

  /** Something is said later. */
  #later(ms: number, run: () => Said): void {
    this.#enqueue(ms, run, false)
  }

  /** Something happens at the venue later, whoever listens. */
  #happens(ms: number, run: () => Said): void {
    this.#enqueue(ms, run, true)
  }

  #enqueue(ms: number, run: () => Said, here: boolean): void {
    this.#count++
    this.#queue.push({ at: this.#now + ms, number: this.#count, run, here })
    this.#queue.sort((a, b) => a.at - b.at || a.number - b.number)
  }
}
