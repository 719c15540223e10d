import { WebSocket } from 'ws'
import { z } from 'zod'
import type { Random } from '../../core/random.ts'
import type { Clock, Timers } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import { networkFailure } from '../network-failure.ts'
import { VenueError } from '../venue-error.ts'
import type { UserMessage } from './account-wire.ts'
import { UserMessage as Message } from './account-wire.ts'
import type { RequestSigner } from './auth.ts'
import type { FeedConfig } from './config.ts'
import type { PrivateChannel } from './encode.ts'
import { subscribePrivate } from './encode.ts'
import { CommandError, Reply } from './wire.ts'

export type AccountListener = {
  onMessage(message: UserMessage): void
  /** The channels stand, for the first time or again: what came in between must be read. */
  onReady(): void
  /** A number was skipped: something was said that we did not hear. */
  onGap(): void
  onLost(reason: string): void
}

export type AccountFeedParts = {
  readonly url: string
  readonly channels: readonly PrivateChannel[]
  readonly config: FeedConfig
  readonly signer: RequestSigner
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
  readonly log: Log
  readonly listener: AccountListener
}

/** The largest message of these channels is an order; the venue's own limit is far above. */
const frameBytesMax = 1024 * 1024
const watchesPerTimeout = 4
/** Tries of the first connection. */
const firstTriesMax = 4

const Numbered = z.object({ sid: z.int(), seq: z.int() })

/**
 * The channels of our own account, on a signed socket of their own: orders, fills, positions.
 *
 * Most have no numbers and none has a replay, so each connection is followed by a read of the
 * account; where a message has a number, it is counted. docs/venues/kalshi.md, 5.3 and 5.6.
 */
export class AccountFeed {
  readonly #parts: AccountFeedParts
  readonly #pending: Map<number, number> = new Map()
  readonly #numbers: Map<number, number> = new Map()
  #socket: WebSocket | undefined
  #stops: (() => void)[] = []
  #attempt = 0
  #lifeAtMs = 0
  #isReady = false
  #isStopped = false
  #refusedCount = 0
  #first: { resolve: () => void; reject: (error: VenueError) => void } | undefined

  constructor(parts: AccountFeedParts) {
    this.#parts = parts
  }

  /** Messages that fitted no schema. */
  get refusedCount(): number {
    return this.#refusedCount
  }

  /** Resolves when every channel is open. Rejects when the first attempt fails. */
  start(): Promise<void> {
    const ready = new Promise<void>((resolve, reject) => {
      this.#first = { resolve, reject }
    })
    this.#open()
    return ready
  }

  stop(): void {
    this.#isStopped = true
    this.#halt()
    this.#socket?.terminate()
  }

  #open(): void {
    const { url, config, signer, log } = this.#parts
    const { pathname } = new URL(url)
    const socket = new WebSocket(url, {
      headers: { ...signer.headers('GET', pathname) },
      handshakeTimeout: config.openTimeoutMs,
      maxPayload: frameBytesMax,
      perMessageDeflate: false,
    })
    this.#socket = socket
    let reason = 'closed'
    socket.on('open', () => this.#opened(socket))
    socket.on('message', (data) => this.#received(data))
    socket.on('ping', () => {
      this.#lifeAtMs = this.#nowMs()
    })
    socket.on('unexpected-response', (request, response) => {
      reason = `HTTP ${response.statusCode ?? 0}`
      request.destroy()
      socket.terminate()
    })
    socket.on('error', (cause) => {
      if (reason === 'closed') reason = networkFailure(cause).detail
      log.debug('the socket of the account failed', { reason })
    })
    socket.on('close', () => {
      if (this.#socket === socket) this.#lost(reason)
    })
  }

  #opened(socket: WebSocket): void {
    const { channels, config, timers } = this.#parts
    this.#lifeAtMs = this.#nowMs()
    for (const [index, channel] of channels.entries()) {
      this.#pending.set(index + 1, this.#nowMs())
      socket.send(subscribePrivate(index + 1, channel))
    }
    const watchMs = Math.min(config.silenceMs, config.commandTimeoutMs) / watchesPerTimeout
    this.#stops = [timers.every(Math.ceil(watchMs), () => this.#watch())]
  }

  #received(data: WebSocket.RawData): void {
    this.#lifeAtMs = this.#nowMs()
    const json = readJson(data)
    const numbered = Numbered.safeParse(json).data
    if (numbered !== undefined && !this.#isNext(numbered)) return
    const message = Message.safeParse(json)
    if (message.success) this.#parts.listener.onMessage(message.data)
    else this.#onAnswer(json)
  }

  /** Counts a number. False when it was had before: such a message is not read again. */
  #isNext({ sid, seq }: z.infer<typeof Numbered>): boolean {
    const last = this.#numbers.get(sid)
    if (last !== undefined && seq <= last) return false
    this.#numbers.set(sid, seq)
    if (last !== undefined && seq !== last + 1) this.#parts.listener.onGap()
    return true
  }

