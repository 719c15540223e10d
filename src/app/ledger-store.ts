import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

import Sqlite from 'better-sqlite3'
import type { Database, Statement } from 'better-sqlite3'

import type { Market } from '../core/market.ts'
import type { ExecutionIntent, ExecutionReport, LegReport, TradeSignal } from '../core/signal.ts'
import type { EpochMs, Nanos } from '../core/units.ts'
import type { EngineView } from '../engine/engine-view.ts'
import type { Effect } from '../engine/event.ts'
import type { Basket } from '../execution/basket.ts'
import type { LedgerEntry } from '../portfolio/ledger.ts'
import type { OperationUpdate } from '../ports/settlement.ts'
import type { OrderUpdate } from '../ports/venue-gateway.ts'
import { latestRun } from './kept-books.ts'
import { migrate } from './ledger-schema.ts'

export type LedgerStoreOptions = {
  readonly path: string
  readonly badge: string
  readonly program: string
  readonly startedAt: EpochMs
  /** Goes on with the books that are there, instead of beginning new ones. */
  readonly continues: boolean
  /** Orders are on the disk before they are obeyed. Costs a moment at each basket. */
  readonly durableOrders: boolean
  readonly msOf: (at: Nanos) => EpochMs
  readonly marketOf: (venue: Market['venue'], id: Market['id']) => Market | undefined
}

/**
 * The books on disk: what the engine has done, as another process may read it at any time.
 *
 * Effects are collected and written in one transaction at each {@link commit}; {@link secure} is
 * for an order that must be on the disk before a venue can have it. One writer; readers see the
 * last transaction whole.
 */
export class LedgerStore {
  readonly #database: Database
  readonly #options: LedgerStoreOptions
  readonly #statements: Statements
  readonly #pending: (() => void)[] = []
  readonly #knownMarkets: Set<string> = new Set()
  readonly run: number

  constructor(options: LedgerStoreOptions) {
    this.#options = options
    if (options.path !== ':memory:') {
      mkdirSync(dirname(options.path), { recursive: true, mode: 0o700 })
    }
    this.#database = new Sqlite(options.path)
    this.#database.pragma('journal_mode = WAL')
    // Normal would leave the last commits to chance when the machine dies.
    this.#database.pragma('synchronous = FULL')
    this.#database.pragma('foreign_keys = ON')
    this.#database.pragma('busy_timeout = 5000')
    migrate(this.#database)
    this.#statements = prepare(this.#database)
    this.run = this.#begin()
  }

  /** Takes an effect; it is written at the next commit. */
  observe(effect: Effect): void {
    switch (effect.kind) {
      case 'note-entry':
        this.#pending.push(() => this.#entry(effect.entry))
        return
      case 'place-basket':
        this.#pending.push(() => this.#intent(effect.intent))
        if (this.#options.durableOrders) this.commit()
        return
      case 'note-report':
        this.#pending.push(() => this.#report(effect.report))
        return
      case 'plan-basket':
        this.#pending.push(() => this.#plan(effect.plan, effect.signal))
        return
      case 'note-basket':
        this.#pending.push(() => this.#step(effect))
        return
      case 'note-order':
        this.#pending.push(() => this.#fill(effect.update))
        return
      case 'submit-operation':
        this.#pending.push(() => this.#operation(effect))
        if (this.#options.durableOrders) this.commit()
        return
      case 'note-operation':
        this.#pending.push(() => this.#operationState(effect.update))
        return
      case 'note-difference':
        this.#pending.push(() => this.#difference(effect))
        return
      default:
    }
  }

  /** Writes what has been collected. */
  commit(): void {
    if (this.#pending.length === 0) return
    const work = this.#pending.splice(0)
    this.#database.transaction(() => {
      for (const write of work) write()
    })()
  }

  /** What positions are worth now, and what came of everything so far. */
  mark(view: EngineView, at: EpochMs): void {
    this.commit()
    this.#database.transaction(() => {
      this.#statements.clearMarks.run(this.run)
      for (const { position, value } of view.positions()) {
        this.#statements.mark.run(this.run, position.venue, position.instrument, value, at)
      }
      const { realised, unrealised, fees, exposure } = view
      this.#statements.equity.run(this.run, at, realised, unrealised, fees, exposure)
    })()
  }

  close(at: EpochMs): void {
    this.commit()
    this.#statements.endRun.run(at, this.run)
    this.#statements.endLife.run(at, this.run)
    this.#database.close()
  }

