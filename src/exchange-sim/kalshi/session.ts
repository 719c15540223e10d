import type { WebSocket } from 'ws'
import type { SimMarket } from '../sim-market.ts'
import type { Line } from './line.ts'
import type { Body, NoSidePrice } from './messages.ts'
import type { Channel, SocketError, SocketRequest } from './socket-request.ts'
import { errors, isChannel, parseRequest, tickersOf } from './socket-request.ts'

/** A client that reads so slowly that this much waits for it is cut off. */
const waitingBytesMax = 16 * 1024 * 1024

/** What a client listens to under one sid. */
export type Subscription = {
  readonly sid: number
  readonly channel: Channel
  readonly markets: Set<SimMarket>
  /** Without a list of markets it hears of all. */
  hearsAll: boolean
  noSide: NoSidePrice
  seq: number
}

/** What a session needs of the exchange. */
export type SessionHost = {
  marketOf(ticker: string): SimMarket | undefined
  snapshotOf(market: SimMarket, noSide: NoSidePrice): Body
  gone(): void
}

/** Channels whose messages have numbers. docs/venues/kalshi.md, 5.3. */
const numbered: ReadonlySet<Channel> = new Set([
  'orderbook_delta',
  'trade',
  'market_lifecycle_v2',
  'order_group_updates',
])

/** One connection of Kalshi's socket and its dialogue. docs/venues/kalshi.md, 5.2. */
export class Session {
  /** The key that opened it: whose orders and fills it may hear of. */
  readonly owner: string
  readonly #socket: WebSocket
  readonly #host: SessionHost
  readonly #line: Line
  readonly #subscriptions = new Map<Channel, Subscription>()
  #sidCount = 0

  constructor(
    owner: string,
    socket: WebSocket,
    host: SessionHost,
    makeLine: (session: Session) => Line,
  ) {
    this.owner = owner
    this.#socket = socket
    this.#host = host
    this.#line = makeLine(this)
  }

