import type { Market, MarketId } from '../../core/market.ts'
import type { ClientOrderId, Order } from '../../core/order.ts'
import type { Random } from '../../core/random.ts'
import type { EpochMs, MicroShares } from '../../core/units.ts'
import type { Clock, Timers } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type {
  AccountSnapshot,
  CancelAllResult,
  GatewayListener,
  OrderUpdate,
  SentOrder,
  VenueGateway,
} from '../../ports/venue-gateway.ts'
import { VenueError } from '../venue-error.ts'
import { AccountCatchUp } from './account-catch-up.ts'
import { AccountFeed } from './account-feed.ts'
import type { AccountReads } from './account-reads.ts'
import type { Cash, UserMessage } from './account-wire.ts'
import type { RequestSigner } from './auth.ts'
import { cancelEverything } from './cancel-everything.ts'
import type { FeedConfig } from './config.ts'
import type { AmendTerms, OrderBody } from './encode.ts'
import { encodeAmend, encodeBatch, encodeOrder } from './encode.ts'
import { ExchangeWatch } from './exchange-watch.ts'
import { OrderCancels } from './order-cancels.ts'
import type { OrderGroups } from './order-groups.ts'
import { OrderInquiries } from './order-inquiries.ts'
import { OrderTracker } from './order-tracker.ts'
import type { OrderVerdict } from './order-verdict.ts'
import { readBatchVerdicts, readVerdict } from './order-verdict.ts'
import { readAccount } from './read-account.ts'
import type { TradingClient } from './trading-client.ts'
import { batchPath, ordersPath } from './trading-client.ts'

export type OrderGatewayParts = {
  readonly signer: RequestSigner
  readonly client: TradingClient
  readonly reads: AccountReads
  readonly groups: OrderGroups
  readonly socketUrl: string
  readonly feed: FeedConfig
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
  readonly log: Log
  readonly marketOf: (id: MarketId) => Market | undefined
  /** Contracts that may match in 15 s before the venue itself stops us. Undefined: no guard. */
  readonly guard: MicroShares | undefined
  readonly cancelOnPause: boolean
  readonly waits: GatewayWaits
}

export type GatewayWaits = {
  /** The channel tells of an order by itself; if it has not by then, the order is asked about. */
  readonly echoMs: number
  /** Between two looks for an order that is not found. */
  readonly quietMs: number
  /**
   * How far the venue's clock may be ahead of ours. An order that is not found is believed not to
   * have landed only by reads that are so much younger than it.
   */
  readonly skewMs: number
  /** How long an order may wait for its place in our budget: later it is another order. */
  readonly placePatienceMs: number
  /** Between two reads of what still rests, while everything is cancelled. */
  readonly cancelRoundMs: number
  /** Between two looks at whether the exchange trades: while it does, and while it does not. */
  readonly status: { readonly open: number; readonly closed: number }
}

/** In tokens. docs/venues/kalshi.md, 1.3. */
const orderCost = 10

type Sending = { readonly order: Order; readonly body: OrderBody }

/**
 * Orders to Kalshi. docs/venues/kalshi.md, 4.2 to 4.6.
 *
 * An order carries our name of it, and the venue takes a name once; so it is tracked before it is
 * sent, and found again whatever becomes of the answer. What ends without a clear one is unknown,
 * and asked about; nothing is ever sent twice.
 */
export class KalshiOrderGateway implements VenueGateway {
  readonly venue = 'kalshi'
  readonly #parts: OrderGatewayParts
  readonly #tracker: OrderTracker
  readonly #feed: AccountFeed
  readonly #inquiries: OrderInquiries
  readonly #cancels: OrderCancels
  readonly #watch: ExchangeWatch
  readonly #catchUp: AccountCatchUp
  /** As the channel told them last; nothing after it was lost. */
  readonly #positions: Map<MarketId, MicroShares> = new Map()
  #listener: GatewayListener | undefined
  #group: string | undefined

