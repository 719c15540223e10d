import { randomBytes } from 'node:crypto'
import { expect } from 'vitest'
import { z } from 'zod'
import { thisMachine } from '../../src/app/machine.ts'
import type { Market, Outcome } from '../../src/core/market.ts'
import { instrumentOf } from '../../src/core/market.ts'
import type { OutcomeSet } from '../../src/core/outcome-set.ts'
import type { BasketId, ClientOrderId, Order } from '../../src/core/order.ts'
import type { Ticks } from '../../src/core/units.ts'
import { microShares, ticks } from '../../src/core/units.ts'
import type { WalletKind } from '../../src/exchange-sim/chain/wallets.ts'
import type { Exchange, ExchangeOptions } from '../../src/exchange-sim/exchange.ts'
import { startExchange } from '../../src/exchange-sim/exchange.ts'
import type { VenueAudit } from '../../src/exchange-sim/venue-audit.ts'
import type { Log } from '../../src/ports/log.ts'
import type { CatalogueChange } from '../../src/ports/market-feed.ts'
import type { OperationId, OperationUpdate } from '../../src/ports/settlement.ts'
import type { OrderUpdate } from '../../src/ports/venue-gateway.ts'
import type {
  ApiKeyText,
  PolymarketTrading,
  SigningKit,
  TradingHosts,
} from '../../src/venues/polymarket/index.ts'
import {
  createPolymarketTrading,
  createPolymarketVenue,
  derivePolymarketKey,
  loadSigningKit,
  polymarketConfig,
} from '../../src/venues/polymarket/index.ts'

export const quiet: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

const price = z.object({ price: z.string().transform((text) => Math.round(Number(text) * 10_000)) })
const Book = z.object({ bids: z.array(price), asks: z.array(price) })

/** Settles within a tenth of a second, so that a test sees the end of a trade. */
const fast = { minedMs: 50, confirmedMs: 50 }
const { clock, timers } = thisMachine

/** A simulated exchange, what it lists, and traders on it. */
export class TradingScene {
  readonly exchange: Exchange
  readonly markets: ReadonlyMap<string, Market>
  readonly #running: Trader[] = []

  readonly #sets: readonly OutcomeSet[]

  private constructor(exchange: Exchange, { markets, sets }: CatalogueChange) {
    this.exchange = exchange
    this.markets = new Map(markets.map((market) => [market.id, market]))
    this.#sets = sets
  }

  static async open(options: Partial<ExchangeOptions> = {}): Promise<TradingScene> {
    const exchange = await startExchange(
      { seed: 47, faults: [], settlement: fast, ...options },
      thisMachine,
    )
    return new TradingScene(exchange, await listed(exchange))
  }

  get hosts(): TradingHosts {
    const { clob, userSocket, data, relayer, rpc } = this.exchange.urls
    return {
      clobUrl: clob,
      userSocketUrl: userSocket,
      dataUrl: data,
      relayerUrl: relayer,
      rpcUrl: rpc,
    }
  }

  market(wanted: (market: Market) => boolean): Market {
    const found = [...this.markets.values()].find(
      (market) => market.status === 'open' && market.bookKind === 'mirrored' && wanted(market),
    )
    if (found === undefined) throw new Error('no market is like that')
    return found
  }

  /** A market of cents without a delay, so that orders match at once. */
  plain(): Market {
    return this.market(
      ({ negRisk, grid, takerDelayMs, slug, fee, tags }) =>
        !negRisk &&
        grid.resolution === 100 &&
        takerDelayMs === 0 &&
        fee.kind === 'known' &&
        !tags.includes('up-or-down') &&
        !slug.startsWith('rovers-beat-united'),
    )
  }

  /** The venue's name of the neg-risk set that a market belongs to. */
  conversionOf({ set }: Market): string {
    return this.#sets.find(({ id }) => id === set)?.conversion?.id ?? ''
  }

  /** Some markets with room between bid and ask, that match at once. */
  async wide(): Promise<readonly Market[]> {
    const found: Market[] = []
    for (const market of this.markets.values()) {
      if (market.status !== 'open' || market.negRisk || market.takerDelayMs > 0) continue
      if (market.bookKind !== 'mirrored' || market.tags.includes('up-or-down')) continue
      if ((await this.bidWithin(market)) !== undefined) found.push(market)
      if (found.length === 3) return found
    }
    return found
  }