  /** The books that are continued, or new ones; either way a life of them begins. */
  #begin(): number {
    const { badge, continues, program, startedAt } = this.#options
    const run = (continues ? latestRun(this.#database, badge) : undefined) ?? this.#newRun()
    this.#statements.life.run(run, startedAt, program)
    return run
  }

  #newRun(): number {
    const { badge, program, startedAt } = this.#options
    return Number(this.#statements.run.run(startedAt, badge, program).lastInsertRowid)
  }

  #plan(plan: Basket, signal: TradeSignal): void {
    const texts = [JSON.stringify(plan), JSON.stringify(signal)] as const
    this.#statements.plan.run(this.run, plan.id, ...texts, plan.state)
  }

  #step(effect: Extract<Effect, { kind: 'note-basket' }>): void {
    const { at, basket, event, reason, result, state } = effect
    const { planState, step } = this.#statements
    const atMs = this.#options.msOf(at)
    step.run(this.run, basket, this.run, basket, atMs, JSON.stringify(event), state)
    const unwound = state === 'unwinding' ? 1 : 0
    planState.run(state, reason, result ?? null, unwound, this.run, basket)
  }

  #operation(effect: Extract<Effect, { kind: 'submit-operation' }>): void {
    const { basket, operation, strategy, venue, what } = effect
    const text = JSON.stringify(what)
    const at = this.#options.msOf(effect.at)
    this.#statements.operation.run(this.run, operation, venue, text, basket, strategy, at)
  }

  #operationState(update: OperationUpdate): void {
    const reference =
      update.kind === 'submitted' ? update.reference : update.kind === 'final' ? '' : update.reason
    this.#statements.operationState.run(update.kind, reference, this.run, update.operation)
  }

  #difference({ at, difference, venue }: Extract<Effect, { kind: 'note-difference' }>): void {
    const atMs = this.#options.msOf(at)
    this.#statements.difference.run(this.run, atMs, venue, JSON.stringify(difference))
  }

  #entry({ number, at, memo, postings, shares }: LedgerEntry): void {
    const { entry, posting, shareMove } = this.#statements
    entry.run(this.run, number, this.#options.msOf(at), memo)
    for (const { account, amount } of postings) posting.run(this.run, number, account, amount)
    for (const move of shares) {
      this.#name(move.venue, move.market)
      const { venue, market, instrument, outcome, strategy, change } = move
      shareMove.run(this.run, number, venue, market, instrument, outcome, strategy, change)
    }
  }

  #intent({ basket, purpose, signal, orders, createdAtMs }: ExecutionIntent): void {
    const { strategy, edge, realisation } = signal
    this.#statements.basket.run(this.run, basket, purpose, strategy, edge, realisation, createdAtMs)
    for (const order of orders) {
      this.#name(order.venue, order.market)
      const { venue, market, instrument, outcome, side, limit, size, timeInForce } = order
      this.#statements.order.run(
        this.run,
        order.id,
        basket,
        order.legIndex,
        venue,
        market,
        instrument,
        outcome,
        side,
        limit,
        size,
        timeInForce,
        createdAtMs,
      )
    }
  }

  #report({ basket, legs, at }: ExecutionReport): void {
    for (const leg of legs) {
      this.#statements.orderState.run(leg.outcome, leg.reason, this.run, leg.order)
    }
    this.#statements.basketState.run(stateOf(legs), this.#options.msOf(at), this.run, basket)
  }

  /** An execution, as soon as it is known. */
  #fill(update: OrderUpdate): void {
    if (update.kind === 'fill-reversed') {
      this.#statements.unfill.run(this.run, update.order, update.tradeId)
      return
    }
    if (update.kind !== 'filled') return
    const { fee, liquidity, notional, order, price, size, venueTradeId } = update.fill
    const atMs = this.#options.msOf(update.fill.at)
    this.#statements.fill.run(
      this.run,
      order,
      venueTradeId,
      price,
      size,
      notional,
      fee,
      liquidity,
      atMs,
    )
  }

  /** The words of a market, once: a reader has no catalogue. */
  #name(venue: Market['venue'], id: Market['id']): void {
    const key = `${venue} ${id}`
    if (this.#knownMarkets.has(key)) return
    const market = this.#options.marketOf(venue, id)
    if (market === undefined) return
    this.#knownMarkets.add(key)
    this.#statements.market.run(venue, id, market.slug, market.question, JSON.stringify(market))
  }
}

function stateOf(legs: readonly LegReport[]): string {
  if (legs.some(({ outcome }) => outcome === 'unknown')) return 'unknown'
  if (legs.every(({ outcome }) => outcome === 'filled')) return 'complete'
  return legs.every(({ fills }) => fills.length === 0) ? 'nothing-filled' : 'uneven'
}

