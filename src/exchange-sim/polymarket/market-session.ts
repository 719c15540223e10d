import type { WebSocket } from 'ws'
import { parseSubscription } from './subscription.ts'

/** A client that reads so slowly that this much waits for it is cut off. */
const waitingBytesMax = 16 * 1024 * 1024

export type MarketSessionListener = {
  subscribed(tokens: readonly string[], wantsDump: boolean): void
  unsubscribed(tokens: readonly string[]): void
  gone(): void
}

/** One connection of the market channel, its dialogue. docs/venues/polymarket.md, 1.5, 4.1. */
export class MarketSession {
  readonly #socket: WebSocket
  readonly #listener: MarketSessionListener
  readonly #tokens = new Set<string>()
  #hasBegun = false
  #wantsCustom = false

  constructor(socket: WebSocket, listener: MarketSessionListener) {
    this.#socket = socket
    this.#listener = listener
  }

  get tokens(): ReadonlySet<string> {
    return this.#tokens
  }

  get wantsCustom(): boolean {
    return this.#wantsCustom
  }

  start(): void {
    this.#socket.on('message', (data, isBinary) => {
      if (!isBinary && Buffer.isBuffer(data)) this.#onText(data.toString('utf8'))
    })
    this.#socket.on('close', () => this.#listener.gone())
    // A socket that breaks also closes, and that is where its end is dealt with.
    this.#socket.on('error', () => this.#socket.terminate())
  }

  /** Ends the connection without a word. */
  cut(): void {
    this.#socket.terminate()
  }

  send(bytes: Buffer): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return
    if (this.#socket.bufferedAmount > waitingBytesMax) {
      this.#socket.terminate()
      return
    }
    this.#socket.send(bytes, { binary: false })
  }

  #reply(text: string): void {
    this.send(Buffer.from(text))
  }

  #onText(text: string): void {
    if (text === 'PING') return this.#reply('PONG')

    const request = parseSubscription(text)
    if (request === undefined) return this.#reply('INVALID OPERATION')
    if (request.kind === 'initial' && this.#hasBegun) return this.#reply('INVALID OPERATION')

    this.#hasBegun = true
    this.#wantsCustom = request.wantsCustom ?? this.#wantsCustom
    if (request.kind === 'unsubscribe') return this.#unsubscribe(request.assets)
    this.#subscribe(request.assets, request.wantsDump)
  }

  #subscribe(assets: readonly string[], wantsDump: boolean): void {
    const fresh = [...new Set(assets)].filter((token) => !this.#tokens.has(token))
    if (fresh.length === 0) return this.#reply('NO NEW ASSETS')
    for (const token of fresh) this.#tokens.add(token)
    this.#listener.subscribed(fresh, wantsDump)
  }

  #unsubscribe(assets: readonly string[]): void {
    const known = assets.filter((token) => this.#tokens.delete(token))
    this.#listener.unsubscribed(known)
  }
}