  #onAnswer(json: unknown): void {
    const reply = Reply.safeParse(json).data
    if (reply?.type === 'error') {
      const said = CommandError.safeParse(json).data?.msg
      const { log } = this.#parts
      log.warn('a channel of the account was refused', { code: said?.code, text: said?.msg })
      this.#drop('refused')
    } else if (reply?.type === 'subscribed' && reply.id !== undefined) {
      this.#pending.delete(reply.id)
      if (this.#pending.size === 0 && !this.#isReady) this.#ready()
    } else this.#refusedCount++
  }

  #ready(): void {
    this.#isReady = true
    this.#attempt = 0
    this.#first?.resolve()
    this.#first = undefined
    this.#parts.listener.onReady()
  }

  #watch(): void {
    const { silenceMs, commandTimeoutMs } = this.#parts.config
    const now = this.#nowMs()
    const isMute = [...this.#pending.values()].some((atMs) => now - atMs >= commandTimeoutMs)
    if (isMute || now - this.#lifeAtMs >= silenceMs) this.#drop('silent')
  }

  /** Ends a connection that is of no use any more, without waiting for its farewell. */
  #drop(reason: string): void {
    const socket = this.#socket
    if (socket === undefined) return
    this.#lost(reason)
    socket.terminate()
  }

  #lost(reason: string): void {
    const { config, listener, random, timers } = this.#parts
    this.#socket = undefined
    this.#halt()
    this.#pending.clear()
    this.#numbers.clear()
    if (this.#isReady) listener.onLost(reason)
    this.#isReady = false
    const mayPass = isPassing(reason) && this.#attempt < firstTriesMax
    if (this.#first !== undefined && (this.#isStopped || !mayPass)) {
      // Who starts us decides whether to try again; once we stood, we come back by ourselves.
      this.#first.reject(this.#error(reason))
      this.#first = undefined
      return
    }
    if (this.#isStopped) return

    const ceilingMs = Math.min(config.reconnectMsMax, config.reconnectMsMin * 2 ** this.#attempt)
    this.#attempt = Math.min(this.#attempt + 1, 30)
    const waitMs = random.next() * ceilingMs
    this.#stops = [timers.after(waitMs, () => this.#open())]
  }

  #halt(): void {
    for (const stop of this.#stops) stop()
    this.#stops = []
  }

  #error(detail: string): VenueError {
    const call = `connect ${new URL(this.#parts.url).host}`
    const isRefusal = detail.startsWith('HTTP') || detail === 'refused'
    const code = isPassing(detail) ? 'DOWN' : isRefusal ? 'REFUSED' : 'UNREACHABLE'
    return new VenueError({ venue: 'kalshi', call, code, landed: 'no', detail })
  }

  #nowMs(): number {
    return this.#parts.clock.nanos() / 1e6
  }
}

/** A venue that is busy or not well is tried again: that says nothing of our key. */
function isPassing(reason: string): boolean {
  return /^HTTP (429|5\d\d)$/.test(reason)
}

function readJson(data: WebSocket.RawData): unknown {
  try {
    return JSON.parse(Buffer.isBuffer(data) ? data.toString('utf8') : '') as unknown
  } catch {
    // What is no JSON fits no schema, and is counted there.
    return undefined
  }
}
