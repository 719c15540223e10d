import type { MarketId } from '../../core/market.ts'
import type { EpochMs, MicroShares } from '../../core/units.ts'
import { par, subtract, zeroShares } from '../../core/units.ts'
import type { Clock, Timers } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type {
  OperationId,
  OperationUpdate,
  Settlement,
  SettlementOperation,
} from '../../ports/settlement.ts'
import { VenueError } from '../venue-error.ts'
import type { AccountReads } from './account-reads.ts'

/** What our own books say we hold of a market, with pairs that are not merged in them yet. */
export type Held = { readonly yes: MicroShares; readonly no: MicroShares }

export type SettlementParts = {
  readonly reads: AccountReads
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Log
  /** Between two looks. */
  readonly everyMs: number
  /** With it a merge is final only when the venue's position is what ours comes to. */
  readonly heldOf: ((market: MarketId) => Held) | undefined
  /** The venue's position as the channel told it last. */
  readonly toldPosition: (market: MarketId) => MicroShares | undefined
}

type Pending = {
  readonly operation: OperationId
  readonly what: Extract<SettlementOperation, { kind: 'merge' | 'split' | 'redeem' }>
  looks: number
  /** Looks at a market that has paid everybody, and nothing to us. */
  unpaid: number
  expectedAt: EpochMs | undefined
}

/** Operations looked at in one turn: each costs a read or two of a budget that orders need too. */
const looksPerTurn = 5
/** The reads trail by seconds, not by minutes: a position that differs so long is another. */
const mergeLooksMax = 30
const unpaidLooksMax = 3

/**
 * What money does by itself at Kalshi, as operations that end.
 *
 * A position is one signed number: who has YES and buys NO has sold, and the dollar of each pair is
 * cash at once. So a merge happens without being asked for, and nothing can be split or converted.
 * Payouts come by themselves too; they are waited for. docs/venues/kalshi.md, 8.
 */
export class KalshiSettlement implements Settlement {
  readonly venue = 'kalshi'
  readonly #parts: SettlementParts
  readonly #pending: Map<OperationId, Pending> = new Map()
  #onUpdate: (update: OperationUpdate) => void = () => undefined
  #stop: () => void = () => undefined
  #isLooking = false

  constructor(parts: SettlementParts) {
    this.#parts = parts
  }

  start(onUpdate: (update: OperationUpdate) => void): Promise<void> {
    this.#onUpdate = onUpdate
    const { everyMs, timers } = this.#parts
    this.#stop = timers.every(everyMs, () => void this.#turn())
    return Promise.resolve()
  }

  submit(operation: OperationId, what: SettlementOperation): void {
    if (what.kind === 'split' || what.kind === 'convert') {
      this.#onUpdate({ kind: 'failed', operation, reason: 'not-at-this-venue' })
      return
    }
    const pending = { operation, what, looks: 0, unpaid: 0, expectedAt: undefined }
    this.#pending.set(operation, pending)
    this.#onUpdate({ kind: 'submitted', operation, reference: what.market })
    void this.#lookAt(pending)
  }

  expectedAt(operation: OperationId): EpochMs | undefined {
    return this.#pending.get(operation)?.expectedAt
  }

  stop(): Promise<void> {
    this.#stop()
    this.#pending.clear()
    return Promise.resolve()
  }

  /** Looks at some, and puts them behind the others. */
  async #turn(): Promise<void> {
    if (this.#isLooking) return
    this.#isLooking = true
    for (const pending of [...this.#pending.values()].slice(0, looksPerTurn)) {
      // It may have ended while another was looked at.
      if (!this.#pending.delete(pending.operation)) continue
      this.#pending.set(pending.operation, pending)
      await this.#lookAt(pending)
    }
    this.#isLooking = false
  }

  async #lookAt(pending: Pending): Promise<void> {
    try {
      if (pending.what.kind === 'redeem') await this.#lookForPayout(pending, pending.what.market)
      else await this.#lookForNetting(pending, pending.what.market, pending.what.size)
    } catch (error) {
      if (!(error instanceof VenueError)) throw error
      const { operation } = pending
      this.#parts.log.warn('a settlement could not be looked at', { operation, error })
    }
  }

  async #lookForNetting(pending: Pending, market: MarketId, size: MicroShares): Promise<void> {
    const { heldOf, reads, toldPosition } = this.#parts
    pending.looks++
    const isTold = isNet(heldOf?.(market), toldPosition(market))
    const rows = isTold ? [] : await reads.positions(market)
    const net = rows.find(({ ticker }) => ticker === market)?.size ?? zeroShares
    if (isTold || isNet(heldOf?.(market), net) !== false) {
      const { operation } = pending
      this.#end(operation, { kind: 'final', operation, cashIn: par(size) })
    } else if (pending.looks >= mergeLooksMax) {
      const { operation } = pending
      this.#end(operation, { kind: 'unknown', operation, reason: 'position-differs' })
    }
  }

  /** Voids come as a scalar value of both sides: what was paid is what the row says. 8.3. */
  async #lookForPayout(pending: Pending, market: MarketId): Promise<void> {
    const { clock, reads } = this.#parts
    const { operation } = pending
    const payout = await reads.payout(market)
    if (payout !== undefined) {
      this.#end(operation, { kind: 'final', operation, cashIn: payout.cash })
      return
    }
    const { status, timerSeconds } = await reads.market(market)
    if (status === 'determined' || status === 'amended') {
      // The timer runs from when the result was known; we know only that it is known now.
      const latest = clock.epochMs() + (timerSeconds ?? 0) * 1000
      if (timerSeconds !== undefined) pending.expectedAt ??= latest as EpochMs
    }
    if (status !== 'finalized') return
    pending.unpaid++
    if (pending.unpaid >= unpaidLooksMax) {
      this.#end(operation, { kind: 'failed', operation, reason: 'nothing-paid' })
    }
  }

  #end(operation: OperationId, update: OperationUpdate): void {
    if (this.#pending.delete(operation)) this.#onUpdate(update)
  }
}

/** Whether the venue's position is what ours nets to. Undefined when one of them is not known. */
function isNet(held: Held | undefined, net: MicroShares | undefined): boolean | undefined {
  if (held === undefined || net === undefined) return undefined
  return subtract(held.yes, held.no) === net
}
