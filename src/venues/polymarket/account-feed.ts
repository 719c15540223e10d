import type { KeyObject } from 'node:crypto'

import { WebSocket } from 'ws'

import type { Random } from '../../core/random.ts'
import type { Timers } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import { VenueError } from '../venue-error.ts'
import type { UserMessage } from './account-wire.ts'
import { userMessage } from './account-wire.ts'
import type { ApiCredentials } from './auth.ts'

export type AccountListener = {
  onMessage(message: UserMessage): void
  /** The channel stands, for the first time or again: what came in between must be read. */
  onConnected(): void
  onLost(): void
}

export type AccountFeedParts = {
  readonly url: string
  readonly credentials: ApiCredentials
  readonly timers: Timers
  readonly random: Random
  readonly log: Log
  readonly listener: AccountListener
}

const pingMs = 10_000
/** No PONG for so long, and the socket is given up. docs/venues/polymarket.md, 1.4. */
const silenceMs = 30_000
const reconnectMsMin = 250
const reconnectMsMax = 30_000
const openTimeoutMs = 5_000
/** Several tries fit in it: many connections at once are answered with 429. */
const startTimeoutMs = 15_000

/**
 * The user channel: our own orders and trades as the venue sees them.
 *
 * It has no numbers and no replay, so each connection is followed by a read of the account.
 * docs/venues/polymarket.md, 5.
 */
export class AccountFeed {
  readonly #parts: AccountFeedParts
  #socket: WebSocket | undefined
  #attempt = 0
  #heard = true
  #stops: (() => void)[] = []
  #isStopped = false
  #onFirst: () => void = () => undefined
  #refused = 0

  constructor(parts: AccountFeedParts) {
    this.#parts = parts
  }

  /** Messages that fitted no schema. */
  get refused(): number {
    return this.#refused
  }

  /** Resolves when the channel stands for the first time. Rejects with a `VenueError`. */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      const { timers, url } = this.#parts
      const cancel = timers.after(startTimeoutMs, () => {
        this.stop()
        const call = `socket ${new URL(url).host}`
        reject(new VenueError({ venue: 'polymarket', call, code: 'UNREACHABLE', landed: 'no' }))
      })
      this.#onFirst = () => {
        cancel()
        resolve()
      }
      this.#open()
    })
  }

  stop(): void {
    this.#isStopped = true
    this.#halt()
    this.#socket?.terminate()
  }

  #open(): void {
    const { url, listener } = this.#parts
    const socket = new WebSocket(url, {
      perMessageDeflate: false,
      handshakeTimeout: openTimeoutMs,
    })
    this.#socket = socket
    socket.on('open', () => {
      this.#attempt = 0
      this.#heard = true
      socket.send(this.#subscription())
      this.#stops = [
        this.#parts.timers.every(pingMs, () => socket.send('PING')),
        this.#parts.timers.every(silenceMs, () => this.#watch(socket)),
      ]
      this.#onFirst()
      listener.onConnected()
    })
    socket.on('message', (data) => this.#received(data))
    socket.on('error', (error) => this.#parts.log.debug('the user channel failed', { error }))
    socket.on('close', () => this.#lost())
  }

  #subscription(): string {
    const { key, passphrase, secret } = this.#parts.credentials
    return JSON.stringify({
      auth: { apiKey: key, secret: secretText(secret), passphrase },
      type: 'user',
    })
  }

  #received(data: WebSocket.RawData): void {
    this.#heard = true
    const text = Buffer.isBuffer(data) ? data.toString('utf8') : ''
    if (text === 'PONG' || text === '') return
    for (const row of rowsOf(text)) {
      const message = userMessage.safeParse(row)
      if (message.success) this.#parts.listener.onMessage(message.data)
      else this.#refused++
    }
  }

  #watch(socket: WebSocket): void {
    if (!this.#heard) socket.terminate()
    this.#heard = false
  }

  #lost(): void {
    this.#halt()
    if (this.#isStopped) return
    this.#parts.listener.onLost()
    const ceilingMs = Math.min(reconnectMsMax, reconnectMsMin * 2 ** this.#attempt)
    this.#attempt++
    const waitMs = this.#parts.random.next() * ceilingMs
    this.#stops = [this.#parts.timers.after(waitMs, () => this.#open())]
  }

  #halt(): void {
    for (const stop of this.#stops) stop()
    this.#stops = []
  }
}

/** The venue wants the secret itself on this channel. It goes nowhere else. */
function secretText(secret: KeyObject): string {
  return secret.export().toString('base64').replaceAll('+', '-').replaceAll('/', '_')
}

function rowsOf(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value : [value]
  } catch {
    // Plain words are allowed on the channel; they fit no schema and are counted.
    return [text]
  }
}
