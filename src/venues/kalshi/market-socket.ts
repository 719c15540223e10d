import { WebSocket } from 'ws'
import type { MarketId } from '../../core/market.ts'
import type { Random } from '../../core/random.ts'
import type { Nanos } from '../../core/units.ts'
import type { Clock, Timers } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import { networkFailure, retryAfter } from '../network-failure.ts'
import { VenueError } from '../venue-error.ts'
import type { RequestSigner } from './auth.ts'
import type { FeedConfig } from './config.ts'
import { FirstBooks } from './first-books.ts'
import { SnapshotRequests } from './snapshot-requests.ts'
import { SocketCommands } from './socket-commands.ts'

/** The venue's own limit of a frame. docs/venues/kalshi.md, 5.1. */
const frameBytesMax = 64 * 1024 * 1024
/** How often the watchdog looks, against the shortest time it watches. */
const watchesPerTimeout = 4

/** Why a connection is gone; a metric label. */
export type LostReason = 'closed' | 'silent' | 'refused' | 'error'

export type LinkListener = {
  onFrame(bytes: Uint8Array, receivedAt: Nanos): void
  onOpen(): void
  onLost(reason: LostReason): void
  /** An attempt to connect has failed; another follows by itself. */
  onFailure(error: VenueError): void
}

export type LinkParts = {
  readonly config: FeedConfig
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
  readonly log: Log
  readonly listener: LinkListener
}

/**
 * The signed connection of the market data channels: kept open, kept honest.
 *
 * One carries every market: a session may hold half a million. docs/venues/kalshi.md, 5.7.
 */
export class MarketSocket {
  readonly #parts: LinkParts & { readonly url: string; readonly signer: RequestSigner }
  readonly #markets: Set<MarketId> = new Set()
  readonly #firstBooks: FirstBooks
  readonly #commands: SocketCommands
  readonly #snapshots: SnapshotRequests
  #socket: WebSocket | undefined
  #isOpen = false
  #attempt = 0
  #retryAfterMs = 0
  #lifeAtMs = 0
  #dataAtMs = 0
  #probedAtMs = 0
  #cancelOpen: () => void = () => undefined
  #stopWatch: () => void = () => undefined
  #isStopped = false

