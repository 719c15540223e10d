import { createHash } from 'node:crypto'

import type { InstrumentId, Market, MarketId } from '../../core/market.ts'
import type { ClientOrderId, Order, VenueOrderId } from '../../core/order.ts'
import type { Random } from '../../core/random.ts'
import { zeroShares } from '../../core/units.ts'
import type { EpochMs } from '../../core/units.ts'
import type { Clock, Timers } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type {
  AccountSnapshot,
  CancelAllResult,
  GatewayListener,
  VenueGateway,
} from '../../ports/venue-gateway.ts'
import { VenueError } from '../venue-error.ts'
import { AccountFeed } from './account-feed.ts'
import type { AccountReads } from './account-reads.ts'
import type { UserMessage } from './account-wire.ts'
import type { ApiCredentials } from './auth.ts'
import type { OrderEnvelope } from './encode.ts'
import { batchOrdersMax, encodeOrder, encodeOrders, wireOrderType } from './encode.ts'
import type { SigningKit } from './fast-signer.ts'
import { Heartbeat } from './heartbeat.ts'
import { orderAmounts } from './order-amounts.ts'
import type { Address, Bytes32, SignatureType } from './order-hash.ts'
import { exchangeDomain, zero32 } from './order-hash.ts'
import { OrderTracker } from './order-tracker.ts'
import { readVerdict } from './order-verdict.ts'
import { OrderSigner } from './sign-order.ts'
import type { TradingAnswer } from './trading-client.ts'

export type TradingAccount = {
  readonly kit: SigningKit
  readonly credentials: ApiCredentials
  readonly signatureType: SignatureType
  /** Who holds the funds: the signer itself, or its proxy, Safe or deposit wallet. */
  readonly funder: Address
  readonly chainId: number
}

export type OrderGatewayParts = {
  readonly account: TradingAccount
  readonly reads: AccountReads
  readonly userSocketUrl: string
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
  readonly log: Log
  readonly marketOf: (id: MarketId) => Market | undefined
  /** Whose balances a read of the account asks for. */
  readonly heldInstruments: () => readonly InstrumentId[]
}

