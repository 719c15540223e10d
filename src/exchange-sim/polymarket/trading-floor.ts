import type { MicroUsd } from '../../core/units.ts'
import { microPerUsd } from '../../core/units.ts'
import type { WebSocket } from 'ws'
import { Approvals, unlimited } from '../chain/approvals.ts'
import { Chain } from '../chain/chain.ts'
import { ContractCalls } from '../chain/contract-calls.ts'
import { contracts } from '../chain/contracts.ts'
import { relayerRoutes } from '../chain/relayer-routes.ts'
import { rpcRoutes } from '../chain/rpc-routes.ts'
import type { LedgerAudit } from '../chain/token-ledger.ts'
import { TokenLedger } from '../chain/token-ledger.ts'
import type { Wallet } from '../chain/wallets.ts'
import { Wallets } from '../chain/wallets.ts'
import type { ExchangeClock } from '../exchange-clock.ts'
import type { Faults } from '../faults.ts'
import { faultDelays } from '../faults.ts'
import type { Route } from '../http-host.ts'
import type { OwnedTimers } from '../owned-timers.ts'
import { ownedTimers } from '../owned-timers.ts'
import type { ExchangeTimers } from '../exchange-clock.ts'
import type { VenueAudit } from '../venue-audit.ts'
import type { WalletAccount } from '../wallet-account.ts'
import type { World } from '../world.ts'
import { accountRoutes } from './account-routes.ts'
import { ApiKeys } from './api-keys.ts'
import { auditWallet } from './audit-wallet.ts'
import type { DeskOrder } from './desk-order.ts'
import type { DeskTrade } from './desk-trade.ts'
import { Heartbeats } from './heartbeats.ts'
import type { OrderEventKind } from './order-desk.ts'
import { OrderDesk } from './order-desk.ts'
import { OrderIntake } from './order-intake.ts'
import { orderRoutes } from './order-routes.ts'
import { positionRoutes } from './position-routes.ts'
import { Purses } from './purses.ts'
import { SignerBuckets } from './signer-buckets.ts'
import type { SettlementDelays } from './trade-settler.ts'
import { clientMovements, settlementDefaults, TradeSettler } from './trade-settler.ts'
import type { TradingMode } from './trading-status.ts'
import { postOnlyMsDefault, TradingStatus } from './trading-status.ts'
import { UserChannel } from './user-channel.ts'
import { orderEvent, tradeEvent } from './user-messages.ts'

export type TradingFloorParts = {
  readonly seed: number
  readonly world: World
  readonly clock: ExchangeClock
  readonly timers: ExchangeTimers
  readonly faults: Faults
  readonly settlement?: SettlementDelays
  /** Silence after which the orders of a key go; the venue's own 10 seconds by default. */
  readonly heartbeatMs?: number
}

/** What can be done to the venue from outside, for tests and rehearsals. */
export type FloorControl = {
  openAccount(account: WalletAccount): Wallet
  audit(wallet: string): VenueAudit
  /** Whether all money and tokens of the chain are accounted for. */
  auditChain(): LedgerAudit
  failNextTrades(count: number): void
  failNextTransactions(count: number): void
  restart(downMs: number, postOnlyMs?: number): void
  setMode(mode: TradingMode): void
  cutUserSockets(): void
}

/** A restart that a fault brings is over sooner than a real one: a run lasts half a minute. */
const postOnlyMsOfFault = 2000

/** The trading side of the Polymarket face: everything an order needs, put together. */
export class TradingFloor implements FloorControl {
  readonly ledger: TokenLedger = new TokenLedger()
  readonly wallets: Wallets = new Wallets()
  readonly approvals: Approvals = new Approvals()
  readonly keys: ApiKeys
  readonly purses: Purses
  readonly desk: OrderDesk
  readonly timers: OwnedTimers
  readonly #parts: TradingFloorParts
  readonly #contracts: ContractCalls
  readonly #chain: Chain
  readonly #intake: OrderIntake
  readonly #settler: TradeSettler
  readonly #status: TradingStatus
  readonly #heartbeats: Heartbeats
  readonly #channel: UserChannel