  constructor(parts: LinkParts & { readonly url: string; readonly signer: RequestSigner }) {
    this.#parts = parts
    const { config, clock, timers, log } = parts
    this.#firstBooks = new FirstBooks(config.commandTimeoutMs)
    this.#commands = new SocketCommands({
      config,
      clock,
      log,
      send: (text) => this.#send(text),
      onDead: (reason) => this.#drop(reason),
    })
    this.#snapshots = new SnapshotRequests({
      gatherMs: config.snapshotGatherMs,
      clock,
      timers,
      ask: (markets) => this.#commands.askForSnapshots(markets),
    })
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  start(): void {
    this.#open()
  }

  stop(): void {
    this.#isStopped = true
    this.#cancelOpen()
    this.#stopWatch()
    this.#snapshots.clear()
    this.#socket?.terminate()
  }

  add(markets: readonly MarketId[]): void {
    const fresh = markets.filter((market) => !this.#markets.has(market))
    for (const market of fresh) this.#markets.add(market)
    if (!this.#isOpen || fresh.length === 0) return

    this.#firstBooks.expect(fresh, this.#nowMs())
    this.#commands.add(fresh)
  }

  remove(markets: readonly MarketId[]): void {
    const known = markets.filter((market) => this.#markets.delete(market))
    this.#firstBooks.forget(known)
    if (this.#isOpen && known.length > 0) this.#commands.remove(known)
  }

  requestSnapshot(market: MarketId): void {
    if (this.#isOpen && this.#markets.has(market)) this.#snapshots.request(market)
  }

  #open(): void {
    const { url, signer, config, listener } = this.#parts
    const socket = new WebSocket(url, {
      headers: signer.headers('GET', new URL(url).pathname),
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
    // The venue's heartbeat; the library answers it. docs/venues/kalshi.md, 5.7.
    socket.on('ping', () => {
      this.#lifeAtMs = this.#nowMs()
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
    this.#lifeAtMs = this.#nowMs()
    this.#dataAtMs = this.#lifeAtMs
    this.#probedAtMs = 0
    const watchMs = Math.min(config.silenceMs, config.quietMs, config.commandTimeoutMs)
    this.#stopWatch = timers.every(Math.ceil(watchMs / watchesPerTimeout), () => this.#watch())
    listener.onOpen()
    const markets = [...this.#markets]
    this.#firstBooks.expect(markets, this.#nowMs())
    this.#commands.begin(markets)
  }

  #received(frame: Buffer, receivedAt: Nanos): void {
    this.#lifeAtMs = receivedAt / 1e6
    this.#attempt = 0
    this.#parts.listener.onFrame(frame, receivedAt)
    if (this.#firstBooks.count > 0) this.#firstBooks.look(frame)
    if (isAnswer(frame)) this.#commands.onAnswer(frame)
    else this.#dataAtMs = this.#lifeAtMs
  }

  #watch(): void {
    const now = this.#nowMs()
    if (now - this.#lifeAtMs >= this.#parts.config.silenceMs) {
      this.#drop('silent')
      return
    }
    for (const market of this.#firstBooks.overdue(now)) this.#snapshots.request(market)
    if (!this.#isDataAlive(now)) {
      this.#drop('silent')
      return
    }
    this.#commands.watch()
  }

  /**
   * Whether the channels say something, or would if there were something to say: when they have
   * been quiet for long, one of the books is asked for.
   */
  #isDataAlive(now: number): boolean {
    const { quietMs, commandTimeoutMs } = this.#parts.config
    const market = this.#markets.values().next().value
    if (market === undefined || now - this.#dataAtMs < quietMs) return true
    if (this.#probedAtMs < this.#dataAtMs) {
      this.#probedAtMs = now
      this.#commands.askForSnapshots([market])
      return true
    }
    return now - this.#probedAtMs < commandTimeoutMs
  }

  #send(text: string): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(text)
  }

  /** Ends a connection that is of no use any more, without waiting for its farewell. */
  #drop(reason: LostReason): void {
    const socket = this.#socket
    if (socket === undefined) return
    this.#closed(reason)
    socket.terminate()
  }

  #closed(reason: LostReason): void {
    const { config, listener, log, random, timers } = this.#parts
    const wasOpen = this.#isOpen
    this.#isOpen = false
    this.#socket = undefined
    this.#stopWatch()
    this.#firstBooks.clear()
    this.#snapshots.clear()
    this.#commands.clear()
    if (this.#isStopped) return
    if (wasOpen) listener.onLost(reason)

    const ceiling = Math.min(config.reconnectMsMax, config.reconnectMsMin * 2 ** this.#attempt)
    const delayMs = Math.max(random.next() * ceiling, this.#retryAfterMs)
    log.info('kalshi socket lost', { reason, delayMs })
    this.#attempt = Math.min(this.#attempt + 1, 30)
    this.#retryAfterMs = 0
    this.#cancelOpen = timers.after(delayMs, () => this.#open())
  }

  #refused(status: number, header: string | undefined): VenueError {
    if (status === 429) this.#retryAfterMs = retryAfter(header) ?? 0
    return new VenueError({
      venue: 'kalshi',
      call: this.#call,
      code: status === 429 ? 'RATE_LIMITED' : status >= 500 ? 'DOWN' : 'REFUSED',
      landed: 'no',
      // The handshake is signed with the time: a wrong clock is refused like a wrong key.
      detail: status === 401 ? 'HTTP 401: wrong key, or a wrong clock' : `HTTP ${status}`,
    })
  }

  #failure(cause: Error): VenueError {
    const { code, detail } = networkFailure(cause)
    return new VenueError({ venue: 'kalshi', call: this.#call, code, landed: 'no', detail, cause })
  }

  get #call(): string {
    return `connect ${new URL(this.#parts.url).host}`
  }

  #nowMs(): number {
    return this.#parts.clock.nanos() / 1e6
  }
}

/**
 * Whether a frame answers a command, and is of no channel.
 *
 * Nearly every frame begins with its type, and of those the first letters tell: `orderbook_`, `tr`,
 * `ti`. A snapshot that was asked for may begin with the number of the command.
 */
function isAnswer(frame: Buffer): boolean {
  const first = frame[9]
  const second = frame[10]
  const isBook = first === 0x6f && second === 0x72
  const isTape = first === 0x74 && (second === 0x72 || second === 0x69)
  if (isBook || isTape) return false
  return !/"type":\s*"(orderbook_|trade|ticker)/.test(frame.toString('latin1', 0, headLength))
}

/** The type stands within so many bytes of a frame's beginning. */
const headLength = 120
