import { z } from 'zod'

import type { Market } from '../../core/market.ts'
import type { ClientOrderId, Order, VenueOrderId } from '../../core/order.ts'
import type { Random } from '../../core/random.ts'
import { epochMs } from '../../core/units.ts'
import type { EpochMs } from '../../core/units.ts'
import type { Clock, Timers } from '../../ports/clock.ts'
import type {
  AccountSnapshot,
  CancelAllResult,
  GatewayListener,
  SentOrder,
  VenueGateway,
} from '../../ports/venue-gateway.ts'
import { VenueError } from '../venue-error.ts'
import type { VenueErrorCode } from '../venue-error.ts'
import { AccountFeed } from './account-feed.ts'
import type { UserMessage } from './account-wire.ts'
import type { ApiCredentials } from './auth.ts'
import type { OrderEnvelope } from './encode.ts'
import { batchOrdersMax, encodeOrder, encodeOrders } from './encode.ts'
import { Heartbeat } from './heartbeat.ts'
import type { OrderLine } from './order-line.ts'
import { OrderSearch, readFrom } from './order-search.ts'
import { OrderTracker } from './order-tracker.ts'
import { readVerdict } from './order-verdict.ts'
import type { OrderWriter } from './order-writer.ts'
import type { AccountParts } from './read-account.ts'
import { readAccount } from './read-account.ts'
import type { TradingAnswer } from './trading-client.ts'
import type { PauseReason } from './trading-pause.ts'
import { TradingPause } from './trading-pause.ts'

export type OrderGatewayParts = Omit<AccountParts, 'ourOrderOf'> & {
  readonly writer: OrderWriter
  /** Opened at the start, so that no order waits for a handshake. */
  readonly line: OrderLine
  readonly credentials: ApiCredentials
  readonly userSocketUrl: string
  /** How often an order is written for nobody. Undefined: only at the start. */
  readonly keepWarmMs: number | undefined
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
}

/** The channel tells of a cancel by itself; if it has not by then, the order is asked about. */
const cancelEchoMs = 1_000
/** What a start may run into and wait out; a wrong key or a host that is not there is neither. */
const passing: ReadonlySet<VenueErrorCode> = new Set(['RATE_LIMITED', 'DOWN', 'TIMEOUT'])
const startTriesMax = 5
const startAgainMs = 1_000
/** By then the compiler has seen the path often enough. */
const rehearsals = 200
const catchUpAgainMs = 2_000
const cancelReadsMax = 10
const cancelReadMs = 250
/** An order leaves within this of becoming durable; clocks of two runs may differ by the first. */
const sendWindow = { beforeMs: 1_000, afterMs: 10_000 }

/**
 * Orders to Polymarket's CLOB. docs/venues/polymarket.md, 3.4 to 3.7.
 *
 * The id of an order is the digest that is signed, so it is known, and tracked, before it is sent.
 * What ends without a clear answer is unknown, and asked about; nothing is ever sent twice.
 */
export class PolymarketOrderGateway implements VenueGateway {
  readonly venue = 'polymarket'
  readonly #parts: OrderGatewayParts
  readonly #tracker: OrderTracker
  readonly #search: OrderSearch
  readonly #feed: AccountFeed
  readonly #heartbeat: Heartbeat
  readonly #pause: TradingPause
  readonly #inFlight: Set<ClientOrderId> = new Set()
  readonly #waits: Set<() => void> = new Set()
  #listener: GatewayListener | undefined
  #heardAt: EpochMs
  #stopWarming: () => void = () => undefined
  #isStopped = false

