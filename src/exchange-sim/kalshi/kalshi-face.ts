import type { IncomingMessage } from 'node:http'
import type { WebSocket } from 'ws'
import type { MicroUsd } from '../../core/units.ts'
import { microPerUsd } from '../../core/units.ts'
import type { ExchangeClock, ExchangeTimers } from '../exchange-clock.ts'
import type { Faults } from '../faults.ts'
import { faultyGate, faultyUpgrade } from '../http-faults.ts'
import type { Gate } from '../http-host.ts'
import { startHttpHost } from '../http-host.ts'
import type { MarketIds } from '../market-ids.ts'
import { ownedTimers } from '../owned-timers.ts'
import type { SimMarket } from '../sim-market.ts'
import { serveSockets } from '../socket-host.ts'
import type { VenueAudit } from '../venue-audit.ts'
import type { World } from '../world.ts'
import { accountGate, accountRoutes } from './account-routes.ts'
import type { KalshiAccount } from './accounts.ts'
import { Accounts } from './accounts.ts'
import { auditAccount } from './audit-account.ts'
import type { ExchangeMode, Mishap } from './exchange-mode.ts'
import { ExchangeState } from './exchange-mode.ts'
import { startTroubles } from './exchange-troubles.ts'
import { contracts } from './fixed-point.ts'
import type { KalshiDeskListener } from './kalshi-desk.ts'
import { KalshiDesk } from './kalshi-desk.ts'
import { fillBody, userOrderBody } from './kalshi-order.ts'
import { apiPath, listingRoutes } from './listing-routes.ts'
import { marketDataRoutes } from './market-data-routes.ts'
import { MinuteBars } from './minute-bars.ts'
import { kalshiOrderRoutes } from './order-routes.ts'
import type { KalshiPosition } from './portfolio.ts'
import { portfolioRoutes, positionMessage } from './portfolio-routes.ts'
import { SocketChannel } from './socket-channel.ts'
import { TokenBuckets } from './token-buckets.ts'
import { TradeTape } from './trade-tape.ts'

const socketPath = '/trade-api/ws/v2'

export type KalshiFaceParts = {
  readonly world: World
  readonly ids: MarketIds
  readonly faults: Faults
  readonly clock: ExchangeClock
  readonly timers: ExchangeTimers
  readonly accounts: readonly KalshiAccount[]
  readonly port: number
}

/** Accounts on Kalshi, and what the venue knows of them. */
export type KalshiControl = {
  openAccount(account: KalshiAccount): void
  audit(keyId: string): VenueAudit
  /** Pauses the exchange, or opens it. */
  setMode(mode: ExchangeMode): void
  /** The reads of one's own data trail by so long. */
  setReadLag(ms: number): void
  /** Each of the next so many writes, of whomever, ends so. */
  spoil(mishap: Mishap, count: number): void
  /** Ends a market and says who won. */
  resolve(ticker: string, winner: 'yes' | 'no'): void
  /** Breaks the sockets of an account. */
  cutSockets(keyId: string): void
}

export type KalshiFace = KalshiControl & {
  readonly restUrl: string
  readonly socketUrl: string
  stop(): Promise<void>
}