  constructor(parts: TradingFloorParts) {
    const { seed, world, clock, faults } = parts
    const timers = ownedTimers(parts.timers)
    this.#parts = parts
    this.timers = timers
    this.keys = new ApiKeys(seed)
    this.purses = new Purses(this.ledger)
    this.#status = new TradingStatus(clock)
    this.#channel = new UserChannel(this.keys, faults, timers)
    this.desk = new OrderDesk(world, {
      onOrder: (order, kind, words) => this.#tellOrder(order, kind, words),
      onTrade: (trade) => this.#onTrade(trade),
    })
    this.#settler = new TradeSettler({
      ledger: this.ledger,
      purses: this.purses,
      clock,
      timers,
      faults,
      delays: parts.settlement ?? settlementDefaults,
      onStatus: (trade) => this.#tellTrade(trade),
    })
    const { ledger, wallets, approvals, purses, desk } = this
    this.#contracts = new ContractCalls(world, ledger, approvals)
    this.#chain = new Chain({
      ledger,
      approvals,
      clock,
      timers,
      contracts: this.#contracts,
      ...(parts.settlement ?? settlementDefaults),
    })
    const status = this.#status
    this.#intake = new OrderIntake({ world, wallets, approvals, purses, desk, status, timers })
    this.#heartbeats = new Heartbeats(
      { clock, timers },
      (owner) => this.#cancelAllOf(owner),
      parts.heartbeatMs,
    )
  }

  /** Starts to follow the world. What is returned ends everything that is under way. */
  start(): () => void {
    const endDesk = this.desk.start()
    if (this.#parts.faults.has('engine-restart')) this.#restartSometime()
    return () => {
      endDesk()
      this.#heartbeats.stop()
      this.timers.endAll()
    }
  }

  routes(): readonly Route[] {
    const { keys, desk, ledger, wallets, approvals, purses, timers } = this
    const { world, clock, faults } = this.#parts
    const [intake, status, heartbeats] = [this.#intake, this.#status, this.#heartbeats]
    const buckets = new SignerBuckets(clock)
    return [
      ...orderRoutes({
        keys,
        intake,
        desk,
        status,
        buckets,
        faults,
        timers,
        cut: () => this.cutUserSockets(),
      }),
      ...accountRoutes({ keys, wallets, approvals, desk, purses, heartbeats, faults }),
      ...positionRoutes(world, ledger),
      ...rpcRoutes(this.#chain, this.#contracts),
      ...relayerRoutes(this.#chain, wallets, () => clock.epochMs()),
    ]
  }

  acceptUserSocket(socket: WebSocket): void {
    this.#channel.accept(socket)
  }

  openAccount({ owner, kind, wallet, dollars, approvals = 'all' }: WalletAccount): Wallet {
    const opened = this.wallets.open({ address: wallet ?? owner, kind, owner })
    this.ledger.mint(opened.address, (dollars * microPerUsd) as MicroUsd)
    this.purses.refresh(opened.address, undefined)
    if (approvals === 'none') return opened
    for (const spender of Object.values(contracts)) {
      this.approvals.approve(opened.address, spender, unlimited)
      this.approvals.setApprovalForAll(opened.address, spender, 'yes')
    }
    return opened
  }

  audit(wallet: string): VenueAudit {
    return auditWallet(this.desk, this.ledger, wallet)
  }

  auditChain(): LedgerAudit {
    return this.ledger.audit()
  }

  failNextTrades(count: number): void {
    this.#settler.failNext(count)
  }

  failNextTransactions(count: number): void {
    this.#chain.failNext(count)
  }

  restart(downMs: number, postOnlyMs: number = postOnlyMsDefault): void {
    this.#status.restart(downMs, postOnlyMs)
  }

  setMode(mode: TradingMode): void {
    this.#status.set(mode)
  }

  cutUserSockets(): void {
    this.#channel.cut()
  }

  #onTrade(trade: DeskTrade): void {
    this.#settler.settle(trade)
    this.#tellTrade(trade)
    // The books are being told of it: what follows from it for other orders comes after.
    const wallets = new Set(clientMovements(trade).map(({ wallet }) => wallet))
    this.timers.after(0, () => {
      for (const wallet of wallets) this.#intake.invalidate(wallet)
    })
  }

  #tellOrder(order: DeskOrder, kind: OrderEventKind, words: string | undefined): void {
    const { conditionId } = order.market.listing
    const at = this.#parts.clock.epochMs()
    this.#channel.publish(order.owner, conditionId, orderEvent(order, kind, at, words))
  }

  /** Everybody who had a part in a trade is told once, the taker as such. */
  #tellTrade(trade: DeskTrade): void {
    const at = this.#parts.clock.epochMs()
    const parties = [trade.taker, ...trade.makers.map(({ party }) => party)]
    const owners = new Set(parties.filter(({ isClient }) => isClient).map(({ owner }) => owner))
    for (const owner of owners) {
      const { conditionId } = trade.market.listing
      this.#channel.publish(owner, conditionId, tradeEvent(trade, owner, at))
    }
  }

  #cancelAllOf(owner: string): void {
    for (const order of this.desk.orders()) {
      if (order.owner === owner && order.status === 'LIVE') this.desk.cancel(order.id, 'CANCELED')
    }
  }

  #restartSometime(): void {
    const { faults } = this.#parts
    this.timers.after(faults.delayMs(faultDelays.restart), () => {
      this.restart(faults.delayMs(faultDelays.restartLasts), postOnlyMsOfFault)
      this.#restartSometime()
    })
  }
}