  constructor(parts: OrderGatewayParts) {
    const { clock, timers, random, log, reads } = parts
    this.#parts = parts
    this.#heardAt = clock.epochMs()
    this.#tracker = new OrderTracker(
      (update) => this.#listener?.onUpdate(update),
      () => clock.nanos(),
    )
    this.#search = new OrderSearch({
      tracker: this.#tracker,
      reads,
      log,
      after: (delayMs, run) => this.#after(delayMs, run),
      isInFlight: (id) => this.#inFlight.has(id),
    })
    this.#feed = new AccountFeed({
      url: parts.userSocketUrl,
      credentials: parts.credentials,
      timers,
      random,
      log,
      listener: {
        onMessage: (message) => this.#onMessage(message),
        onConnected: () => void this.#catchUp(),
        onLost: () => log.warn('the user channel is gone; it reconnects', { venue: this.venue }),
      },
    })
    this.#heartbeat = new Heartbeat({ reads, timers, log })
    this.#pause = new TradingPause({
      timers,
      onStatus: (status, reason) => this.#listener?.onVenueStatus(status, reason),
      probe: () => this.#probe(),
    })
  }

  async start(listener: GatewayListener): Promise<void> {
    this.#listener = listener
    // Opens a connection and shows that the key is good, before an order depends on it.
    await this.#knock()
    this.#parts.line.start()
    this.#warmUp()
    await this.#feed.start()
    await this.#heartbeat.start()
  }

  place(orders: readonly Order[]): void {
    const prepared = orders.flatMap((order) => this.#prepare(order) ?? [])
    for (let first = 0; first < prepared.length; first += batchOrdersMax) {
      void this.#post(prepared.slice(first, first + batchOrdersMax))
    }
  }

  cancel(order: ClientOrderId): void {
    const open = this.#tracker.openOrder(order)
    if (open === undefined) return
    const body = JSON.stringify({ orderID: open.venueOrder })
    this.#parts.reads.send({ method: 'DELETE', path: '/order', body }).catch((error: unknown) => {
      this.#parts.log.warn('a cancel had no answer', { order, error })
    })
    this.#after(cancelEchoMs, () => this.query(order))
  }

  query(order: ClientOrderId): void {
    this.#search.start(order)
  }

  /**
   * Takes on orders of an earlier run whose end is not known: the channel, the next reading of the
   * account and `query` tell of them as of our own.
   */
  async adopt(orders: readonly SentOrder[]): Promise<void> {
    const fresh = orders.filter(({ order }) => !this.#tracker.isTracked(order.id))
    if (fresh.length === 0) return
    const oldest = epochMs(Math.min(...fresh.map(({ sentAt }) => sentAt)))
    const open = await this.#parts.reads.openOrders()
    const trades = await this.#parts.reads.trades(readFrom(oldest))
    const names = new Set(open.map(({ id }) => id))
    for (const { taker_order_id: taker, maker_orders: makers } of trades) {
      names.add(taker)
      for (const { order_id: maker } of makers) names.add(maker)
    }
    for (const sent of fresh) this.#adoptOne(sent, names)
  }

  async cancelAll(): Promise<CancelAllResult> {
    const { reads } = this.#parts
    const before = await reads.openOrders()
    await reads.send({ method: 'DELETE', path: '/cancel-all', body: '' })
    let open = await reads.openOrders()
    // Empty twice: the list may be older than the cancel.
    for (let read = 1, empty = 0; empty < 2 && read < cancelReadsMax; read++) {
      await this.#pauseFor(cancelReadMs)
      if (open.length > 0) {
        await reads.send({ method: 'DELETE', path: '/cancel-all', body: '' })
      }
      open = await reads.openOrders()
      empty = open.length === 0 ? empty + 1 : 0
    }
    return {
      cancelled: before.filter(({ id }) => !open.some((still) => still.id === id)).length,
      stillOpen: open.map(({ id }) => id as VenueOrderId),
    }
  }

  async readAccount(since: EpochMs): Promise<AccountSnapshot> {
    const ourOrderOf = (venueOrder: string): ClientOrderId | undefined =>
      this.#tracker.ourOrderOf(venueOrder)
    const { snapshot, orders, trades } = await readAccount({ ...this.#parts, ourOrderOf }, since)
    for (const trade of trades) this.#tracker.onTrade(trade)
    for (const order of orders) this.#tracker.onOrder(order)
    return snapshot
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    for (const cancel of this.#waits) cancel()
    this.#waits.clear()
    this.#stopWarming()
    this.#pause.stop()
    this.#heartbeat.stop()
    this.#feed.stop()
    this.#parts.line.stop()
  }

  async #knock(): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        await this.#parts.reads.openOrders()
        return
      } catch (error) {
        const isPassing = error instanceof VenueError && passing.has(error.code)
        if (!isPassing || tries === startTriesMax) throw error
        await this.#pauseFor(error.retryAfterMs ?? startAgainMs)
      }
    }
  }

  /** The first order must not be the one that compiles the code. */
  #warmUp(): void {
    const { clock, timers, writer, reads, keepWarmMs } = this.#parts
    const rehearse = (): void => {
      reads.rehearse(writer.rehearse(clock.epochMs()))
    }
    for (let count = 0; count < rehearsals; count++) rehearse()
    if (keepWarmMs !== undefined) this.#stopWarming = timers.every(keepWarmMs, rehearse)
  }

  /** Signs an order and tracks it. Undefined, and told, when it cannot be said here. */
  #prepare(order: Order): PreparedOrder | undefined {
    const now = this.#parts.clock.epochMs()
    const written = this.#parts.writer.write(order, now)
    if (written.kind === 'refused') {
      this.#listener?.onUpdate({ kind: 'done', order: order.id, reason: written.reason })
      return undefined
    }
    const { envelope, market } = written
    this.#track(order, envelope.signed.id as string as VenueOrderId, market, now)
    return { id: order.id, envelope }
  }

  #track(order: Order, venueOrder: VenueOrderId, market: Market, sentAt: EpochMs): void {
    this.#tracker.track(order, venueOrder, market.fee, sentAt)
  }

  #adoptOne({ order, sentAt, venueOrder }: SentOrder, names: ReadonlySet<string>): void {
    const market = this.#parts.marketOf(order.market)
    const from = epochMs(sentAt - sendWindow.beforeMs)
    const until = epochMs(sentAt + sendWindow.afterMs)
    const name = venueOrder ?? this.#parts.writer.find(order, from, until, names)
    if (market === undefined || name === undefined) {
      const reason = market === undefined ? 'unknown-market' : 'not-landed'
      this.#listener?.onUpdate({ kind: 'done', order: order.id, reason })
      return
    }
    this.#track(order, name, market, sentAt)
    this.query(order.id)
  }

  async #post(batch: readonly PreparedOrder[]): Promise<void> {
    const [first] = batch
    if (first === undefined) return
    const isOne = batch.length === 1
    const path = isOne ? '/order' : '/orders'
    const body = isOne
      ? encodeOrder(first.envelope)
      : encodeOrders(batch.map(({ envelope }) => envelope))
    const ids = batch.map(({ id }) => id)
    for (const id of ids) this.#inFlight.add(id)
    try {
      this.#onAnswer(ids, await this.#parts.reads.send({ method: 'POST', path, body }))
    } catch (error) {
      if (!(error instanceof VenueError)) throw error
      for (const id of ids) {
        if (error.landed === 'no') this.#tracker.onUnsent(id, 'unreachable')
        else this.#tracker.onSilence(id, error.code.toLowerCase())
      }
    } finally {
      for (const id of ids) this.#inFlight.delete(id)
    }
  }

  #onAnswer(ids: readonly ClientOrderId[], answer: TradingAnswer): void {
    const { status, body, retryAfterMs } = answer
    const pause = pauseOf(answer)
    if (pause !== undefined) {
      this.#pause.close(pause, retryAfterMs)
      for (const id of ids) this.#tracker.onUnsent(id, pause)
      return
    }
    if (status === 401 || status === 403) {
      for (const id of ids) this.#tracker.onUnsent(id, 'unauthorised')
      return
    }
    if (status >= 500) {
      for (const id of ids) this.#tracker.onSilence(id, `http-${status}`)
      return
    }
    // A batch is answered item by item, or refused as a whole by one answer.
    const rows = Array.isArray(body) && ids.length > 1 ? body : ids.map(() => body)
    for (const [index, id] of ids.entries()) {
      const verdict = readVerdict(rows[index])
      this.#tracker.onVerdict(id, verdict)
      if (verdict.kind === 'rejected' && verdict.reason === 'post-only-mode') {
        this.#pause.close('post-only', undefined)
      }
    }
  }

  /** A cancel of nothing: refused while the engine is down, and harmless when it is up. */
  async #probe(): Promise<'open' | 'closed'> {
    const body = JSON.stringify({ orderID: `0x${'0'.repeat(64)}` })
    try {
      const call = { method: 'DELETE', path: '/order', body } as const
      const { status } = await this.#parts.reads.send(call)
      return status === 425 || status === 429 || status >= 500 ? 'closed' : 'open'
    } catch (error) {
      this.#parts.log.debug('the venue did not say whether it is back', { error })
      return 'closed'
    }
  }

  #onMessage(message: UserMessage): void {
    this.#heardAt = this.#parts.clock.epochMs()
    if (message.event_type === 'order') this.#tracker.onOrder(message)
    else this.#tracker.onTrade(message)
  }

  /** Reads what the channel may have missed. */
  async #catchUp(): Promise<void> {
    const { log, reads } = this.#parts
    const resting = this.#tracker.resting()
    try {
      const orders = await reads.openOrders()
      const trades = await reads.trades(readFrom(this.#heardAt))
      for (const trade of trades) this.#tracker.onTrade(trade)
      for (const order of orders) this.#tracker.onOrder(order)
      const listed = new Set(orders.map(({ id }) => id))
      // What rested before and is not listed now has ended while nobody listened.
      for (const { id, venueOrder } of resting) {
        if (!listed.has(venueOrder)) this.query(id)
      }
    } catch (error) {
      log.warn('the account could not be read after a reconnect; it is read again', { error })
      this.#after(catchUpAgainMs, () => void this.#catchUp())
    }
  }

  #pauseFor(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#parts.timers.after(ms, resolve))
  }

  #after(delayMs: number, run: () => void): void {
    if (this.#isStopped) return
    const cancel = this.#parts.timers.after(delayMs, () => {
      this.#waits.delete(cancel)
      run()
    })
    this.#waits.add(cancel)
  }
}

type PreparedOrder = { readonly id: ClientOrderId; readonly envelope: OrderEnvelope }

const refusedBody = z.object({ error: z.string(), code: z.string().optional() })

/** Why an answer means that the venue takes no orders now: nothing happened. 3.9 and 1.3. */
function pauseOf({ status, body }: TradingAnswer): PauseReason | undefined {
  if (status === 425) return 'restarting'
  if (status === 429) return 'rate-limited'
  const parsed = refusedBody.safeParse(body)
  if (status !== 503 || !parsed.success) return undefined
  const { error, code } = parsed.data
  if (code === 'post_only_mode' || error.startsWith('post-only mode')) return 'post-only'
  if (/^trading is currently cancel-only/i.test(error)) return 'cancel-only'
  return /^trading is currently disabled/i.test(error) ? 'disabled' : undefined
}