/** The exchange as Kalshi: its REST API and its socket, signatures and budgets and all. */
export async function startKalshiFace(parts: KalshiFaceParts): Promise<KalshiFace> {
  const { world, faults, clock, timers, port } = parts
  const accounts = new Accounts(parts.accounts, clock)
  const tape = new TradeTape()
  const bars = new MinuteBars()
  const channel = new SocketChannel({ ...parts, tape, bars })
  const own = ownedTimers(timers)
  const state = new ExchangeState(clock)
  const tell = tellOwners(channel, clock)
  const desk: KalshiDesk = new KalshiDesk(world, own, {
    ...tell,
    onPosition: (keyId, market) => {
      tell.onPosition(keyId, market, desk.portfolio(keyId).position(market.listing.conditionId))
    },
  })
  const openAccount = (account: KalshiAccount): void => {
    accounts.open(account)
    desk.portfolio(account.keyId).cash = ((account.dollars ?? 0) * microPerUsd) as MicroUsd
  }
  for (const account of parts.accounts) openAccount(account)
  const routes = [
    ...kalshiOrderRoutes({
      world,
      accounts,
      desk,
      faults,
      timers: own,
      state,
      cut: () => channel.cutPrivate(),
      onGroup: tell.onGroup,
    }),
    ...portfolioRoutes(world, accounts, desk, state),
    ...accountRoutes(accounts),
    ...marketDataRoutes({ world, tape, bars }),
    ...listingRoutes({ world, tape, state }),
  ]
  const gate = accountGate(accounts, new TokenBuckets(clock))
  const host = await startHttpHost(routes, { port, gate: both(faultyGate(faults, timers), gate) })
  const isFull = faultyUpgrade(faults)
  const endSockets = serveSockets(host.server, [
    {
      path: socketPath,
      // The whole socket wants a signature. docs/venues/kalshi.md, 2.2.
      refusal: (request) => (isSigned(request, accounts) ? isFull() : 401),
      accept: (socket: WebSocket, { headers }) =>
        channel.accept(socket, String(headers['kalshi-access-key'])),
    },
  ])
  const endDesk = desk.start()
  const endTroubles = startTroubles({ faults, timers, state, channel })
  const endChannel = channel.start()
  return {
    restUrl: host.url + apiPath,
    socketUrl: host.url.replace('http', 'ws') + socketPath,
    openAccount,
    audit: (keyId) => auditAccount(desk, keyId),
    ...controlOf(world, desk, state),
    cutSockets: (keyId) => channel.cut(keyId),
    async stop() {
      endTroubles()
      endDesk()
      own.endAll()
      endChannel()
      endSockets()
      await host.stop()
    },
  }
}

/** What an account hears of itself, on the channels it listens to. */
function tellOwners(
  channel: SocketChannel,
  clock: ExchangeClock,
): Omit<KalshiDeskListener, 'onPosition'> & {
  onPosition(keyId: string, market: SimMarket, position: KalshiPosition): void
} {
  return {
    onOrder: (order) =>
      channel.tellOwner(order.keyId, 'user_orders', order.market, userOrderBody(order)),
    onFill: (fill) =>
      channel.tellOwner(fill.order.keyId, 'fill', fill.order.market, fillBody(fill)),
    onPosition: (keyId, market, position) => {
      const { conditionId } = market.listing
      const msg = { user_id: keyId, market_ticker: conditionId, ...positionMessage(position) }
      channel.tellOwner(keyId, 'market_positions', market, { type: 'market_position', msg })
    },
    onGroup: (group, event) =>
      channel.tellGroup(group.keyId, {
        event_type: event,
        order_group_id: group.id,
        contracts_limit_fp: contracts(group.limit),
        ts_ms: clock.epochMs(),
      }),
  }
}

/** What can be done to the exchange from outside. */
function controlOf(
  world: World,
  desk: KalshiDesk,
  state: ExchangeState,
): Pick<KalshiControl, 'setMode' | 'setReadLag' | 'spoil' | 'resolve'> {
  return {
    setMode: (mode) => {
      state.mode = mode
      if (mode !== 'open') desk.pause()
    },
    setReadLag: (ms) => {
      state.readLagMs = ms
    },
    spoil: (mishap, count) => state.spoil(mishap, count),
    resolve: (ticker, winner) => {
      const market = world.byCondition(ticker)
      if (market !== undefined) world.resolve(market, winner)
    },
  }
}

function isSigned({ headers, url = '' }: IncomingMessage, accounts: Accounts): boolean {
  const { pathname } = new URL(url, 'http://127.0.0.1')
  return accounts.identify({ method: 'GET', path: pathname, headers }).kind === 'account'
}

function both(first: Gate, second: Gate): Gate {
  return async (request) => (await first(request)) ?? (await second(request))
}
