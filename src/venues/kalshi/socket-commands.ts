import type { MarketId } from '../../core/market.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { FeedConfig } from './config.ts'
import type { Channel } from './encode.ts'
import { listSubscriptions, subscribe, updateSubscription } from './encode.ts'
import { CommandError, Listed, Reply, Subscribed, terminalErrors } from './wire.ts'

/** Answers we wait for at most: above it the venue has stopped to answer. */
const pendingMax = 1_000

type Pending = {
  readonly what: string
  readonly atMs: number
  /** What a subscription was asked for, to ask again without those that stand in its way. */
  readonly subscribing?: { readonly channel: Channel; readonly markets: readonly MarketId[] }
}

/**
 * What one connection has asked of the venue, and what it was answered.
 *
 * Every command has a number, and an answer within a time; a connection that fails in either is
 * given up, and the next begins anew.
 */
export class SocketCommands {
  readonly #parts: CommandParts
  readonly #pending: Map<number, Pending> = new Map()
  readonly #sids: Map<Channel, number> = new Map()
  /** Markets that wait for their channels to be open. */
  readonly #waiting: Set<MarketId> = new Set()
  #hasBegun = false
  #nextId = 1
  #listedAtMs = 0

  constructor(parts: CommandParts) {
    this.#parts = parts
  }

  /** Subscribes on a connection that has just opened. */
  begin(markets: readonly MarketId[]): void {
    this.#listedAtMs = this.#nowMs()
    this.#subscribe('market_lifecycle_v2', [])
    this.add(markets)
  }

  add(markets: readonly MarketId[]): void {
    if (markets.length === 0) return
    if (this.#hasBegun) {
      for (const market of markets) this.#waiting.add(market)
      this.#flush()
      return
    }
    // The first markets open the channels; the rest follow when the venue has named them.
    const { marketsPerCommandMax } = this.#parts.config
    const first = markets.slice(0, marketsPerCommandMax)
    for (const market of markets.slice(marketsPerCommandMax)) this.#waiting.add(market)
    this.#hasBegun = true
    for (const channel of this.#channels) this.#subscribe(channel, first)
  }

  remove(markets: readonly MarketId[]): void {
    const open = markets.filter((market) => !this.#waiting.delete(market))
    this.#update('delete_markets', open)
  }

  /** Asks for books anew. Nothing is asked before the channel is open: they come by themselves. */
  askForSnapshots(markets: readonly MarketId[]): void {
    const sid = this.#sids.get('orderbook_delta')
    if (sid === undefined) return
    for (const part of this.#chunks(markets)) {
      this.#send(
        'get_snapshot',
        (id) => updateSubscription(id, 'get_snapshot', sid, part),
        'unanswered',
      )
    }
  }

  /** Reads a frame that is none of a channel. */
  onAnswer(frame: Buffer): void {
    const json = parse(frame)
    const { data: reply } = Reply.safeParse(json)
    if (reply === undefined) return
    if (reply.type === 'error') this.#onError(json, reply.id)
    else if (reply.type === 'subscribed') this.#onSubscribed(json, reply.id)
    else if (reply.type === 'ok') this.#onOk(json, reply.id)
  }

  /** Looks after answers that are overdue, and now and then whether we are still subscribed. */
  watch(): void {
    const now = this.#nowMs()
    const { commandTimeoutMs, silenceMs } = this.#parts.config
    for (const { what, atMs } of this.#pending.values()) {
      if (now - atMs < commandTimeoutMs) continue
      this.#parts.log.warn('kalshi has not answered a command', { what })
      this.#parts.onDead('silent')
      return
    }
    if (now - this.#listedAtMs < silenceMs) return
    this.#listedAtMs = now
    this.#send('list_subscriptions', listSubscriptions)
  }

  /** The connection is gone, and with it all that was asked. */
  clear(): void {
    this.#pending.clear()
    this.#sids.clear()
    this.#waiting.clear()
    this.#hasBegun = false
  }

  get #channels(): readonly Channel[] {
    return this.#parts.config.ticker
      ? ['orderbook_delta', 'trade', 'ticker']
      : ['orderbook_delta', 'trade']
  }

  #subscribe(channel: Channel, markets: readonly MarketId[]): void {
    const id = this.#nextId++
    const what = `subscribe ${channel}`
    this.#pending.set(id, { what, atMs: this.#nowMs(), subscribing: { channel, markets } })
    this.#parts.send(subscribe(id, channel, markets))
  }

