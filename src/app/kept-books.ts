import { existsSync } from 'node:fs'

import Sqlite from 'better-sqlite3'
import type { Database } from 'better-sqlite3'
import { z } from 'zod'

import type { Market } from '../core/market.ts'
import type { TradeSignal } from '../core/signal.ts'
import type { EpochMs, Nanos } from '../core/units.ts'
import type { KeptBasket, KeptBooks, KeptOperation } from '../engine/event.ts'
import type { Basket, BasketEvent } from '../execution/basket.ts'
import type { LedgerEntry, Posting, ShareMove } from '../portfolio/ledger.ts'
import { migrate } from './ledger-schema.ts'

/** What an earlier life has left, and what it knew of the markets that it was in. */
export type Kept = { readonly books: KeptBooks; readonly markets: readonly Market[] }

/** The books of a badge that were kept last; undefined where there are none. */
export function latestRun(database: Database, badge: string): number | undefined {
  const row = database.prepare('SELECT MAX(id) AS run FROM runs WHERE badge = ?').get(badge)
  return runShape.parse(row).run ?? undefined
}

/**
 * What an earlier life has left in a ledger file: the books summed up, the baskets that were not
 * over, and the operations of which no end was seen. Undefined when it has left nothing.
 */
export function readKeptBooks(path: string, badge: string): Kept | undefined {
  if (!existsSync(path)) return undefined
  const database = new Sqlite(path)
  try {
    migrate(database)
    const run = latestRun(database, badge)
    const books = run === undefined ? undefined : keptOf(database, run)
    return books === undefined ? undefined : { books, markets: marketsOf(database, books) }
  } finally {
    database.close()
  }
}

/** What was known of the markets in which something is still ours. */
function marketsOf(database: Database, { baskets, summary }: KeptBooks): readonly Market[] {
  const ours = new Set([
    ...summary.shares.map(({ market, venue }) => `${venue} ${market}`),
    ...baskets.flatMap(({ plan }) => plan.legs.map(({ market, venue }) => `${venue} ${market}`)),
  ])
  const rows = database.prepare("SELECT facts FROM markets WHERE facts <> ''").all()
  return z
    .array(z.object({ facts: written<Market>() }))
    .parse(rows)
    .map(({ facts }) => facts)
    .filter(({ id, venue }) => ours.has(`${venue} ${id}`))
}

function keptOf(database: Database, run: number): KeptBooks | undefined {
  const { count } = countShape.parse(
    database
      .prepare('SELECT COALESCE(MAX(number), 0) AS count FROM entries WHERE run = ?')
      .get(run),
  )
  if (count === 0) return undefined
  const { baskets } = basketCountShape.parse(
    database.prepare('SELECT COUNT(*) AS baskets FROM basket_plans WHERE run = ?').get(run),
  )
  return {
    summary: summaryOf(database, run, count),
    baskets: basketsOf(database, run),
    operations: operationsOf(database, run),
    basketCount: baskets,
  }
}

function summaryOf(database: Database, run: number, number: number): LedgerEntry {
  const postings = database
    .prepare(
      'SELECT account, SUM(amount) AS amount FROM postings WHERE run = ? ' +
        'GROUP BY account HAVING SUM(amount) <> 0 ORDER BY account',
    )
    .all(run)
  const shares = database
    .prepare(
      'SELECT venue, market, instrument, outcome, MAX(strategy) AS strategy, ' +
        'SUM(change) AS change FROM share_moves WHERE run = ? ' +
        'GROUP BY venue, instrument HAVING SUM(change) <> 0 ORDER BY venue, instrument',
    )
    .all(run)
  return {
    number,
    at: 0 as Nanos,
    memo: 'all that was posted before',
    postings: z.array(postingShape).parse(postings),
    shares: z.array(shareShape).parse(shares),
  }
}

function basketsOf(database: Database, run: number): readonly KeptBasket[] {
  const plans = z
    .array(planShape)
    .parse(
      database
        .prepare(
          "SELECT id, plan, signal FROM basket_plans WHERE run = ? AND state <> 'closed' ORDER BY id",
        )
        .all(run),
    )
  const events = database.prepare(
    'SELECT event FROM basket_events WHERE run = ? AND basket = ? ORDER BY number',
  )
  const sent = database.prepare(
    "SELECT id AS 'order', created_at AS atMs FROM orders " +
      "WHERE run = ? AND (basket = ? OR basket LIKE ? || '-%') ORDER BY id",
  )
  return plans.map(({ id, plan, signal }) => ({
    plan,
    signal,
    events: z
      .array(eventShape)
      .parse(events.all(run, id))
      .map(({ event }) => event),
    sent: z.array(sentShape).parse(sent.all(run, id, id)),
  }))
}

function operationsOf(database: Database, run: number): readonly KeptOperation[] {
  const rows = database
    .prepare(
      'SELECT id AS operation, venue, what, basket, strategy FROM operations ' +
        "WHERE run = ? AND state IN ('sent', 'submitted', 'unknown') ORDER BY id",
    )
    .all(run)
  return z
    .array(operationShape)
    .parse(rows)
    .map((row) => ({ ...row, basket: row.basket ?? undefined }))
}

/** This program wrote it, in one transaction with what it belongs to. */
function written<Value>(): z.ZodType<Value> {
  const tree = z.custom<Value>((value) => typeof value === 'object' && value !== null)
  return z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(tree)
}

const runShape = z.object({ run: z.union([z.null(), z.int()]) })
const countShape = z.object({ count: z.int() })
const basketCountShape = z.object({ baskets: z.int() })
const postingShape = z.object({
  account: z.custom<Posting['account']>((value) => typeof value === 'string'),
  amount: z.custom<Posting['amount']>(Number.isSafeInteger),
})
const shareShape = z.object({
  venue: z.custom<ShareMove['venue']>((value) => typeof value === 'string'),
  market: z.custom<ShareMove['market']>((value) => typeof value === 'string'),
  instrument: z.custom<ShareMove['instrument']>((value) => typeof value === 'string'),
  outcome: z.enum(['yes', 'no']),
  strategy: z.string(),
  change: z.custom<ShareMove['change']>(Number.isSafeInteger),
})
const planShape = z.object({
  id: z.string(),
  plan: written<Basket>(),
  signal: written<TradeSignal>(),
})
const eventShape = z.object({ event: written<BasketEvent>() })
const sentShape = z.object({
  order: z.custom<KeptBasket['sent'][number]['order']>((value) => typeof value === 'string'),
  atMs: z.custom<EpochMs>(Number.isSafeInteger),
})
const operationShape = z.object({
  operation: z.custom<KeptOperation['operation']>((value) => typeof value === 'string'),
  venue: z.custom<KeptOperation['venue']>((value) => typeof value === 'string'),
  what: written<KeptOperation['what']>(),
  basket: z.union([z.null(), z.custom<NonNullable<KeptOperation['basket']>>()]),
  strategy: z.string(),
})