type Statements = Readonly<Record<keyof typeof sql, Statement>>

const sql = {
  run: 'INSERT INTO runs (started_at, badge, program) VALUES (?, ?, ?)',
  endRun: 'UPDATE runs SET ended_at = ? WHERE id = ?',
  entry: 'INSERT INTO entries (run, number, at, memo) VALUES (?, ?, ?, ?)',
  posting: 'INSERT INTO postings (run, entry, account, amount) VALUES (?, ?, ?, ?)',
  shareMove:
    'INSERT INTO share_moves (run, entry, venue, market, instrument, outcome, strategy, change) ' +
    'VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  basket:
    'INSERT INTO baskets (run, id, purpose, strategy, edge, realisation, state, created_at) ' +
    "VALUES (?, ?, ?, ?, ?, ?, 'sent', ?)",
  basketState: 'UPDATE baskets SET state = ?, closed_at = ? WHERE run = ? AND id = ?',
  order:
    'INSERT INTO orders (run, id, basket, leg, venue, market, instrument, outcome, side, ' +
    'limit_ticks, size, time_in_force, state, reason, created_at) ' +
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'sent', '', ?)",
  orderState: 'UPDATE orders SET state = ?, reason = ? WHERE run = ? AND id = ?',
  plan:
    'INSERT INTO basket_plans (run, id, plan, signal, state, reason) ' +
    "VALUES (?, ?, ?, ?, ?, '')",
  planState:
    'UPDATE basket_plans SET state = ?, reason = ?, result = COALESCE(?, result), ' +
    'unwound = MAX(unwound, ?) WHERE run = ? AND id = ?',
  step:
    'INSERT INTO basket_events (run, basket, number, at, event, state) VALUES (?, ?, ' +
    '(SELECT COUNT(*) + 1 FROM basket_events WHERE run = ? AND basket = ?), ?, ?, ?)',
  operation:
    'INSERT OR REPLACE INTO operations ' +
    '(run, id, venue, what, basket, strategy, state, reference, at) ' +
    "VALUES (?, ?, ?, ?, ?, ?, 'sent', '', ?)",
  operationState: 'UPDATE operations SET state = ?, reference = ? WHERE run = ? AND id = ?',
  difference: 'INSERT INTO differences (run, at, venue, difference) VALUES (?, ?, ?, ?)',
  life: 'INSERT INTO lives (run, started_at, program) VALUES (?, ?, ?)',
  endLife: 'UPDATE lives SET ended_at = ? WHERE run = ? AND ended_at IS NULL',
  fill:
    'INSERT OR IGNORE INTO fills (run, order_id, trade_id, price, size, notional, fee, liquidity, at) ' +
    'VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  unfill: 'DELETE FROM fills WHERE run = ? AND order_id = ? AND trade_id = ?',
  clearMarks: 'DELETE FROM marks WHERE run = ?',
  mark: 'INSERT INTO marks (run, venue, instrument, value, at) VALUES (?, ?, ?, ?, ?)',
  equity:
    'INSERT OR REPLACE INTO equity (run, at, realised, unrealised, fees, exposure) ' +
    'VALUES (?, ?, ?, ?, ?, ?)',
  market:
    'INSERT OR REPLACE INTO markets (venue, id, slug, question, facts) VALUES (?, ?, ?, ?, ?)',
} as const

function prepare(database: Database): Statements {
  const statementOf = (text: string): Statement => database.prepare(text)
  return {
    plan: statementOf(sql.plan),
    planState: statementOf(sql.planState),
    step: statementOf(sql.step),
    operation: statementOf(sql.operation),
    operationState: statementOf(sql.operationState),
    difference: statementOf(sql.difference),
    life: statementOf(sql.life),
    endLife: statementOf(sql.endLife),
    run: statementOf(sql.run),
    endRun: statementOf(sql.endRun),
    entry: statementOf(sql.entry),
    posting: statementOf(sql.posting),
    shareMove: statementOf(sql.shareMove),
    basket: statementOf(sql.basket),
    basketState: statementOf(sql.basketState),
    order: statementOf(sql.order),
    orderState: statementOf(sql.orderState),
    fill: statementOf(sql.fill),
    unfill: statementOf(sql.unfill),
    clearMarks: statementOf(sql.clearMarks),
    mark: statementOf(sql.mark),
    equity: statementOf(sql.equity),
    market: statementOf(sql.market),
  }
}