  /** A price above every bid and below every ask. Undefined where there is none now. */
  async bidWithin(market: Market): Promise<Ticks | undefined> {
    const reply = await fetch(`${this.hosts.clobUrl}/book?token_id=${market.yes.id}`)
    const { bids, asks } = Book.parse(await reply.json())
    const [bid, ask] = [bids.at(-1)?.price ?? 0, asks.at(-1)?.price ?? 0]
    const step = market.grid.resolution
    const isWide = bid > 1_500 && ask - bid >= 2 * step
    return isWide ? ticks(ask - step) : undefined
  }

  async trader(options: Partial<TraderOptions> = {}): Promise<Trader> {
    const kit = await loadSigningKit(randomBytes(32))
    const kind = options.kind ?? 'eoa'
    const wallet = kind === 'eoa' ? kit.signer.address : walletAddress()
    this.exchange.polymarket.openAccount({
      owner: kit.signer.address,
      kind,
      wallet,
      dollars: options.dollars ?? 1_000,
      approvals: options.approvals ?? 'all',
    })
    return this.traderOf(kit, kind, wallet, options)
  }

  /** Another program with the same key, as after a crash. */
  async traderOf(
    kit: SigningKit,
    kind: WalletKind,
    wallet: `0x${string}`,
    options: Partial<TraderOptions> = {},
  ): Promise<Trader> {
    const hosts = { ...this.hosts, ...options.hosts }
    const apiKey = await derived(this.hosts.clobUrl, kit)
    const trading = await createPolymarketTrading({
      hosts,
      kit,
      apiKey,
      signatureType: ({ eoa: 0, proxy: 1, safe: 2, deposit: 3 } as const)[kind],
      funder: wallet,
      clock,
      timers,
      log: quiet,
      marketOf: (id) => this.markets.get(id),
      confirmations: 1,
      timeoutMs: options.timeoutMs ?? 5_000,
    })
    const trader = new Trader(this, trading, { kit, kind, wallet })
    this.#running.push(trader)
    await trader.start()
    return trader
  }

  async close(): Promise<void> {
    for (const trader of this.#running.splice(0)) await trader.stop()
    await this.exchange.stop()
  }
}

type TraderOptions = {
  readonly kind: WalletKind
  readonly dollars: number
  readonly approvals: 'all' | 'none'
  readonly hosts: Partial<TradingHosts>
  readonly timeoutMs: number
}

type Identity = {
  readonly kit: SigningKit
  readonly kind: WalletKind
  readonly wallet: `0x${string}`
}

/** One account, its gateway and settlement, and everything they told. */
export class Trader {
  readonly trading: PolymarketTrading
  readonly identity: Identity
  readonly updates: OrderUpdate[] = []
  readonly statuses: string[] = []
  readonly operations: OperationUpdate[] = []
  readonly #scene: TradingScene
  #count = 0

  constructor(scene: TradingScene, trading: PolymarketTrading, identity: Identity) {
    this.#scene = scene
    this.trading = trading
    this.identity = identity
  }

  async start(): Promise<void> {
    await this.trading.gateway.start({
      onUpdate: (update) => this.updates.push(update),
      onVenueStatus: (status, reason) => this.statuses.push(`${status} ${reason}`),
    })
    await this.trading.settlement.start((update) => this.operations.push(update))
  }

  async stop(): Promise<void> {
    await this.trading.gateway.stop()
    await this.trading.settlement.stop()
    await this.trading.close()
  }

  /** An order of this trader's. By default a bid for ten shares that nobody meets. */
  order(market: Market, changes: Partial<Order> & { readonly outcome?: Outcome } = {}): Order {
    this.#count++
    return {
      id: `b${this.#count}-1` as ClientOrderId,
      basket: `b${this.#count}` as BasketId,
      legIndex: 0,
      venue: 'polymarket',
      market: market.id,
      instrument: instrumentOf(market, changes.outcome ?? 'yes').id,
      outcome: 'yes',
      side: 'buy',
      limit: ticks(200),
      size: microShares(10_000_000),
      timeInForce: 'gtc',
      postOnly: false,
      expiresAt: undefined,
      ...changes,
    }
  }

  place(...orders: readonly Order[]): void {
    this.trading.gateway.place(orders)
  }

