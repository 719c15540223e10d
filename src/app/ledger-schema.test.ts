import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import Sqlite from 'better-sqlite3'
import type { Database } from 'better-sqlite3'
import { describe, expect, test } from 'vitest'

import { readKeptBooks } from './kept-books.ts'
import { readLedger } from './ledger-reader.ts'
import { LedgerFileError, migrate, schemaVersion } from './ledger-schema.ts'
import { LedgerStore } from './ledger-store.ts'
import type { EpochMs } from '../core/units.ts'

/** A file as the first version of this program left it: a deposit, and ten shares of rain. */
const firstVersion = `
  CREATE TABLE runs (id INTEGER PRIMARY KEY, started_at INTEGER NOT NULL, ended_at INTEGER,
    badge TEXT NOT NULL, program TEXT NOT NULL) STRICT;
  CREATE TABLE entries (run INTEGER NOT NULL REFERENCES runs(id), number INTEGER NOT NULL,
    at INTEGER NOT NULL, memo TEXT NOT NULL, PRIMARY KEY (run, number)) STRICT, WITHOUT ROWID;
  CREATE TABLE postings (run INTEGER NOT NULL, entry INTEGER NOT NULL, account TEXT NOT NULL,
    amount INTEGER NOT NULL, FOREIGN KEY (run, entry) REFERENCES entries(run, number)) STRICT;
  CREATE INDEX postings_by_account ON postings(run, account);
  CREATE TABLE share_moves (run INTEGER NOT NULL, entry INTEGER NOT NULL, venue TEXT NOT NULL,
    market TEXT NOT NULL, instrument TEXT NOT NULL, outcome TEXT NOT NULL,
    strategy TEXT NOT NULL, change INTEGER NOT NULL,
    FOREIGN KEY (run, entry) REFERENCES entries(run, number)) STRICT;
  CREATE TABLE baskets (run INTEGER NOT NULL, id TEXT NOT NULL, purpose TEXT NOT NULL,
    strategy TEXT NOT NULL, edge INTEGER NOT NULL, realisation TEXT NOT NULL,
    state TEXT NOT NULL, created_at INTEGER NOT NULL, closed_at INTEGER,
    PRIMARY KEY (run, id)) STRICT, WITHOUT ROWID;
  CREATE TABLE orders (run INTEGER NOT NULL, id TEXT NOT NULL, basket TEXT NOT NULL,
    leg INTEGER NOT NULL, venue TEXT NOT NULL, market TEXT NOT NULL, instrument TEXT NOT NULL,
    outcome TEXT NOT NULL, side TEXT NOT NULL, limit_ticks INTEGER NOT NULL,
    size INTEGER NOT NULL, time_in_force TEXT NOT NULL, state TEXT NOT NULL,
    reason TEXT NOT NULL, created_at INTEGER NOT NULL, PRIMARY KEY (run, id)) STRICT,
    WITHOUT ROWID;
  CREATE TABLE fills (run INTEGER NOT NULL, order_id TEXT NOT NULL, trade_id TEXT NOT NULL,
    price INTEGER NOT NULL, size INTEGER NOT NULL, notional INTEGER NOT NULL,
    fee INTEGER NOT NULL, liquidity TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (run, order_id, trade_id)) STRICT, WITHOUT ROWID;
  CREATE TABLE marks (run INTEGER NOT NULL, venue TEXT NOT NULL, instrument TEXT NOT NULL,
    value INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (run, venue, instrument)) STRICT,
    WITHOUT ROWID;
  CREATE TABLE equity (run INTEGER NOT NULL, at INTEGER NOT NULL, realised INTEGER NOT NULL,
    unrealised INTEGER NOT NULL, fees INTEGER NOT NULL, exposure INTEGER NOT NULL,
    PRIMARY KEY (run, at)) STRICT, WITHOUT ROWID;
  CREATE TABLE markets (venue TEXT NOT NULL, id TEXT NOT NULL, slug TEXT NOT NULL,
    question TEXT NOT NULL, PRIMARY KEY (venue, id)) STRICT, WITHOUT ROWID;
  INSERT INTO runs VALUES (1, 1000, 2000, 'LIVE', '0.1.0');
  INSERT INTO entries VALUES (1, 1, 1000, 'deposit polymarket'), (1, 2, 1500, 'buy T1');
  INSERT INTO postings VALUES (1, 1, 'cash:polymarket', 90000000), (1, 1, 'capital', -90000000),
    (1, 2, 'inventory:polymarket:rain-yes', 4000000), (1, 2, 'cash:polymarket', -4000000);
  INSERT INTO share_moves VALUES
    (1, 2, 'polymarket', 'rain', 'rain-yes', 'yes', 'mine', 10000000);
  INSERT INTO markets VALUES ('polymarket', 'rain', 'rain', 'Will it rain?');
  PRAGMA user_version = 1;
`