  start(): void {
    this.#socket.on('message', (data, isBinary) => {
      if (!isBinary && Buffer.isBuffer(data)) this.#onText(data.toString('utf8'))
    })
    this.#socket.on('close', () => {
      this.#line.close()
      this.#host.gone()
    })
    // A socket that breaks also closes, and that is where its end is dealt with.
    this.#socket.on('error', () => this.#socket.terminate())
    this.#line.open()
  }

  ping(): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping('heartbeat')
  }

  cut(): void {
    this.#socket.terminate()
  }

  send(text: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return
    if (this.#socket.bufferedAmount > waitingBytesMax) {
      // The subscription is dead, and with it all that the client would be told.
      this.#socket.send(frameText({ type: 'error', msg: errors.overflow }))
      this.#socket.close()
      return
    }
    this.#socket.send(text)
  }

  /** Whether somebody listens to an account here. */
  get isPrivate(): boolean {
    return this.#subscriptions.has('fill') || this.#subscriptions.has('user_orders')
  }

  /** A subscription that is not about markets. */
  hearingAll(channel: Channel): Subscription | undefined {
    return this.#subscriptions.get(channel)
  }

  /** The subscription through which the session hears of this market on a channel. */
  hearing(channel: Channel, market: SimMarket): Subscription | undefined {
    const subscription = this.#subscriptions.get(channel)
    if (subscription === undefined) return undefined
    return subscription.hearsAll || subscription.markets.has(market) ? subscription : undefined
  }

  /** Sends a message of a subscription, under the next number where its channel has numbers. */
  publish(subscription: Subscription, body: Body, opensSweep = false): void {
    const kind =
      body.type === 'orderbook_snapshot'
        ? 'snapshot'
        : body.type === 'orderbook_delta'
          ? 'delta'
          : 'other'
    this.#line.publish({ kind, opensSweep, write: () => this.#numberedText(subscription, body) })
  }

  #numberedText(subscription: Subscription, { type, msg }: Body, id?: number): string {
    const { sid, channel } = subscription
    const of = { type, sid, ...(numbered.has(channel) ? { seq: ++subscription.seq } : {}) }
    return frameText({ ...(id === undefined ? {} : { id }), ...of, msg })
  }

  #onText(text: string): void {
    const request = parseRequest(text)
    if (request === undefined) return this.#refuse(0, errors.unreadable)
    switch (request.cmd) {
      case 'subscribe':
        return this.#subscribe(request)
      case 'unsubscribe':
        return this.#unsubscribe(request)
      case 'update_subscription':
        return this.#update(request)
      case 'list_subscriptions':
        return this.#list(request)
    }
    this.#refuse(request.id, errors.unknownCommand)
  }

  #subscribe(request: SocketRequest): void {
    const { channels = [], use_yes_price: usesYesPrice } = request.params
    if (channels.length === 0) return this.#refuse(request.id, errors.channelsRequired)
    for (const channel of channels) {
      if (!isChannel(channel)) this.#refuse(request.id, errors.unknownChannel)
      else if (channel === 'orderbook_delta' && tickersOf(request).length === 0) {
        this.#refuse(request.id, errors.tickerRequired)
      } else this.#open(channel, request, usesYesPrice === true ? 'yes' : 'own')
    }
  }

  /** Opens a channel, or adds to it: a channel has one subscription. docs/venues/kalshi.md, 5.2. */
  #open(channel: Channel, request: SocketRequest, noSide: NoSidePrice): void {
    const known = this.#subscriptions.get(channel)
    const markets = this.#marketsOf(request)
    if (known !== undefined) return this.#add(known, markets, request)

    const hearsAll = channel === 'market_lifecycle_v2' || tickersOf(request).length === 0
    const sid = ++this.#sidCount
    const subscription = { sid, channel, markets: new Set<SimMarket>(), hearsAll, noSide, seq: 0 }
    this.#subscriptions.set(channel, subscription)
    this.#line.reply(frameText({ type: 'subscribed', id: request.id, msg: { channel, sid } }))
    this.#include(subscription, markets)
  }

  #add(subscription: Subscription, markets: readonly SimMarket[], request: SocketRequest): void {
    this.#include(subscription, markets)
    this.#acknowledge(subscription, request)
  }

  #include(subscription: Subscription, markets: readonly SimMarket[]): void {
    const fresh = markets.filter((market) => !subscription.markets.has(market))
    for (const market of fresh) subscription.markets.add(market)
    if (subscription.channel === 'orderbook_delta') this.#snapshots(subscription, fresh)
  }

  #snapshots(subscription: Subscription, markets: readonly SimMarket[], id?: number): void {
    for (const market of markets) {
      const body = this.#host.snapshotOf(market, subscription.noSide)
      const write = (): string => this.#numberedText(subscription, body, id)
      this.#line.publish({ kind: 'snapshot', write })
    }
  }

  #unsubscribe(request: SocketRequest): void {
    const { sids = [] } = request.params
    if (sids.length === 0) return this.#refuse(request.id, errors.sidsRequired)
    for (const sid of sids) {
      const subscription = this.#bySid(sid)
      if (subscription === undefined) {
        this.#refuse(request.id, errors.unknownSid)
        continue
      }
      this.#subscriptions.delete(subscription.channel)
      const seq = ++subscription.seq
      this.#line.reply(frameText({ id: request.id, sid, seq, type: 'unsubscribed' }))
    }
  }

  #update(request: SocketRequest): void {
    const { sid, sids = [], action } = request.params
    const named = [...(sid === undefined ? [] : [sid]), ...sids]
    if (named.length !== 1) return this.#refuse(request.id, errors.oneSidRequired)
    const subscription = this.#bySid(named[0] ?? 0)
    if (subscription === undefined) return this.#refuse(request.id, errors.unknownSid)

    const markets = this.#marketsOf(request)
    if (action === 'add_markets') return this.#add(subscription, markets, request)
    if (action === 'delete_markets') {
      for (const market of markets) subscription.markets.delete(market)
      return this.#acknowledge(subscription, request)
    }
    if (action === 'get_snapshot' && subscription.channel === 'orderbook_delta') {
      return this.#snapshots(subscription, markets, request.id)
    }
    this.#refuse(request.id, errors.unknownAction)
  }

  #acknowledge(subscription: Subscription, { id, params }: SocketRequest): void {
    const tickers = [...subscription.markets].map(({ listing }) => listing.conditionId)
    const msg = params.skip_ticker_ack === true ? {} : { market_tickers: tickers }
    const write = (): string => this.#numberedText(subscription, { type: 'ok', msg }, id)
    this.#line.publish({ kind: 'other', write })
  }

  #list({ id }: SocketRequest): void {
    const msg = [...this.#subscriptions.values()].map(({ channel, sid }) => ({ channel, sid }))
    this.#line.reply(frameText({ id, type: 'ok', msg }))
  }

  /** The markets a request names. Those nobody knows are refused, and the rest goes on. */
  #marketsOf(request: SocketRequest): readonly SimMarket[] {
    const unknown: string[] = []
    const markets = tickersOf(request).flatMap((ticker) => {
      const market = this.#host.marketOf(ticker)
      if (market === undefined) unknown.push(ticker)
      return market === undefined ? [] : [market]
    })
    if (unknown.length > 0) {
      const msg = { ...errors.invalidParameter, market_tickers: unknown }
      this.#line.reply(frameText({ type: 'error', id: request.id, msg }))
    }
    return markets
  }

  #bySid(sid: number): Subscription | undefined {
    return [...this.#subscriptions.values()].find((each) => each.sid === sid)
  }

  #refuse(id: number, error: SocketError): void {
    this.#line.reply(frameText({ type: 'error', ...(id === 0 ? {} : { id }), msg: error }))
  }
}

/** Compact, with a newline last, as captured from the venue. */
function frameText(frame: object): string {
  return `${JSON.stringify(frame)}\n`
}
