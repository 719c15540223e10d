import type { Match } from '../chain/settle-match.ts'
import { settleMatches } from '../chain/settle-match.ts'
import type { Condition, TokenLedger } from '../chain/token-ledger.ts'
import type { ExchangeClock, ExchangeTimers } from '../exchange-clock.ts'
import type { Faults } from '../faults.ts'
import { faultRates } from '../faults.ts'
import type { SimMarket } from '../sim-market.ts'
import type { DeskTrade, Movement } from './desk-trade.ts'
import { makerMovement, takerMovement } from './desk-trade.ts'
import type { Purses } from './purses.ts'

/** How long each step of a settlement takes, in milliseconds. */
export type SettlementDelays = { readonly minedMs: number; readonly confirmedMs: number }

/** On the real venue seconds to minutes (5.3); here a run of half a minute must see the end. */
export const settlementDefaults: SettlementDelays = { minedMs: 400, confirmedMs: 600 }
const retryMs = 250

export type TradeSettlerParts = {
  readonly ledger: TokenLedger
  readonly purses: Purses
  readonly clock: ExchangeClock
  readonly timers: ExchangeTimers
  readonly faults: Faults
  readonly delays: SettlementDelays
  /** Called at every later status, after the wallets have changed. */
  readonly onStatus: (trade: DeskTrade) => void
}

/** Brings matched trades onto the chain: MATCHED, MINED, CONFIRMED, or back again. 5.3. */
export class TradeSettler {
  readonly #parts: TradeSettlerParts
  #failuresAsked = 0
  #pending = 0

  constructor(parts: TradeSettlerParts) {
    this.#parts = parts
  }

  /** Trades that are matched and not on the chain yet. */
  get pending(): number {
    return this.#pending
  }

  /** So many of the next trades will not settle. */
  failNext(count: number): void {
    this.#failuresAsked += count
  }

  settle(trade: DeskTrade): void {
    const { timers, faults, delays } = this.#parts
    this.#pending += 1
    for (const { wallet, money, token, shares } of clientMovements(trade)) {
      if (money < 0) this.#parts.purses.promiseUsd(wallet, (0 - money) as typeof money)
      if (shares < 0) this.#parts.purses.promiseTokens(wallet, token, (0 - shares) as typeof shares)
    }
    const fails = this.#failuresAsked > 0 || faults.strikes('trade-failed', faultRates.tradeFailed)
    if (this.#failuresAsked > 0) this.#failuresAsked -= 1
    const isRetried = fails || faults.strikes('trade-retried', faultRates.tradeRetried)
    timers.after(delays.minedMs, () => {
      if (!isRetried) return this.#mine(trade)
      this.#tell(trade, 'RETRYING')
      timers.after(retryMs, () => (fails ? this.#fail(trade) : this.#mine(trade)))
    })
  }

  #mine(trade: DeskTrade): void {
    const { ledger, timers, delays } = this.#parts
    const matches = trade.makers.map((part): Match => [
      takerMovement(trade, part),
      makerMovement(trade, part),
    ])
    const revert = settleMatches(ledger, conditionOf(trade.market), matches)
    if (revert !== undefined) return this.#fail(trade)

    this.#release(trade)
    for (const { wallet, money, token, shares } of clientMovements(trade)) {
      this.#parts.purses.follow(wallet, undefined, money)
      this.#parts.purses.follow(wallet, token, shares)
    }
    this.#pending -= 1
    this.#tell(trade, 'MINED')
    timers.after(delays.confirmedMs, () => this.#tell(trade, 'CONFIRMED'))
  }

  #fail(trade: DeskTrade): void {
    this.#release(trade)
    this.#pending -= 1
    this.#tell(trade, 'FAILED')
  }

  #release(trade: DeskTrade): void {
    const { purses } = this.#parts
    for (const { wallet, money, token, shares } of clientMovements(trade)) {
      if (money < 0) purses.release(wallet, undefined, (0 - money) as typeof money)
      if (shares < 0) purses.release(wallet, token, (0 - shares) as typeof shares)
    }
  }

  #tell(trade: DeskTrade, status: DeskTrade['status']): void {
    trade.status = status
    trade.updatedAt = this.#parts.clock.epochMs()
    this.#parts.onStatus(trade)
  }
}

/** What the clients of a trade give and get, meeting by meeting. */
export function clientMovements(trade: DeskTrade): readonly Movement[] {
  return trade.makers.flatMap((part) => [
    ...(trade.taker.isClient ? [takerMovement(trade, part)] : []),
    ...(part.party.isClient ? [makerMovement(trade, part)] : []),
  ])
}

export function conditionOf({ listing }: SimMarket): Condition {
  return { id: listing.conditionId, yes: listing.tokens.yes, no: listing.tokens.no }
}
