import { WebSocket } from 'ws'
import type { InstrumentId, Market, MarketId } from '../../core/market.ts'
import type { Random } from '../../core/random.ts'
import type { Nanos } from '../../core/units.ts'
import type { Clock, Timers } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import { VenueError } from '../venue-error.ts'
import type { FeedConfig } from './config.ts'
import { FirstBooks } from './first-books.ts'
import type { OpenGate } from './open-gate.ts'
import { networkFailure, retryAfter } from './rest-client.ts'

/** A frame with the books of two hundred tokens is some megabytes; ten times that is no frame. */
const frameBytesMax = 64 * 1024 * 1024
/** How often the watchdog looks, against the shortest time it watches. */
const watchesPerTimeout = 4

/** Why a connection is gone; a metric label. */
export type LostReason = 'closed' | 'silent' | 'refused' | 'error'

export type SocketListener = {
  onFrame(connection: number, bytes: Uint8Array, receivedAt: Nanos): void
  onOpen(socket: MarketSocket): void
  onLost(socket: MarketSocket, reason: LostReason): void
  /** An attempt to connect has failed; the socket tries again by itself. */
  onFailure(error: VenueError): void
  onMissingBook(market: Market): void
}

export type SocketParts = {
  readonly connection: number
  readonly url: string
  readonly config: FeedConfig
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
  readonly gate: OpenGate
  readonly log: Log
  readonly listener: SocketListener
}

/**
 * One connection of the market channel with its share of the tokens: kept open, kept honest.
 *
 * docs/venues/polymarket.md, 1.5 and 4.1: the initial message goes out once per connection, later
 * changes as operations; PONG proves nothing, so silence is met with a question.
 */
export class MarketSocket {
  readonly connection: number
  readonly #parts: SocketParts
  readonly #markets: Map<MarketId, Market> = new Map()
  readonly #firstBooks: FirstBooks
  #socket: WebSocket | undefined
  #isOpen = false
  #hasBegun = false
  #attempt = 0
  #retryAfterMs = 0
  #dataAtMs = 0
  #probedAtMs = 0
  #cancelOpen: () => void = () => undefined
  #stopTimers: () => void = () => undefined
  #isStopped = false

