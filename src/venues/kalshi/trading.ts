import type { Market, MarketId } from '../../core/market.ts'
import { Random } from '../../core/random.ts'
import type { MicroShares } from '../../core/units.ts'
import type { Clock, Timers } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import { AccountReads } from './account-reads.ts'
import type { KalshiCredentials } from './auth.ts'
import { RequestSigner } from './auth.ts'
import type { KalshiConfig } from './config.ts'
import type { GatewayWaits } from './order-gateway.ts'
import { KalshiOrderGateway } from './order-gateway.ts'
import { OrderGroups } from './order-groups.ts'
import { RateLimit } from './rate-limit.ts'
import { RestClient } from './rest-client.ts'
import type { Held } from './settlement.ts'
import { KalshiSettlement } from './settlement.ts'
import { TradingClient } from './trading-client.ts'

/** Orders to Kalshi and what becomes of them, and its netting and payouts. */
export type KalshiTrading = {
  readonly gateway: KalshiOrderGateway
  readonly settlement: KalshiSettlement
}

export type KalshiTradingParts = {
  readonly config: KalshiConfig
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Log
  readonly key: KalshiCredentials
  readonly marketOf: (id: MarketId) => Market | undefined
  /** What our books hold. With it a merge waits until the venue's position agrees with them. */
  readonly heldOf?: (market: MarketId) => Held
  /** Contracts that may match in 15 s before the venue stops us by itself. Without it, no guard. */
  readonly guard?: MicroShares
  /** Whether resting orders are taken out when trading pauses; yes unless told otherwise. */
  readonly cancelOnPause?: boolean
  readonly waits?: Partial<TradingWaits>
  readonly random?: Random
}

export type TradingWaits = GatewayWaits & {
  /** Between two looks at what settles. */
  readonly settlementMs: number
}

const waitsDefaults: TradingWaits = {
  settlementMs: 2_000,
  echoMs: 750,
  quietMs: 3_000,
  skewMs: 5_000,
  placePatienceMs: 250,
  cancelRoundMs: 250,
  status: { open: 15_000, closed: 1_000 },
}

/**
 * Nothing is connected until the gateway is started; the settlement reads through the same calls,
 * so it is started after it and stopped before it.
 *
 * Throws a `CredentialsError` when the key cannot be used.
 */
export function createKalshiTrading(parts: KalshiTradingParts): KalshiTrading {
  const { config, clock, timers, log, marketOf } = parts
  const random = parts.random ?? new Random(clock.epochMs())
  const signer = new RequestSigner(parts.key, clock)
  const { tier, limitPercent: percent, timeoutMs } = config.rest
  const limit = new RateLimit({ clock, timers, tier, percent })
  const baseUrl = config.restUrl
  const rest = new RestClient({ baseUrl, config: config.rest, limit, signer, timers, random })
  const reads = new AccountReads(rest)
  const waits = { ...waitsDefaults, ...parts.waits }
  const client = new TradingClient({ baseUrl, timeoutMs, signer, limit, clock, timers })
  const gateway = new KalshiOrderGateway({
    signer,
    client,
    reads,
    clock,
    timers,
    random,
    log,
    marketOf,
    groups: new OrderGroups(client),
    socketUrl: config.socketUrl,
    feed: config.feed,
    guard: parts.guard,
    cancelOnPause: parts.cancelOnPause ?? true,
    waits,
  })
  const settlement = new KalshiSettlement({
    reads,
    clock,
    timers,
    log,
    everyMs: waits.settlementMs,
    heldOf: parts.heldOf,
    toldPosition: (market) => gateway.toldPosition(market),
  })
  return { gateway, settlement }
}
