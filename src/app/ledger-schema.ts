import type { Database } from 'better-sqlite3'

/**
 * The tables of the ledger file, version by version.
 *
 * A step is never changed once it is released: a file of any earlier version is brought up by the
 * steps it lacks. Money and sizes are whole micro-units, instants milliseconds since 1970.
 */
const steps: readonly string[] = [
  `
  CREATE TABLE runs (
    id INTEGER PRIMARY KEY, started_at INTEGER NOT NULL, ended_at INTEGER,
    badge TEXT NOT NULL, program TEXT NOT NULL
  ) STRICT;
  CREATE TABLE entries (
    run INTEGER NOT NULL REFERENCES runs(id), number INTEGER NOT NULL, at INTEGER NOT NULL,
    memo TEXT NOT NULL, PRIMARY KEY (run, number)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE postings (
    run INTEGER NOT NULL, entry INTEGER NOT NULL, account TEXT NOT NULL, amount INTEGER NOT NULL,
    FOREIGN KEY (run, entry) REFERENCES entries(run, number)
  ) STRICT;
  CREATE INDEX postings_by_account ON postings(run, account);
  CREATE TABLE share_moves (
    run INTEGER NOT NULL, entry INTEGER NOT NULL, venue TEXT NOT NULL, market TEXT NOT NULL,
    instrument TEXT NOT NULL, outcome TEXT NOT NULL, strategy TEXT NOT NULL,
    change INTEGER NOT NULL,
    FOREIGN KEY (run, entry) REFERENCES entries(run, number)
  ) STRICT;
  CREATE TABLE baskets (
    run INTEGER NOT NULL, id TEXT NOT NULL, purpose TEXT NOT NULL, strategy TEXT NOT NULL,
    edge INTEGER NOT NULL, realisation TEXT NOT NULL, state TEXT NOT NULL,
    created_at INTEGER NOT NULL, closed_at INTEGER, PRIMARY KEY (run, id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE orders (
    run INTEGER NOT NULL, id TEXT NOT NULL, basket TEXT NOT NULL, leg INTEGER NOT NULL,
    venue TEXT NOT NULL, market TEXT NOT NULL, instrument TEXT NOT NULL, outcome TEXT NOT NULL,
    side TEXT NOT NULL, limit_ticks INTEGER NOT NULL, size INTEGER NOT NULL,
    time_in_force TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL,
    created_at INTEGER NOT NULL, PRIMARY KEY (run, id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE fills (
    run INTEGER NOT NULL, order_id TEXT NOT NULL, trade_id TEXT NOT NULL, price INTEGER NOT NULL,
    size INTEGER NOT NULL, notional INTEGER NOT NULL, fee INTEGER NOT NULL,
    liquidity TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (run, order_id, trade_id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE marks (
    run INTEGER NOT NULL, venue TEXT NOT NULL, instrument TEXT NOT NULL, value INTEGER NOT NULL,
    at INTEGER NOT NULL, PRIMARY KEY (run, venue, instrument)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE equity (
    run INTEGER NOT NULL, at INTEGER NOT NULL, realised INTEGER NOT NULL,
    unrealised INTEGER NOT NULL, fees INTEGER NOT NULL, exposure INTEGER NOT NULL,
    PRIMARY KEY (run, at)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE markets (
    venue TEXT NOT NULL, id TEXT NOT NULL, slug TEXT NOT NULL, question TEXT NOT NULL,
    PRIMARY KEY (venue, id)
  ) STRICT, WITHOUT ROWID;
  `,
  // What it takes to go on where an earlier life has ended.
  `
  CREATE TABLE lives (
    run INTEGER NOT NULL REFERENCES runs(id), started_at INTEGER NOT NULL, ended_at INTEGER,
    program TEXT NOT NULL
  ) STRICT;
  CREATE TABLE basket_plans (
    run INTEGER NOT NULL, id TEXT NOT NULL, plan TEXT NOT NULL, signal TEXT NOT NULL,
    state TEXT NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (run, id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE basket_events (
    run INTEGER NOT NULL, basket TEXT NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL,
    event TEXT NOT NULL, state TEXT NOT NULL, PRIMARY KEY (run, basket, number)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE operations (
    run INTEGER NOT NULL, id TEXT NOT NULL, venue TEXT NOT NULL, what TEXT NOT NULL, basket TEXT,
    strategy TEXT NOT NULL, state TEXT NOT NULL, reference TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (run, id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE differences (
    run INTEGER NOT NULL, at INTEGER NOT NULL, venue TEXT NOT NULL, difference TEXT NOT NULL
  ) STRICT;
  `,
  // All that was known of a market, for a run that finds it listed no more.
  `
  ALTER TABLE markets ADD COLUMN facts TEXT NOT NULL DEFAULT '';
  ALTER TABLE basket_plans ADD COLUMN result INTEGER;
  ALTER TABLE basket_plans ADD COLUMN unwound INTEGER NOT NULL DEFAULT 0;
  `,
]

export const schemaVersion: number = steps.length

/** Brings a file to this version. Throws when it is of a newer one. */
export function migrate(database: Database): void {
  const found = Number(database.pragma('user_version', { simple: true }))
  if (found > schemaVersion) {
    throw new LedgerFileError(
      `the ledger file is of version ${found}, this program knows ${schemaVersion}: use a newer one`,
    )
  }
  for (const [index, step] of steps.entries()) {
    if (index < found) continue
    database.transaction(() => {
      database.exec(step)
      database.pragma(`user_version = ${index + 1}`)
    })()
  }
}

/** A ledger file cannot be used. */
export class LedgerFileError extends Error {
  override readonly name = 'LedgerFileError'
}