  constructor(parts: SocketParts) {
    this.connection = parts.connection
    this.#parts = parts
    this.#firstBooks = new FirstBooks(parts.config.bookTimeoutMs)
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  get marketIds(): readonly MarketId[] {
    return [...this.#markets.keys()]
  }

  get tokenCount(): number {
    return 2 * this.#markets.size
  }

  start(): void {
    this.#cancelOpen = this.#parts.gate.enter(0, () => this.#open())
  }

  stop(): void {
    this.#isStopped = true
    this.#cancelOpen()
    this.#stopTimers()
    this.#socket?.terminate()
  }

  add(markets: readonly Market[]): void {
    for (const market of markets) this.#markets.set(market.id, market)
    if (!this.#isOpen) return

    this.#firstBooks.expect(markets, this.#nowMs())
    if (this.#hasBegun) this.#operate('subscribe', tokensOf(markets))
    else this.#begin()
  }

  remove(ids: readonly MarketId[]): void {
    const markets = ids.map((id) => this.#markets.get(id)).filter((market) => market !== undefined)
    for (const { id } of markets) this.#markets.delete(id)
    this.#firstBooks.drop(ids)
    if (this.#hasBegun) this.#operate('unsubscribe', tokensOf(markets))
  }

  /** A market's book has come by another way. */
  noteBook(id: MarketId): void {
    this.#firstBooks.forget([id])
  }

  #open(): void {
    const { url, config, listener } = this.#parts
    this.#hasBegun = false
    const socket = new WebSocket(url, {
      // Inflating a frame costs fifty times what reading it does.
      perMessageDeflate: false,
      skipUTF8Validation: true,
      handshakeTimeout: config.openTimeoutMs,
      maxPayload: frameBytesMax,
    })
    this.#socket = socket
    let failure: VenueError | undefined
    let reason: LostReason = 'closed'
    socket.on('open', () => this.#opened())
    socket.on('message', (data) => {
      const receivedAt = this.#parts.clock.nanos()
      if (data instanceof Buffer) this.#received(data, receivedAt)
    })
    socket.on('unexpected-response', (request, response) => {
      failure = this.#refused(response.statusCode ?? 0, response.headers['retry-after'])
      reason = 'refused'
      request.destroy()
      socket.terminate()
    })
    socket.on('error', (cause) => {
      failure ??= this.#failure(cause)
      if (reason === 'closed') reason = 'error'
    })
    socket.on('close', () => {
      if (this.#socket !== socket) return
      if (failure !== undefined && !this.#isOpen) listener.onFailure(failure)
      this.#closed(reason)
    })
  }

  #opened(): void {
    const { config, timers, listener } = this.#parts
    this.#isOpen = true
    this.#dataAtMs = this.#nowMs()
    this.#probedAtMs = 0
    const watchMs = Math.min(config.silenceMs, config.probeMs, config.bookTimeoutMs)
    const stopPing = timers.every(config.pingIntervalMs, () => this.#send('PING'))
    const stopWatch = timers.every(Math.ceil(watchMs / watchesPerTimeout), () => this.#watch())
    this.#stopTimers = () => {
      stopPing()
      stopWatch()
    }
    listener.onOpen(this)
    if (this.#markets.size > 0) {
      this.#firstBooks.expect([...this.#markets.values()], this.#nowMs())
      this.#begin()
    }
  }

  #received(frame: Buffer, receivedAt: Nanos): void {
    if (frame.length === 4 && frame.equals(pong)) return

    this.#dataAtMs = receivedAt / 1e6
    this.#attempt = 0
    this.#parts.listener.onFrame(this.connection, frame, receivedAt)
    if (this.#firstBooks.count > 0) this.#firstBooks.look(frame)
    // What is subscribed now is anybody's guess: begin again.
    if (frame.equals(invalidOperation)) this.#drop('refused')
  }

  #watch(): void {
    const now = this.#nowMs()
    const { config, listener } = this.#parts
    for (const { market, remedy } of this.#firstBooks.overdue(now)) {
      if (remedy === 'snapshot') listener.onMissingBook(market)
      else this.#resubscribe(market)
    }
    if (this.#markets.size === 0 || now - this.#dataAtMs < config.silenceMs) return
    if (this.#probedAtMs < this.#dataAtMs) this.#probe(now)
    else if (now - this.#probedAtMs >= config.probeMs) this.#drop('silent')
  }

  /** Asks for a sign of life: a market that was answered before, subscribed anew, is again. */
  #probe(now: number): void {
    const answered = this.#firstBooks.answered
    const market = answered === undefined ? undefined : this.#markets.get(answered)
    // Where nothing was ever answered, there is nobody to ask.
    this.#probedAtMs = now
    if (market !== undefined) this.#resubscribe(market)
  }

  #resubscribe(market: Market): void {
    this.#operate('unsubscribe', tokensOf([market]))
    this.#operate('subscribe', tokensOf([market]))
  }

  #begin(): void {
    this.#hasBegun = true
    this.#send({
      assets_ids: tokensOf([...this.#markets.values()]),
      type: 'market',
      custom_feature_enabled: true,
      // Without it snapshots are missing at scale. docs/venues/polymarket.md, 4.1.
      initial_dump: true,
      level: 2,
    })
  }

  #operate(operation: 'subscribe' | 'unsubscribe', tokens: readonly InstrumentId[]): void {
    if (tokens.length === 0) return
    const flags =
      operation === 'subscribe' ? { custom_feature_enabled: true, initial_dump: true } : {}
    this.#send({ assets_ids: tokens, operation, ...flags })
  }

  #send(message: object | 'PING'): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) return
    this.#socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  }

  /** Ends a connection that is of no use any more, without waiting for its farewell. */
  #drop(reason: LostReason): void {
    const socket = this.#socket
    this.#closed(reason)
    socket?.terminate()
  }

  #closed(reason: LostReason): void {
    const { config, gate, listener, log, random } = this.#parts
    const wasOpen = this.#isOpen
    this.#isOpen = false
    this.#hasBegun = false
    this.#socket = undefined
    this.#stopTimers()
    this.#firstBooks.clear()
    if (this.#isStopped) return
    if (wasOpen) listener.onLost(this, reason)

    const ceiling = Math.min(config.reconnectMsMax, config.reconnectMsMin * 2 ** this.#attempt)
    const delayMs = Math.max(random.next() * ceiling, this.#retryAfterMs)
    log.info('market socket lost', { connection: this.connection, reason, delayMs })
    this.#attempt = Math.min(this.#attempt + 1, 30)
    this.#retryAfterMs = 0
    this.#cancelOpen = gate.enter(delayMs, () => this.#open())
  }

  #refused(status: number, header: string | undefined): VenueError {
    if (status === 429) {
      this.#retryAfterMs = retryAfter(header) ?? this.#parts.config.openIntervalMs
      this.#parts.gate.pause(this.#retryAfterMs)
    }
    return new VenueError({
      venue: 'polymarket',
      call: `connect ${new URL(this.#parts.url).host}`,
      code: status === 429 ? 'RATE_LIMITED' : status >= 500 ? 'DOWN' : 'REFUSED',
      landed: 'no',
      detail: `HTTP ${status}`,
    })
  }

  #failure(cause: Error): VenueError {
    const { host } = new URL(this.#parts.url)
    const { code, detail } = networkFailure(cause)
    return new VenueError({
      venue: 'polymarket',
      call: `connect ${host}`,
      code,
      landed: 'no',
      detail,
      cause,
    })
  }

  #nowMs(): number {
    return this.#parts.clock.nanos() / 1e6
  }
}

const pong = Buffer.from('PONG')
const invalidOperation = Buffer.from('INVALID OPERATION')

function tokensOf(markets: readonly Market[]): InstrumentId[] {
  return markets.flatMap(({ yes, no }) => [yes.id, no.id])
}