  constructor(parts: OrderGatewayParts) {
    const { client, clock, guard, log, reads, timers, waits } = parts
    this.#parts = parts
    this.#tracker = new OrderTracker(
      {
        onUpdate: (update) => this.#onUpdate(update),
        onOddity: (oddity, order) => log.warn('an order is told of oddly', { oddity, order }),
      },
      () => clock.nanos(),
    )
    const tracker = this.#tracker
    const { quietMs, echoMs, skewMs } = waits
    const inquiries = new OrderInquiries({ tracker, reads, clock, timers, log, quietMs, skewMs })
    this.#inquiries = inquiries
    this.#catchUp = new AccountCatchUp({
      tracker,
      reads,
      inquiries,
      clock,
      timers,
      log,
      echoMs,
    })
    this.#cancels = new OrderCancels({ client, tracker, inquiries, timers, log, echoMs })
    this.#watch = new ExchangeWatch({
      reads,
      timers,
      log,
      everyMs: waits.status,
      onStatus: (status, reason) => this.#listener?.onVenueStatus(status, reason),
    })
    const channels = ['fill', 'user_orders', 'market_positions'] as const
    this.#feed = new AccountFeed({
      ...parts,
      url: parts.socketUrl,
      config: parts.feed,
      channels: guard === undefined ? channels : [...channels, 'order_group_updates'],
      listener: {
        onMessage: (message) => this.#onMessage(message),
        onReady: () => this.#catchUp.start(),
        onGap: () => this.#catchUp.start(),
        onLost: (reason) => {
          this.#positions.clear()
          this.#catchUp.onLost()
          log.warn('the channels of the account are gone', { reason })
        },
      },
    })
  }

  async start(listener: GatewayListener): Promise<void> {
    this.#listener = listener
    const { client, groups, guard, log, reads } = this.#parts
    // Opens a connection and shows that the key is good, before an order depends on it.
    await reads.adoptLimits()
    const { total, shards } = await reads.cash()
    log.info('kalshi tells the cash of the account', { total, shards })
    if (guard !== undefined) this.#group = await groups.create(guard)
    client.start()
    await this.#feed.start()
    this.#watch.start()
  }

  place(orders: readonly Order[]): void {
    const sendings = orders.flatMap((order) => this.#prepare(order) ?? [])
    // A batch must fit the bucket whole, or it is refused whole. docs/venues/kalshi.md, 1.3.
    const most = this.#parts.client.batchMax(orderCost)
    for (let first = 0; first < sendings.length; first += most) {
      void this.#post(sendings.slice(first, first + most))
    }
  }

  /**
   * Takes on orders of an earlier run, and asks about each. They carry our name, so they are found
   * whether or not the venue had told its own; what was never sent is found not to have landed.
   */
  adopt(orders: readonly SentOrder[]): Promise<void> {
    for (const sent of orders) {
      const market = this.#parts.marketOf(sent.order.market)
      this.#tracker.adopt(sent, market?.fee ?? { kind: 'unknown', reason: 'no such market now' })
      this.#inquiries.ask(sent.order.id)
    }
    return Promise.resolve()
  }

  cancel(order: ClientOrderId): void {
    this.#cancels.cancel(order)
  }

  query(id: ClientOrderId): void {
    const isKnown = this.#tracker.find(id) !== undefined
    if (isKnown) this.#inquiries.ask(id)
    else this.#parts.log.warn('an order was asked about that nobody knows', { order: id })
  }

  /**
   * Changes the price and the total of a resting order. A crossing one trades at once; a new price
   * or more size loses the place in the queue. docs/venues/kalshi.md, 4.2.
   */
  async amend(id: ClientOrderId, terms: AmendTerms): Promise<'amended' | 'refused' | 'unknown'> {
    const tracked = this.#tracker.find(id)
    const market = tracked === undefined ? undefined : this.#parts.marketOf(tracked.order.market)
    if (tracked?.venueOrder === undefined || tracked.done || market === undefined) return 'refused'
    const body = encodeAmend(tracked.order, market.grid, terms)
    if (typeof body === 'string') return 'refused'

    const path = `${ordersPath}/${tracked.venueOrder}/amend`
    const { placePatienceMs: patienceMs } = this.#parts.waits
    const call = { method: 'POST', path, body: JSON.stringify(body), cost: orderCost } as const
    try {
      const { status } = await this.#parts.client.send({ ...call, patienceMs })
      if (status < 200 || status >= 300) {
        this.#inquiries.ask(id)
        return status < 500 && status !== 409 ? 'refused' : 'unknown'
      }
      this.#tracker.onAmended(id, terms.size)
      return 'amended'
    } catch (error) {
      if (!(error instanceof VenueError)) throw error
      if (error.landed === 'no') return 'refused'
      this.#inquiries.ask(id)
      return 'unknown'
    }
  }

  /** Takes orders again after the guard has stopped them. Rejects with a `VenueError`. */
  async resetGuard(): Promise<void> {
    if (this.#group === undefined) return
    await this.#parts.groups.reset(this.#group)
    this.#listener?.onVenueStatus('open', 'order-group-reset')
  }

  /** The venue may take orders of the next minute along. docs/venues/kalshi.md, 4.2. */
  async cancelAll(): Promise<CancelAllResult> {
    const { cancelRoundMs: roundMs, skewMs } = this.#parts.waits
    const result = await cancelEverything({ ...this.#parts, roundMs, skewMs })
    this.#catchUp.start()
    return result
  }

  /** Cash that is free, in all and on each shard. Rejects with a `VenueError`. */
  cash(): Promise<Cash> {
    return this.#parts.reads.cash()
  }

  /** What the channel told last. Undefined when it said nothing since it stands. */
  toldPosition(market: MarketId): MicroShares | undefined {
    return this.#positions.get(market)
  }

  readAccount(since: EpochMs): Promise<AccountSnapshot> {
    const tracker = this.#tracker
    const { reads } = this.#parts
    return readAccount({ reads, tracker, orderOf: (id) => tracker.find(id)?.order }, since)
  }

  async stop(): Promise<void> {
    const { client, groups, log, reads } = this.#parts
    this.#watch.stop()
    this.#catchUp.stop()
    this.#inquiries.stop()
    this.#cancels.stop()
    this.#feed.stop()
    try {
      // With it goes what is still in it: an order that nobody watches must not rest.
      if (this.#group !== undefined) await groups.remove(this.#group)
    } catch (error) {
      log.warn('the group of our orders could not be ended', { error })
    }
    await client.close()
    await reads.close()
  }

  /** Tracks an order. Undefined, and told, when it cannot be said in the venue's terms. */
  #prepare(order: Order): Sending | undefined {
    const { cancelOnPause, clock, marketOf } = this.#parts
    const market = marketOf(order.market)
    if (market === undefined) return this.#refuse(order, 'unknown-market')
    if (market.fee.kind === 'unknown') return this.#refuse(order, 'unknown-fee')
    const body = encodeOrder(order, market.grid, { group: this.#group, cancelOnPause })
    if (typeof body === 'string') return this.#refuse(order, body)
    this.#tracker.track(order, market.fee, clock.epochMs())
    return { order, body }
  }

  #refuse({ id }: Order, reason: string): undefined {
    this.#listener?.onUpdate({ kind: 'done', order: id, reason })
  }

  async #post(batch: readonly Sending[]): Promise<void> {
    const [first] = batch
    if (first === undefined) return
    const isOne = batch.length === 1
    const ids = batch.map(({ order }) => order.id)
    try {
      const { status, body } = await this.#parts.client.send({
        method: 'POST',
        path: isOne ? ordersPath : batchPath,
        body: isOne ? JSON.stringify(first.body) : encodeBatch(batch.map((each) => each.body)),
        cost: orderCost * batch.length,
        patienceMs: this.#parts.waits.placePatienceMs,
      })
      const verdicts = isOne ? [readVerdict(status, body)] : readBatchVerdicts(status, body, ids)
      for (const [index, id] of ids.entries()) {
        this.#onVerdict(id, verdicts[index] ?? { kind: 'unclear', text: 'no answer' })
      }
    } catch (error) {
      if (!(error instanceof VenueError)) throw error
      const { code, landed } = error
      for (const id of ids) {
        if (landed === 'unknown') this.#tracker.onSilence(id, code.toLowerCase())
        else this.#tracker.onUnsent(id, code === 'RATE_LIMITED' ? 'rate-limited' : 'unreachable')
      }
    }
  }

  #onVerdict(id: ClientOrderId, verdict: OrderVerdict): void {
    if (verdict.kind === 'rejected' || verdict.kind === 'unclear') {
      this.#parts.log.info('kalshi did not take an order', { order: id, ...verdict })
    }
    if (verdict.kind === 'rejected' && verdict.reason === 'balance') void this.#logCash(id)
    if (verdict.kind === 'closed') this.#watch.onRefusal(verdict.reason)
    this.#tracker.onVerdict(id, verdict)
    if (verdict.kind === 'accepted') this.#inquireIfDue(id)
  }

  /** The sum may suffice and the shard of the market may not. docs/venues/kalshi.md, 3.6. */
  async #logCash(order: ClientOrderId): Promise<void> {
    const { log, reads } = this.#parts
    try {
      const { total, shards } = await reads.cash()
      log.warn('there was too little cash where an order needed it', { order, total, shards })
    } catch (error) {
      log.warn('there was too little cash, and it could not be read', { order, error })
    }
  }

  /** What the venue calls filled and the channel has not told yet is read. */
  #inquireIfDue(id: ClientOrderId): void {
    if (this.#tracker.lacksFills(id)) this.#inquiries.askIn(this.#parts.waits.echoMs, id)
  }

  #onUpdate(update: OrderUpdate): void {
    if (update.kind === 'live') this.#cancels.onNamed(update.order)
    if (update.kind === 'done') this.#cancels.onDone(update.order)
    this.#listener?.onUpdate(update)
  }

  #onMessage(message: UserMessage): void {
    this.#catchUp.onHeard()
    switch (message.type) {
      case 'user_order': {
        this.#tracker.onOrder(message.msg)
        const tracked = this.#tracker.byVenueOrder(message.msg.id)
        if (tracked !== undefined) this.#inquireIfDue(tracked.order.id)
        return
      }
      case 'fill':
        this.#tracker.onFill(message.msg)
        return
      case 'market_position':
        this.#positions.set(message.msg.ticker, message.msg.size)
        return
      case 'order_group_updates':
        if (message.msg.group !== this.#group || message.msg.event !== 'triggered') return
        this.#listener?.onVenueStatus('closed', 'order-group-limit')
    }
  }
}
