import { assert } from '../../core/assert.ts'
import type { Market, MarketId } from '../../core/market.ts'
import type { Random } from '../../core/random.ts'
import type { Clock, Timers } from '../../ports/clock.ts'
import type { FeedListener } from '../../ports/feed-codec.ts'
import type { Log } from '../../ports/log.ts'
import type { FeedStatus, MarketFeed } from '../../ports/market-feed.ts'
import type { VenueError } from '../venue-error.ts'
import type { PolymarketConfig } from './config.ts'
import type { LostReason, SocketListener } from './market-socket.ts'
import { MarketSocket } from './market-socket.ts'
import { OpenGate } from './open-gate.ts'
import type { RestClient } from './rest-client.ts'
import { SnapshotRequests } from './snapshot-requests.ts'

export type FeedParts = {
  readonly config: PolymarketConfig
  readonly rest: RestClient
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
  readonly log: Log
}

/** The market channel over as many sockets as its tokens need. docs/venues/polymarket.md, 1.5. */
export class PolymarketMarketFeed implements MarketFeed {
  readonly venue = 'polymarket'
  readonly #parts: FeedParts
  readonly #gate: OpenGate
  readonly #snapshots: SnapshotRequests
  readonly #sockets: MarketSocket[] = []
  readonly #where: Map<MarketId, { market: Market; socket: MarketSocket }> = new Map()
  #listener: FeedListener | undefined
  #nextConnection = 0
  #openings = 0
  #first: { resolve: () => void; reject: (error: VenueError) => void } | undefined
  #lastFailure: VenueError | undefined

  constructor(parts: FeedParts) {
    this.#parts = parts
    const { config, clock, timers, rest, log } = parts
    this.#gate = new OpenGate({ clock, timers, intervalMs: config.feed.openIntervalMs })
    this.#snapshots = new SnapshotRequests({
      clobUrl: config.clobUrl,
      rest,
      clock,
      timers,
      log,
      onSnapshot: (market, bytes, receivedAt) => {
        this.#where.get(market)?.socket.noteBook(market)
        this.#listener?.onSnapshot(market, bytes, receivedAt)
      },
    })
  }

  /** Rejects when no connection stands within the time that one may take. */
  async start(listener: FeedListener): Promise<void> {
    assert(this.#listener === undefined, 'a feed is started once')
    this.#listener = listener
    if (this.#sockets.length === 0) this.#addSocket()
    const { timers, config } = this.#parts
    const standing = new Promise<void>((resolve, reject) => {
      this.#first = { resolve, reject }
    })
    const cancel = timers.after(config.feed.openTimeoutMs, () => {
      if (this.#lastFailure !== undefined) this.#first?.reject(this.#lastFailure)
    })
    for (const socket of this.#sockets) socket.start()
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
    const fresh = markets.filter((market) => this.#isFresh(market))
    let next = 0
    while (next < fresh.length) {
      const socket = this.#socketWithRoom()
      const room = (this.#parts.config.feed.tokensPerSocketMax - socket.tokenCount) >> 1
      const share = fresh.slice(next, next + room)
      for (const market of share) this.#where.set(market.id, { market, socket })
      socket.add(share)
      next += share.length
    }
  }

  unsubscribe(markets: readonly MarketId[]): void {
    for (const socket of new Set(markets.map((id) => this.#where.get(id)?.socket))) {
      if (socket === undefined) continue
      socket.remove(markets.filter((id) => this.#where.get(id)?.socket === socket))
    }
    for (const id of markets) this.#where.delete(id)
  }

  requestSnapshot(market: MarketId): void {
    const known = this.#where.get(market)
    if (known !== undefined) this.#snapshots.request(known.market)
  }

  status(): FeedStatus {
    const open = this.#sockets.filter(({ isOpen }) => isOpen).length
    return {
      connectionsOpen: open,
      connectionsWanted: this.#sockets.length,
      marketsSubscribed: this.#where.size,
      reconnects: Math.max(0, this.#openings - this.#sockets.length),
      mode: 'socket',
    }
  }

  async stop(): Promise<void> {
    this.#snapshots.stop()
    for (const socket of this.#sockets) socket.stop()
    await this.#parts.rest.close()
  }

  /** New to us, and still to be traded. What is known only has its facts renewed. */
  #isFresh(market: Market): boolean {
    const known = this.#where.get(market.id)
    if (known !== undefined) known.market = market
    return known === undefined && market.status !== 'closed' && market.status !== 'resolved'
  }

  #socketWithRoom(): MarketSocket {
    const limit = this.#parts.config.feed.tokensPerSocketMax
    const roomy = this.#sockets.find(({ tokenCount }) => tokenCount + 2 <= limit)
    if (roomy !== undefined) return roomy

    const socket = this.#addSocket()
    if (this.#listener !== undefined) socket.start()
    return socket
  }

  #addSocket(): MarketSocket {
    const { config, clock, timers, random, log } = this.#parts
    const socket = new MarketSocket({
      connection: this.#nextConnection++,
      url: config.marketSocketUrl,
      config: config.feed,
      clock,
      timers,
      random,
      gate: this.#gate,
      log,
      listener: this.#socketListener(),
    })
    this.#sockets.push(socket)
    return socket
  }

  #socketListener(): SocketListener {
    return {
      onFrame: (connection, bytes, receivedAt) =>
        this.#listener?.onFrame(connection, bytes, receivedAt),
      onOpen: (socket) => {
        this.#openings++
        this.#first?.resolve()
        this.#tell(socket, 'open', '')
      },
      onLost: (socket, reason) => this.#tell(socket, 'lost', reason),
      onFailure: (error) => {
        this.#lastFailure = error
        if (error.code === 'UNREACHABLE') this.#first?.reject(error)
      },
      onMissingBook: (market) => this.requestSnapshot(market.id),
    }
  }

  #tell(socket: MarketSocket, kind: 'open' | 'lost', reason: LostReason | ''): void {
    const { clock } = this.#parts
    this.#listener?.onConnection({
      connection: socket.connection,
      kind,
      markets: socket.marketIds,
      reason,
      at: clock.nanos(),
      atMs: clock.epochMs(),
    })
  }
}
