import { assert } from '../../core/assert.ts'
import type { Market, MarketId } from '../../core/market.ts'
import type { Random } from '../../core/random.ts'
import type { Clock, Timers } from '../../ports/clock.ts'
import type { ConnectionChange, FeedListener } from '../../ports/feed-codec.ts'
import type { Log } from '../../ports/log.ts'
import type { FeedStatus, MarketFeed } from '../../ports/market-feed.ts'
import type { VenueError } from '../venue-error.ts'
import type { RequestSigner } from './auth.ts'
import { BookPoll } from './book-poll.ts'
import type { KalshiConfig } from './config.ts'
import type { LinkParts } from './market-socket.ts'
import { MarketSocket } from './market-socket.ts'
import type { RestClient } from './rest-client.ts'

/** There is one connection, whichever way the books come. */
const connection = 0

export type FeedParts = {
  readonly config: KalshiConfig
  readonly rest: RestClient
  /** Without it the venue gives no socket, and books are polled. docs/venues/kalshi.md, 2.2. */
  readonly signer: RequestSigner | undefined
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
  readonly log: Log
}

/** The market data of Kalshi: its socket with a key, or its order books in rounds without. */
export class KalshiMarketFeed implements MarketFeed {
  readonly venue = 'kalshi'
  readonly #parts: FeedParts
  readonly #link: MarketSocket | BookPoll
  readonly #markets: Set<MarketId> = new Set()
  #listener: FeedListener | undefined
  #openings = 0
  #first: { resolve: () => void; reject: (error: VenueError) => void } | undefined
  #lastFailure: VenueError | undefined

  constructor(parts: FeedParts) {
    this.#parts = parts
    const { config, clock, timers, random, log, signer, rest } = parts
    const link = { config: config.feed, clock, timers, random, log, listener: this.#linkListener() }
    this.#link =
      signer === undefined
        ? new BookPoll({ ...link, rest })
        : new MarketSocket({ ...link, signer, url: config.socketUrl })
  }

  /** Rejects when no connection stands within the time that one may take. */
  async start(listener: FeedListener): Promise<void> {
    assert(this.#listener === undefined, 'a feed is started once')
    this.#listener = listener
    const { timers, config, log } = this.#parts
    if (this.#mode === 'polling') {
      log.warn('kalshi gives no socket without a key: order books are polled, and none is proven')
    }
    const standing = new Promise<void>((resolve, reject) => {
      this.#first = { resolve, reject }
    })
    const cancel = timers.after(config.feed.openTimeoutMs, () => {
      if (this.#lastFailure !== undefined) this.#first?.reject(this.#lastFailure)
    })
    this.#link.start()
    try {
      await standing
    } catch (error) {
      await this.stop()
      throw error
    } finally {
      cancel()
      this.#first = undefined
    }
  }

  subscribe(markets: readonly Market[]): void {
    const fresh = markets.filter(
      ({ id, status }) => !this.#markets.has(id) && status !== 'closed' && status !== 'resolved',
    )
    for (const { id } of fresh) this.#markets.add(id)
    this.#link.add(fresh.map(({ id }) => id))
  }

  unsubscribe(markets: readonly MarketId[]): void {
    for (const id of markets) this.#markets.delete(id)
    this.#link.remove(markets)
  }

  /** The socket answers with a frame on the same subscription, in its place in the sequence. */
  requestSnapshot(market: MarketId): void {
    this.#link.requestSnapshot(market)
  }

  status(): FeedStatus {
    return {
      connectionsOpen: this.#link.isOpen ? 1 : 0,
      connectionsWanted: 1,
      marketsSubscribed: this.#markets.size,
      reconnects: Math.max(0, this.#openings - 1),
      mode: this.#mode,
    }
  }

  async stop(): Promise<void> {
    this.#link.stop()
    await this.#parts.rest.close()
  }

  get #mode(): FeedStatus['mode'] {
    return this.#parts.signer === undefined ? 'polling' : 'socket'
  }

  #linkListener(): LinkParts['listener'] {
    return {
      onFrame: (bytes, receivedAt) => this.#listener?.onFrame(connection, bytes, receivedAt),
      onOpen: () => {
        this.#openings++
        this.#first?.resolve()
        this.#tell('open', '')
      },
      onLost: (reason) => this.#tell('lost', reason),
      onFailure: (error) => {
        this.#lastFailure = error
        if (error.code === 'UNREACHABLE' || error.code === 'REFUSED') this.#first?.reject(error)
      },
    }
  }

  #tell(kind: ConnectionChange['kind'], reason: string): void {
    const { clock } = this.#parts
    this.#listener?.onConnection({
      connection,
      kind,
      markets: [...this.#markets],
      reason,
      at: clock.nanos(),
      atMs: clock.epochMs(),
    })
  }
}