  of({ id }: Order): readonly OrderUpdate[] {
    return this.updates.filter(({ order }) => order === id)
  }

  kinds(order: Order): readonly string[] {
    return this.of(order).map(({ kind }) => kind)
  }

  /** Waits until an order was told to be so, and gives what was told. */
  told<Kind extends OrderUpdate['kind']>(
    order: Order,
    kind: Kind,
    withinMs?: number,
  ): Promise<Extract<OrderUpdate, { kind: Kind }>> {
    return until(
      () =>
        this.of(order).find(
          (update): update is Extract<OrderUpdate, { kind: Kind }> => update.kind === kind,
        ),
      () => `${order.id} ${kind}; told: ${JSON.stringify(this.of(order))}`,
      withinMs,
    )
  }

  /** Waits for the end of an operation. */
  ended(id: OperationId): Promise<OperationUpdate> {
    return until(
      () =>
        this.operations.find(
          ({ operation, kind }) => operation === id && (kind === 'final' || kind === 'failed'),
        ),
      () => `the end of ${id}; told: ${JSON.stringify(this.operations)}`,
      20_000,
    )
  }

  audit(): VenueAudit {
    return this.#scene.exchange.polymarket.audit(this.identity.wallet)
  }

  /** Waits until every trade is on the chain, or was given up. */
  async settled(): Promise<VenueAudit> {
    await until(
      () => (this.audit().pendingFills === 0 ? true : undefined),
      () => 'every trade settled',
    )
    return this.audit()
  }

  /** How many fills there are of which the end was not told. */
  get unsettled(): number {
    const ended = new Set(
      this.updates.flatMap((update) =>
        update.kind === 'fill-settled' || update.kind === 'fill-reversed'
          ? [`${update.order} ${update.tradeId}`]
          : [],
      ),
    )
    return this.updates.filter(
      (update) =>
        update.kind === 'filled' && !ended.has(`${update.order} ${update.fill.venueTradeId}`),
    ).length
  }

  /** The fills told and not reversed, as the venue lists its own. */
  expectFillsOfVenue(): void {
    const reversed = new Set(
      this.updates.flatMap((update) =>
        update.kind === 'fill-reversed' ? [`${update.order} ${update.tradeId}`] : [],
      ),
    )
    const told = this.updates.flatMap((update) => {
      if (update.kind !== 'filled') return []
      const { venueTradeId, price, size, fee, liquidity } = update.fill
      if (reversed.has(`${update.order} ${venueTradeId}`)) return []
      return [[venueTradeId, price / 10_000, size / 1e6, fee / 1e6, liquidity].join(' ')]
    })
    const venue = this.audit()
      .fills.filter(({ status }) => status !== 'FAILED')
      .map(({ trade, price, size, fee, liquidity }) =>
        [trade, Number(price), Number(size), Number(fee), liquidity].join(' '),
      )
    expect(told.toSorted()).toEqual(venue.toSorted())
  }
}

/** What the exchange lists, as the catalogue of the product reads it. */
function listed(exchange: Exchange): Promise<CatalogueChange> {
  const venue = createPolymarketVenue({
    config: polymarketConfig({
      gammaUrl: exchange.urls.gamma,
      clobUrl: exchange.urls.clob,
      marketSocketUrl: exchange.urls.marketSocket,
      separateBooksTag: 'separate-books',
    }),
    clock,
    timers,
    log: quiet,
  })
  return venue.catalogue.load()
}

/** A key is asked for by a person, who asks again when the venue is busy. */
async function derived(clobUrl: string, kit: SigningKit): Promise<ApiKeyText> {
  for (let tries = 1; ; tries++) {
    try {
      return await derivePolymarketKey({ clobUrl, kit, clock })
    } catch (error) {
      if (tries === 10) throw error
    }
  }
}

function walletAddress(): `0x${string}` {
  return `0x${randomBytes(20).toString('hex')}`
}

/** Waits for something to be there. */
export async function until<T>(
  read: () => T | undefined,
  what: () => string,
  withinMs = 8_000,
): Promise<T> {
  for (let waited = 0; waited < withinMs; waited += 10) {
    const value = read()
    if (value !== undefined) return value
    await new Promise((resolve) => {
      setTimeout(resolve, 10)
    })
  }
  throw new Error(`waited in vain for ${what()}`)
}