  /** Adds what waits, once every channel is open. */
  #flush(): void {
    if (this.#waiting.size === 0) return
    if (this.#channels.some((channel) => !this.#sids.has(channel))) return
    const markets = [...this.#waiting]
    this.#waiting.clear()
    this.#update('add_markets', markets)
  }

  #update(action: 'add_markets' | 'delete_markets', markets: readonly MarketId[]): void {
    for (const channel of this.#channels) {
      const sid = this.#sids.get(channel)
      if (sid === undefined) continue
      for (const part of this.#chunks(markets)) {
        this.#send(`${action} ${channel}`, (id) => updateSubscription(id, action, sid, part))
      }
    }
  }

  #chunks(markets: readonly MarketId[]): readonly (readonly MarketId[])[] {
    const size = this.#parts.config.marketsPerCommandMax
    const count = Math.ceil(markets.length / size)
    return Array.from({ length: count }, (_, index) =>
      markets.slice(index * size, (index + 1) * size),
    )
  }

  #send(
    what: string,
    command: (id: number) => string,
    answer: 'answered' | 'unanswered' = 'answered',
  ): void {
    const id = this.#nextId++
    if (answer === 'answered') this.#pending.set(id, { what, atMs: this.#nowMs() })
    if (this.#pending.size > pendingMax) {
      this.#parts.onDead('silent')
      return
    }
    this.#parts.send(command(id))
  }

  #onSubscribed(json: unknown, id: number | undefined): void {
    const { data } = Subscribed.safeParse(json)
    if (data === undefined) return
    if (id !== undefined) this.#pending.delete(id)
    const channel = data.msg.channel
    if (isChannel(channel)) this.#sids.set(channel, data.msg.sid)
    this.#flush()
  }

  #onOk(json: unknown, id: number | undefined): void {
    if (id !== undefined) this.#pending.delete(id)
    const { data } = Listed.safeParse(json)
    if (data === undefined) return

    const listed = new Set(data.msg.map(({ sid }) => sid))
    const lost = [...this.#sids].find(([, sid]) => !listed.has(sid))
    if (lost === undefined) return
    this.#parts.log.warn('kalshi has forgotten a subscription', { channel: lost[0] })
    this.#parts.onDead('closed')
  }

  #onError(json: unknown, id: number | undefined): void {
    const { data } = CommandError.safeParse(json)
    if (data === undefined) return
    const pending = id === undefined ? undefined : this.#pending.get(id)
    if (id !== undefined) this.#pending.delete(id)
    const { code, msg: message, market_ticker: one, market_tickers: many = [] } = data.msg
    const named = new Set<string>(one === undefined ? many : [one, ...many])
    this.#parts.log.warn('kalshi has refused a command', {
      code,
      message,
      what: pending?.what,
      markets: [...named],
    })
    if (terminalErrors.has(code)) this.#parts.onDead('refused')
    else if (pending?.subscribing !== undefined) this.#subscribeWithout(named, pending.subscribing)
  }

  /** A market that is gone is one of many. Without any that stands, a connection is of no use. */
  #subscribeWithout(
    named: ReadonlySet<string>,
    { channel, markets }: NonNullable<Pending['subscribing']>,
  ): void {
    const rest = markets.filter((market) => !named.has(market))
    if (rest.length === 0 || rest.length === markets.length) this.#parts.onDead('refused')
    else this.#subscribe(channel, rest)
  }

  #nowMs(): number {
    return this.#parts.clock.nanos() / 1e6
  }
}

type CommandParts = {
  readonly config: FeedConfig
  readonly clock: Clock
  readonly log: Log
  send(text: string): void
  onDead(reason: 'silent' | 'refused' | 'closed'): void
}

function isChannel(name: string): name is Channel {
  return ['orderbook_delta', 'trade', 'ticker', 'market_lifecycle_v2'].includes(name)
}

function parse(frame: Buffer): unknown {
  try {
    return JSON.parse(frame.toString()) as unknown
  } catch {
    return undefined
  }
}
