import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import Sqlite from 'better-sqlite3'
import { afterEach, describe, expect, test } from 'vitest'

import { marketOf } from '../../test/engine/market-of.ts'
import { formatUsd } from '../core/decimal.ts'
import type { BasketId, ClientOrderId, Order } from '../core/order.ts'
import type { EpochMs, MicroShares, MicroUsd, Nanos, Ticks } from '../core/units.ts'
import { Portfolio } from '../portfolio/portfolio.ts'
import { readLedger } from './ledger-reader.ts'
import { LedgerStore } from './ledger-store.ts'

const rain = marketOf('rain')
const folders: string[] = []

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function openStore(): { store: LedgerStore; path: string; portfolio: Portfolio } {
  const folder = mkdtempSync(join(tmpdir(), 'ledger-'))
  folders.push(folder)
  const path = join(folder, 'data', 'ledger.db')
  const store = new LedgerStore({
    path,
    badge: 'PAPER',
    program: '0.0.0',
    startedAt: 1_000 as EpochMs,
    continues: false,
    durableOrders: false,
    msOf: (at) => Math.round(at / 1e6) as EpochMs,
    marketOf: () => rain,
  })
  const portfolio = new Portfolio((entry) => store.observe({ kind: 'note-entry', entry }))
  return { store, path, portfolio }
}

function trade(portfolio: Portfolio, side: 'buy' | 'sell', price: number, shares: number): void {
  const order: Order = {
    id: 'B1-1' as ClientOrderId,
    basket: 'B1' as BasketId,
    legIndex: 0,
    venue: rain.venue,
    market: rain.id,
    instrument: rain.yes.id,
    outcome: 'yes',
    side,
    limit: price as Ticks,
    size: (shares * 1e6) as MicroShares,
    timeInForce: 'fok',
    postOnly: false,
    expiresAt: undefined,
  }
  const fill = {
    order: order.id,
    venueTradeId: 't',
    price: order.limit,
    size: order.size,
    notional: (price * shares * 100) as MicroUsd,
    fee: 250_000 as MicroUsd,
    liquidity: 'taker',
    at: 5e9 as Nanos,
  } as const
  portfolio.fill(order, fill, 'mine', fill.at)
}

describe('the ledger on disk', () => {
  test('is read by somebody else while it is written, and says what the portfolio says', () => {
    const { store, path, portfolio } = openStore()
    portfolio.deposit('polymarket', 100_000_000 as MicroUsd, 0 as Nanos)
    trade(portfolio, 'buy', 4_000, 100)
    trade(portfolio, 'sell', 4_500, 40)
    store.commit()

    const positions = readLedger(path, 'positions')
    const pnl = readLedger(path, 'pnl')

    expect(positions).toEqual([
      {
        venue: 'polymarket',
        market: rain.id,
        question: rain.question,
        outcome: 'yes',
        shares: '60',
        cost: formatUsd(portfolio.basisOf('polymarket', rain.yes.id)),
        value: null,
      },
    ])
    expect(pnl).toEqual([
      { strategy: 'mine', realised: formatUsd(portfolio.realised), fees: '0.5' },
    ])
    store.close(9_000 as EpochMs)
  })

  test('shows nothing of what is not committed', () => {
    const { store, path, portfolio } = openStore()
    portfolio.deposit('polymarket', 100_000_000 as MicroUsd, 0 as Nanos)

    expect(readLedger(path, 'ledger')).toEqual([])
    store.commit()
    expect(readLedger(path, 'ledger')).toHaveLength(2)
    store.close(9_000 as EpochMs)
  })

  test('writes ahead, so that readers never wait', () => {
    const { store, path } = openStore()
    const database = new Sqlite(path)

    expect(database.pragma('journal_mode', { simple: true })).toBe('wal')
    database.close()
    store.close(9_000 as EpochMs)
  })

  test('is not written by a program that does not know its version', () => {
    const { store, path } = openStore()
    store.close(9_000 as EpochMs)
    const database = new Sqlite(path)
    database.pragma('user_version = 99')
    database.close()

    expect(() => readLedger(path, 'pnl')).toThrow('is of version 99')
  })

  test('says what is missing where there is none', () => {
    expect(() => readLedger('/nowhere/ledger.db', 'pnl')).toThrow('no ledger at')
  })
})
