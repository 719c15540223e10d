import { existsSync } from 'node:fs'

import Sqlite from 'better-sqlite3'
import { z } from 'zod'

import { formatDecimal } from '../core/decimal.ts'
import { LedgerFileError, schemaVersion } from './ledger-schema.ts'

const money = z.int().transform((micro) => formatDecimal(micro, 6))
const price = z.int().transform((ticks) => formatDecimal(ticks, 4))
const instant = z.int().transform((ms) => new Date(ms).toISOString())
const maybeInstant = z.union([z.null(), instant])

export type LedgerTable =
  | 'positions'
  | 'pnl'
  | 'attribution'
  | 'orders'
  | 'baskets'
  | 'fills'
  | 'ledger'

/** A row as it is shown: decimal strings for money, shares and prices, ISO instants. */
export type LedgerRow = Readonly<Record<string, string | number | null>>

type TableReader = { readonly query: string; readonly row: z.ZodType<LedgerRow> }

/** What can be read from a ledger file: the query, and each row as it is shown and exported. */
const tables: Readonly<Record<LedgerTable, TableReader>> = {
  positions: {
    query: `
      SELECT s.venue, s.market, COALESCE(m.question, s.market) AS question, s.outcome,
        SUM(s.change) AS shares,
        (SELECT COALESCE(SUM(p.amount), 0) FROM postings p
          WHERE p.run = s.run
            AND p.account = 'inventory:' || s.venue || ':' || s.instrument) AS cost,
        (SELECT k.value FROM marks k
          WHERE k.run = s.run AND k.venue = s.venue AND k.instrument = s.instrument) AS value
      FROM share_moves s LEFT JOIN markets m ON m.venue = s.venue AND m.id = s.market
      WHERE s.run = ? GROUP BY s.venue, s.instrument HAVING SUM(s.change) <> 0
      ORDER BY cost DESC`,
    row: z.object({
      venue: z.string(),
      market: z.string(),
      question: z.string(),
      outcome: z.string(),
      shares: money,
      cost: money,
      value: z.union([z.null(), money]),
    }),
  },
  pnl: {
    query: `
      WITH latest (run) AS (SELECT ?)
      SELECT strategy, SUM(gain) AS realised, SUM(fee) AS fees FROM (
        SELECT substr(account, 10) AS strategy, -SUM(amount) AS gain, 0 AS fee
          FROM postings JOIN latest USING (run) WHERE account LIKE 'realised:%' GROUP BY account
        UNION ALL
        SELECT substr(account, instr(substr(account, 6), ':') + 6), -SUM(amount), SUM(amount)
          FROM postings JOIN latest USING (run) WHERE account LIKE 'fees:%' GROUP BY account
        UNION ALL
        SELECT substr(account, instr(substr(account, 13), ':') + 13), -SUM(amount), 0
          FROM postings JOIN latest USING (run)
          WHERE account LIKE 'capitalised:%' GROUP BY account
      ) GROUP BY strategy ORDER BY realised DESC`,
    row: z.object({ strategy: z.string(), realised: money, fees: money }),
  },
  // What was expected of baskets that have closed, and what came of it: whole ones lose or win by
  // price and fee against their certificate, the others by their legs.
  attribution: {
    query: `
      SELECT b.strategy, COUNT(*) AS baskets, SUM(b.edge) AS expected, SUM(p.result) AS executed,
        SUM(CASE WHEN p.unwound = 0 AND EXISTS (
          SELECT 1 FROM fills f JOIN orders o ON o.run = f.run AND o.id = f.order_id
          WHERE o.run = b.run AND (o.basket = b.id OR o.basket LIKE b.id || '-%'))
          THEN p.result - b.edge ELSE 0 END) AS slippage,
        SUM(CASE WHEN p.unwound = 1 THEN p.result ELSE 0 END) AS legLosses,
        SUM(CASE WHEN p.unwound = 1 OR NOT EXISTS (
          SELECT 1 FROM fills f JOIN orders o ON o.run = f.run AND o.id = f.order_id
          WHERE o.run = b.run AND (o.basket = b.id OR o.basket LIKE b.id || '-%'))
          THEN b.edge ELSE 0 END) AS missed
      FROM baskets b JOIN basket_plans p ON p.run = b.run AND p.id = b.id
      WHERE b.run = ? AND p.result IS NOT NULL GROUP BY b.strategy ORDER BY executed DESC`,
    row: z.object({
      strategy: z.string(),
      baskets: z.int(),
      expected: money,
      executed: money,
      slippage: money,
      legLosses: money,
      missed: money,
    }),
  },
  orders: {
    query: `
      SELECT o.id, o.basket, o.venue, COALESCE(m.question, o.market) AS question, o.outcome, o.side,
        o.limit_ticks AS "limit", o.size, o.time_in_force AS timeInForce, o.state, o.reason,
        o.created_at AS createdAt
      FROM orders o LEFT JOIN markets m ON m.venue = o.venue AND m.id = o.market
      WHERE o.run = ? ORDER BY o.created_at DESC, o.id DESC LIMIT 1000`,
    row: z.object({
      id: z.string(),
      basket: z.string(),
      venue: z.string(),
      question: z.string(),
      outcome: z.string(),
      side: z.string(),
      limit: price,
      size: money,
      timeInForce: z.string(),
      state: z.string(),
      reason: z.string(),
      createdAt: instant,
    }),
  },
  baskets: {
    query: `
      SELECT b.id, b.purpose, b.strategy, b.edge, b.realisation, b.state,
        (SELECT COUNT(*) FROM orders o WHERE o.run = b.run AND o.basket = b.id) AS legs,
        (SELECT COALESCE(SUM(f.fee), 0) FROM fills f JOIN orders o
          ON o.run = f.run AND o.id = f.order_id WHERE o.run = b.run AND o.basket = b.id) AS fees,
        p.result AS executed, b.created_at AS createdAt, b.closed_at AS closedAt
      FROM baskets b LEFT JOIN basket_plans p ON p.run = b.run AND p.id = b.id
      WHERE b.run = ? ORDER BY b.created_at DESC, b.id DESC LIMIT 1000`,
    row: z.object({
      id: z.string(),
      purpose: z.string(),
      strategy: z.string(),
      edge: money,
      realisation: z.string(),
      state: z.string(),
      legs: z.int(),
      fees: money,
      executed: z.union([z.null(), money]),
      createdAt: instant,
      closedAt: maybeInstant,
    }),
  },
  fills: {
    query: `
      SELECT f.order_id AS "order", f.trade_id AS trade, o.venue, o.market, o.outcome, o.side,
        f.price, f.size, f.notional, f.fee, f.liquidity, f.at
      FROM fills f JOIN orders o ON o.run = f.run AND o.id = f.order_id
      WHERE f.run = ? ORDER BY f.at, f.order_id`,
    row: z.object({
      order: z.string(),
      trade: z.string(),
      venue: z.string(),
      market: z.string(),
      outcome: z.string(),
      side: z.string(),
      price,
      size: money,
      notional: money,
      fee: money,
      liquidity: z.string(),
      at: instant,
    }),
  },
  ledger: {
    query: `
      SELECT e.number, e.at, e.memo, p.account, p.amount
      FROM entries e JOIN postings p ON p.run = e.run AND p.entry = e.number
      WHERE e.run = ? ORDER BY e.number`,
    row: z.object({
      number: z.int(),
      at: instant,
      memo: z.string(),
      account: z.string(),
      amount: money,
    }),
  },
}

export const ledgerTables: readonly LedgerTable[] = [
  'positions',
  'pnl',
  'attribution',
  'orders',
  'baskets',
  'fills',
  'ledger',
]

/** Rows of the latest run in a ledger file. The engine may be writing to it at the same time. */
export function readLedger(path: string, table: LedgerTable): readonly LedgerRow[] {
  if (!existsSync(path)) {
    throw new LedgerFileError(`no ledger at ${path}: start the engine, or name another with --data`)
  }
  const database = new Sqlite(path, { readonly: true })
  try {
    const version = Number(database.pragma('user_version', { simple: true }))
    if (version !== schemaVersion) {
      throw new LedgerFileError(
        `${path} is of version ${version}, this program reads ${schemaVersion}: start the engine once`,
      )
    }
    const run = z
      .object({ id: z.int() })
      .optional()
      .parse(database.prepare('SELECT MAX(id) AS id FROM runs HAVING id IS NOT NULL').get())
    if (run === undefined) return []
    const { query, row } = tables[table]
    return database
      .prepare(query)
      .all(run.id)
      .map((found) => row.parse(found))
  } finally {
    database.close()
  }
}