function withFile(look: (path: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'ledger-schema-'))
  try {
    const path = join(folder, 'ledger.db')
    const database = new Sqlite(path)
    database.exec(firstVersion)
    database.close()
    look(path)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function tablesOf(database: Database): readonly unknown[] {
  return database
    .prepare("SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name")
    .all()
    .map((row) => JSON.stringify(row).replaceAll(/\\n|\s/g, ''))
}

describe('a ledger file of the first version', () => {
  test('is brought up with all that is in it', () => {
    withFile((path) => {
      const kept = readKeptBooks(path, 'LIVE')

      expect(kept?.books).toEqual({
        summary: {
          number: 2,
          at: 0,
          memo: 'all that was posted before',
          postings: [
            { account: 'capital', amount: -90_000_000 },
            { account: 'cash:polymarket', amount: 86_000_000 },
            { account: 'inventory:polymarket:rain-yes', amount: 4_000_000 },
          ],
          shares: [
            {
              venue: 'polymarket',
              market: 'rain',
              instrument: 'rain-yes',
              outcome: 'yes',
              strategy: 'mine',
              change: 10_000_000,
            },
          ],
        },
        baskets: [],
        operations: [],
        basketCount: 0,
      })
      expect(readLedger(path, 'positions')).toMatchObject([{ shares: '10', cost: '4' }])
    })
  })

  test('has the tables of a new one afterwards', () => {
    withFile((path) => {
      const old = new Sqlite(path)
      const fresh = new Sqlite(':memory:')
      migrate(old)
      migrate(fresh)

      expect(old.pragma('user_version', { simple: true })).toBe(schemaVersion)
      expect(tablesOf(old)).toHaveLength(tablesOf(fresh).length)
      expect(columnsOf(old)).toEqual(columnsOf(fresh))
      old.close()
      fresh.close()
    })
  })

  test('is gone on with under the number that it had', () => {
    withFile((path) => {
      const store = new LedgerStore({
        path,
        badge: 'LIVE',
        program: '0.2.0',
        startedAt: 3_000 as EpochMs,
        continues: true,
        durableOrders: true,
        msOf: () => 3_000 as EpochMs,
        marketOf: () => undefined,
      })

      expect(store.run).toBe(1)
      store.close(4_000 as EpochMs)
    })
  })

  test('is brought up once', () => {
    withFile((path) => {
      const database = new Sqlite(path)
      migrate(database)
      migrate(database)

      expect(database.pragma('user_version', { simple: true })).toBe(schemaVersion)
      database.close()
    })
  })
})

describe('a ledger file of a later version', () => {
  test('is left alone', () => {
    const database = new Sqlite(':memory:')
    database.pragma(`user_version = ${schemaVersion + 1}`)

    expect(() => migrate(database)).toThrow(LedgerFileError)
    expect(tablesOf(database)).toEqual([])
    database.close()
  })
})

function columnsOf(database: Database): readonly unknown[] {
  return database
    .prepare(
      'SELECT t.name AS "table", c.name, c.type, c."notnull" FROM sqlite_master t ' +
        "JOIN pragma_table_info(t.name) c WHERE t.type = 'table' ORDER BY t.name, c.cid",
    )
    .all()
}
