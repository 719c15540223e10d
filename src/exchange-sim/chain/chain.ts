import { createHash } from 'node:crypto'
import type { ExchangeClock, ExchangeTimers } from '../exchange-clock.ts'
import type { Approvals } from './approvals.ts'
import type { ContractCall, ContractCalls } from './contract-calls.ts'
import { sameCase } from './contracts.ts'
import type { TokenLedger } from './token-ledger.ts'

/** docs/venues/polymarket.md, 10.5. */
export type TransactionState =
  | 'STATE_NEW'
  | 'STATE_EXECUTED'
  | 'STATE_MINED'
  | 'STATE_CONFIRMED'
  | 'STATE_INVALID'
  | 'STATE_FAILED'

export type ChainTransaction = {
  readonly id: string
  readonly hash: string
  /** Who pays for it, and on whose behalf it acts. */
  readonly from: string
  readonly wallet: string
  readonly to: string
  readonly nonce: number
  readonly kind: string
  readonly createdAt: number
  updatedAt: number
  state: TransactionState
  block: number | undefined
  revert: string | undefined
}

export type TransactionRequest = {
  readonly hash?: string
  readonly from: string
  readonly wallet: string
  readonly to: string
  readonly nonce: number
  readonly kind: string
  readonly calls: readonly ContractCall[]
}

export type ChainParts = {
  readonly ledger: TokenLedger
  readonly approvals: Approvals
  readonly contracts: ContractCalls
  readonly clock: ExchangeClock
  readonly timers: ExchangeTimers
  /** From sending to its block, and from there to being final. */
  readonly minedMs: number
  readonly confirmedMs: number
}

/** A block comes this often. */
const blockMs = 2000
const firstBlock = 80_000_000

/** Transactions: sent, mined with what they did or why they reverted, confirmed. */
export class Chain {
  readonly #parts: ChainParts
  readonly #startedAt: number
  readonly #nonces = new Map<string, number>()
  readonly #byHash = new Map<string, ChainTransaction>()
  readonly #byId = new Map<string, ChainTransaction>()
  #failuresAsked = 0

  constructor(parts: ChainParts) {
    this.#parts = parts
    this.#startedAt = parts.clock.epochMs()
  }

  get block(): number {
    return firstBlock + Math.floor((this.#parts.clock.epochMs() - this.#startedAt) / blockMs)
  }

  /** What the next transaction of an account must carry. `scope`: a wallet counts by itself. */
  nonceOf(account: string, scope: string): number {
    return this.#nonces.get(`${scope}:${sameCase(account)}`) ?? 0
  }

  /** How many transactions of a plain account are in a block. */
  minedCount(account: string): number {
    let count = 0
    for (const { from, kind, block } of this.#byId.values()) {
      if (kind === 'EOA' && block !== undefined && sameCase(from) === sameCase(account)) count++
    }
    return count
  }

  byHash(hash: string): ChainTransaction | undefined {
    return this.#byHash.get(sameCase(hash))
  }

  byId(id: string): ChainTransaction | undefined {
    return this.#byId.get(id)
  }

  /** So many of the next transactions will revert. */
  failNext(count: number): void {
    this.#failuresAsked += count
  }

  /** Takes a transaction whose signature has been checked. */
  send(request: TransactionRequest, scope: string): ChainTransaction {
    const { clock, timers, minedMs } = this.#parts
    const { from, wallet, to, nonce, kind, calls } = request
    this.#nonces.set(`${scope}:${sameCase(from)}`, nonce + 1)
    const name = `${scope}:${from}:${wallet}:${nonce}:${this.#byId.size}`
    const digest = createHash('sha256').update(name).digest('hex')
    const now = clock.epochMs()
    const transaction: ChainTransaction = {
      id: `${digest.slice(0, 8)}-${digest.slice(8, 12)}-7${digest.slice(13, 16)}-8${digest.slice(17, 20)}-${digest.slice(20, 32)}`,
      hash: request.hash ?? `0x${digest}`,
      from,
      wallet: sameCase(wallet),
      to,
      nonce,
      kind,
      createdAt: now,
      updatedAt: now,
      state: 'STATE_NEW',
      block: undefined,
      revert: undefined,
    }
    this.#byId.set(transaction.id, transaction)
    this.#byHash.set(sameCase(transaction.hash), transaction)
    timers.after(minedMs / 2, () => this.#step(transaction, 'STATE_EXECUTED'))
    timers.after(minedMs, () => this.#mine(transaction, calls))
    return transaction
  }

  #mine(transaction: ChainTransaction, calls: readonly ContractCall[]): void {
    transaction.block = this.block
    transaction.revert = this.#run(transaction.wallet, calls)
    if (transaction.revert !== undefined) return this.#step(transaction, 'STATE_FAILED')
    this.#step(transaction, 'STATE_MINED')
    this.#parts.timers.after(this.#parts.confirmedMs, () => {
      this.#step(transaction, 'STATE_CONFIRMED')
    })
  }

  /** All calls of a transaction, or none of them. */
  #run(wallet: string, calls: readonly ContractCall[]): string | undefined {
    if (this.#failuresAsked > 0) {
      this.#failuresAsked -= 1
      return 'execution reverted'
    }
    const restore = this.#parts.ledger.checkpoint()
    const restoreApprovals = this.#parts.approvals.checkpoint()
    for (const call of calls) {
      const revert = this.#parts.contracts.execute(wallet, call)
      if (revert === undefined) continue
      restore()
      restoreApprovals()
      return revert
    }
    return undefined
  }

  #step(transaction: ChainTransaction, state: TransactionState): void {
    transaction.state = state
    transaction.updatedAt = this.#parts.clock.epochMs()
  }
}
