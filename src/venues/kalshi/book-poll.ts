import type { MarketId } from '../../core/market.ts'
import { VenueError } from '../venue-error.ts'
import type { LinkParts } from './market-socket.ts'
import type { RestClient } from './rest-client.ts'

/** Books in one call. docs/venues/kalshi.md, 4.1. */
const booksPerCall = 100

/**
 * Reads order books over REST, round after round: what is left without a key.
 *
 * It stands in for the socket, and its bodies go the way of the socket's frames. A book is only as
 * new as its round, and nothing vouches for it in between.
 */
export class BookPoll {
  readonly #parts: LinkParts & { readonly rest: RestClient }
  readonly #markets: Set<MarketId> = new Set()
  /** Asked for out of turn. */
  readonly #urgent: Set<MarketId> = new Set()
  #isOpen = false
  #isStopped = false
  #attempt = 0
  /** The venue gives many books in one call only to those who sign. docs/venues/kalshi.md, 2.4. */
  #isSingle = false
  #cancel: () => void = () => undefined

  constructor(parts: LinkParts & { readonly rest: RestClient }) {
    this.#parts = parts
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  start(): void {
    void this.#round()
  }

  stop(): void {
    this.#isStopped = true
    this.#cancel()
  }

  add(markets: readonly MarketId[]): void {
    for (const market of markets) {
      this.#markets.add(market)
      this.#urgent.add(market)
    }
  }

  remove(markets: readonly MarketId[]): void {
    for (const market of markets) {
      this.#markets.delete(market)
      this.#urgent.delete(market)
    }
  }

  requestSnapshot(market: MarketId): void {
    if (this.#markets.has(market)) this.#urgent.add(market)
  }

  async #round(): Promise<void> {
    const { clock, config, timers } = this.#parts
    const beganMs = clock.nanos() / 1e6
    const failure = await this.#readAll()
    if (this.#isStopped) return

    let waitMs = Math.max(0, beganMs + config.pollIntervalMs - clock.nanos() / 1e6)
    if (failure !== undefined) waitMs = Math.max(waitMs, this.#onFailure(failure))
    this.#cancel = timers.after(waitMs, () => void this.#round())
  }

  /** Reads every book once. What comes back is why it could not. */
  async #readAll(): Promise<VenueError | undefined> {
    const left = new Set(this.#markets)
    if (left.size === 0) this.#onSuccess()
    while (left.size > 0 && !this.#isStopped) {
      const urgent = [...this.#urgent].filter((market) => this.#markets.has(market))
      const size = this.#isSingle ? 1 : booksPerCall
      const batch = [...new Set([...urgent, ...left])].slice(0, size)
      for (const market of batch) {
        left.delete(market)
        this.#urgent.delete(market)
      }
      try {
        await this.#read(batch)
      } catch (error) {
        if (!(error instanceof VenueError)) throw error
        if (this.#isSingle || error.code !== 'REFUSED') return error
        this.#parts.log.warn('kalshi refuses many books in one call: one after the other')
        this.#isSingle = true
      }
    }
    return undefined
  }

  async #read(batch: readonly MarketId[]): Promise<void> {
    const { clock, listener } = this.#parts
    const bytes = this.#isSingle ? await this.#readOne(batch[0]) : await this.#readMany(batch)
    if (this.#isStopped) return

    const receivedAt = clock.nanos()
    this.#onSuccess()
    listener.onFrame(bytes, receivedAt)
  }

  #readMany(batch: readonly MarketId[]): Promise<Uint8Array> {
    return this.#parts.rest.bytes('/markets/orderbooks', { tickers: batch })
  }

  /** One book, put into the form of many: alone it does not say whose it is. */
  async #readOne(market: MarketId | undefined): Promise<Uint8Array> {
    const path = `/markets/${encodeURIComponent(market ?? '')}/orderbook`
    const body = Buffer.from(await this.#parts.rest.bytes(path)).toString()
    const inner = body.slice(body.indexOf('{') + 1)
    return Buffer.from(`{"orderbooks":[{"ticker":${JSON.stringify(market)},${inner}]}`)
  }

  #onSuccess(): void {
    this.#attempt = 0
    if (this.#isOpen) return
    this.#isOpen = true
    this.#parts.listener.onOpen()
  }

  /** How long to wait before the next round. */
  #onFailure(failure: VenueError): number {
    const { config, listener, log, random } = this.#parts
    log.warn('kalshi order books cannot be polled', { reason: failure.message })
    if (this.#isOpen) {
      this.#isOpen = false
      listener.onLost('error')
    } else listener.onFailure(failure)
    const ceiling = Math.min(config.reconnectMsMax, config.reconnectMsMin * 2 ** this.#attempt)
    this.#attempt = Math.min(this.#attempt + 1, 30)
    return random.next() * ceiling
  }
}