/** A query that finds nothing is asked again after this; the second time it counts. */
const quietMs = 3_000
/** The channel tells of a cancel by itself; if it has not by then, the order is asked about. */
const cancelEchoMs = 2_000
const cancelReadsMax = 10
/** Trades are read from so long before we last heard, since clocks differ. */
const readMarginMs = 60_000
/** A good-till-date order ends a minute before its date. docs/venues/polymarket.md, 3.4. */
const expiryMarginSeconds = 60

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
  readonly #feed: AccountFeed
  readonly #heartbeat: Heartbeat
  readonly #signers: { readonly standard: OrderSigner; readonly negRisk: OrderSigner }
  readonly #waits: Set<() => void> = new Set()
  #listener: GatewayListener | undefined
  #heardAt: EpochMs

  constructor(parts: OrderGatewayParts) {
    const { account, clock, timers, random, log, reads } = parts
    this.#parts = parts
    this.#heardAt = clock.epochMs()
    this.#tracker = new OrderTracker(
      (update) => this.#listener?.onUpdate(update),
      () => clock.nanos(),
    )
    this.#feed = new AccountFeed({
      url: parts.userSocketUrl,
      credentials: account.credentials,
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
    const { kit, chainId } = account
    this.#signers = {
      standard: new OrderSigner(exchangeDomain(false, chainId), kit.signer, kit.keccak),
      negRisk: new OrderSigner(exchangeDomain(true, chainId), kit.signer, kit.keccak),
    }
  }

  async start(listener: GatewayListener): Promise<void> {
    this.#listener = listener
    // Opens a connection and shows that the key is good, before an order depends on it.
    await this.#parts.reads.cash()
    this.#feed.start()
    await this.#heartbeat.start()
  }

  place(orders: readonly Order[]): void {
    const envelopes = orders.flatMap((order) => this.#prepare(order) ?? [])
    for (let first = 0; first < envelopes.length; first += batchOrdersMax) {
      void this.#post(envelopes.slice(first, first + batchOrdersMax))
    }
  }

  cancel(order: ClientOrderId): void {
    const venueOrder = this.#tracker.venueOrderOf(order)
    if (venueOrder === undefined) return
    const body = JSON.stringify({ orderID: venueOrder })
    this.#parts.reads.send({ method: 'DELETE', path: '/order', body }).catch((error: unknown) => {
      this.#parts.log.warn('a cancel had no answer', { order, error })
    })
    this.#after(cancelEchoMs, () => this.query(order))
  }

  query(order: ClientOrderId): void {
    void this.#ask(order, 'first')
  }

  async cancelAll(): Promise<CancelAllResult> {
    const { reads, timers } = this.#parts
    const before = await reads.openOrders()
    await reads.send({ method: 'DELETE', path: '/cancel-all', body: '' })
    let open = await reads.openOrders()
    // Empty twice: the list may be older than the cancel.
    for (let empty = 0, read = 1; empty < 2 && read < cancelReadsMax; read++) {
      empty = open.length === 0 ? empty + 1 : 0
      if (empty === 2) break
      await new Promise<void>((resolve) => void timers.after(250, resolve))
      open = await reads.openOrders()
    }
    return {
      cancelled: before.length - open.length,
      stillOpen: open.map(({ id }) => id as VenueOrderId),
    }
  }

  async readAccount(since: EpochMs): Promise<AccountSnapshot> {
    const { heldInstruments, reads } = this.#parts
    const openOrders = await reads.openOrders()
    const trades = await reads.trades(since)
    const positions = []
    for (const instrument of heldInstruments()) {
      positions.push({ instrument, size: await reads.shares(instrument) })
    }
    for (const order of openOrders) this.#tracker.onOrder(order)
    for (const trade of trades) this.#tracker.onTrade(trade)
    return {
      venue: this.venue,
      cash: await reads.cash(),
      positions,
      openOrders: openOrders.map(({ id, market, asset_id: token, size_matched: filled }) => ({
        venueOrder: id as VenueOrderId,
        order: this.#tracker.ourOrderOf(id),
        market: market as MarketId,
        instrument: token as InstrumentId,
        filled: filled ?? zeroShares,
      })),
      fills: [],
    }
  }

  async stop(): Promise<void> {
    for (const cancel of this.#waits) cancel()
    this.#waits.clear()
    this.#heartbeat.stop()
    this.#feed.stop()
  }

  /**
   * Signs an order and tracks it. Undefined, and told, when it cannot be said in the venue's terms.
   */
  #prepare(order: Order): { order: Order; envelope: OrderEnvelope } | undefined {
    const { account, clock, marketOf } = this.#parts
    const market = marketOf(order.market)
    if (market === undefined) return this.#refuse(order, 'unknown-market')
    const result = orderAmounts(order, market.grid)
    if (result.kind === 'refused') return this.#refuse(order, result.reason)

    const signer = market.negRisk ? this.#signers.negRisk : this.#signers.standard
    const maker = account.funder
    const signed = signer.sign({
      salt: saltOf(order.id),
      maker,
      signer: account.signatureType === 3 ? maker : account.kit.signer.address,
      tokenId: order.instrument,
      ...result.amounts,
      side: order.side === 'buy' ? 0 : 1,
      signatureType: account.signatureType,
      timestamp: clock.epochMs(),
      metadata: metadataOf(order.id),
      builder: zero32,
    })
    this.#tracker.track(order, signed.id as unknown as VenueOrderId, market.fee)
    const envelope: OrderEnvelope = {
      signed,
      owner: account.credentials.key,
      orderType: wireOrderType(order.timeInForce),
      postOnly: order.postOnly,
      expirationSeconds:
        order.expiresAt === undefined ? 0 : Math.ceil(order.expiresAt / 1000) + expiryMarginSeconds,
    }
    return { order, envelope }
  }

  #refuse({ id }: Order, reason: string): undefined {
    this.#listener?.onUpdate({ kind: 'done', order: id, reason })
  }

  async #post(batch: readonly { order: Order; envelope: OrderEnvelope }[]): Promise<void> {
    const [first] = batch
    if (first === undefined) return
    const isOne = batch.length === 1
    const body = isOne
      ? encodeOrder(first.envelope)
      : encodeOrders(batch.map(({ envelope }) => envelope))
    try {
      const path = isOne ? '/order' : '/orders'
      const answer = await this.#parts.reads.send({ method: 'POST', path, body })
      this.#onAnswer(
        batch.map(({ order }) => order.id),
        answer,
      )
    } catch (error) {
      if (!(error instanceof VenueError)) throw error
      for (const { order } of batch) {
        if (error.landed === 'no') this.#tracker.onUnsent(order.id, 'unreachable')
        else this.#tracker.onSilence(order.id, error.code.toLowerCase())
      }
    }
  }

  #onAnswer(ids: readonly ClientOrderId[], { status, body }: TradingAnswer): void {
    if (status === 425 || status === 503) {
      this.#listener?.onVenueStatus('closed', status === 425 ? 'restarting' : 'not-trading')
      for (const id of ids) this.#tracker.onUnsent(id, 'venue-closed')
      return
    }
    if (status === 401 || status === 403 || status === 429) {
      const reason = status === 429 ? 'rate-limited' : 'unauthorised'
      for (const id of ids) this.#tracker.onUnsent(id, reason)
      return
    }
    if (status >= 500) {
      for (const id of ids) this.#tracker.onSilence(id, `http-${status}`)
      return
    }
    const rows = Array.isArray(body) && body.length === ids.length ? body : ids.map(() => body)
    for (const [index, id] of ids.entries()) this.#tracker.onVerdict(id, readVerdict(rows[index]))
  }

  /** Looks for an order in two places. What is in neither, twice, never landed. */
  async #ask(id: ClientOrderId, time: 'first' | 'second'): Promise<void> {
    const venueOrder = this.#tracker.venueOrderOf(id)
    if (venueOrder === undefined || !this.#tracker.open().includes(id)) return
    try {
      const { reads } = this.#parts
      const open = await reads.openOrder(venueOrder)
      const trades = await reads.trades((this.#heardAt - readMarginMs) as EpochMs)
      if (open !== undefined) this.#tracker.onOrder(open)
      for (const trade of trades) this.#tracker.onTrade(trade)
      if (open !== undefined || !this.#tracker.open().includes(id)) return
      if (time === 'second') this.#tracker.onAbsent(id)
      else this.#after(quietMs, () => void this.#ask(id, 'second'))
    } catch (error) {
      if (!(error instanceof VenueError)) throw error
      this.#parts.log.warn('an order could not be asked about; it is asked again', { id, error })
      this.#after(quietMs, () => void this.#ask(id, time))
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
    try {
      const orders = await reads.openOrders()
      const trades = await reads.trades((this.#heardAt - readMarginMs) as EpochMs)
      for (const order of orders) this.#tracker.onOrder(order)
      for (const trade of trades) this.#tracker.onTrade(trade)
    } catch (error) {
      log.warn('the account could not be read after a reconnect', { error })
    }
  }

  #after(delayMs: number, run: () => void): void {
    const cancel = this.#parts.timers.after(delayMs, () => {
      this.#waits.delete(cancel)
      run()
    })
    this.#waits.add(cancel)
  }
}

/** Fixed by our name of the order, so that the same order is the same bytes. */
function saltOf(id: ClientOrderId): number {
  const digest = createHash('sha256').update(id).digest()
  return digest.readUIntBE(0, 6) * 32 + ((digest[6] ?? 0) & 31)
}

/** Our name of the order in its signed metadata: with it the chain alone can rebuild a ledger. */
function metadataOf(id: ClientOrderId): Bytes32 {
  const bytes = Buffer.alloc(32)
  bytes.write(id, 'latin1')
  return `0x${bytes.toString('hex')}`
}
