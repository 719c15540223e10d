import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { marketOf } from '../../test/engine/market-of.ts'
import type { Market } from '../core/market.ts'
import type { PropositionId } from '../core/proposition.ts'
import type { EpochMs } from '../core/units.ts'
import type { Log } from '../ports/log.ts'
import { listingOf } from '../propositions/listing.ts'
import type { ConfirmedMarket, RegisterEntry } from '../propositions/register.ts'
import { readRegister, writeEntry } from '../propositions/register.ts'
import { hashRules } from '../propositions/rule-hash.ts'
import { Sentinel } from '../propositions/sentinel.ts'
import { WithdrawalKeeper } from './keep-withdrawals.ts'

const here = marketOf('rain', { rules: 'It must rain.' })
const there = marketOf('KXRAIN', { venue: 'kalshi', rules: 'If it rains, Yes.' })
const confirmedAt = Date.UTC(2026, 10, 1) as EpochMs
const now = Date.UTC(2026, 10, 25) as EpochMs
const file = 'propositions.yaml'

const errors: string[] = []
const log: Log = {
  debug() {},
  info() {},
  warn() {},
  error: (message) => errors.push(message),
}

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'withdrawals-'))
  errors.length = 0
})
afterEach(() => rmSync(folder, { recursive: true }))

function confirmed(market: Market): ConfirmedMarket {
  const { rules, source } = hashRules(listingOf(market, undefined))
  const { closesAt, id, slug } = market
  return { market: id, slug, rulesHash: rules, sourceHash: source, closesAt }
}

function entryOf(name: string, at: EpochMs = confirmedAt): RegisterEntry {
  return {
    id: name as PropositionId,
    title: 'Rain?',
    polymarket: { ...confirmed(here), market: `${here.id}-${name}` as Market['id'] },
    kalshi: { ...confirmed(there), market: `${there.id}-${name}` as Market['id'] },
    orientation: 'same',
    lesser: undefined,
    verdict: 'same',
    allow: [],
    by: 'Ann',
    at,
    note: undefined,
    withdrawn: undefined,
    line: 1,
  }
}

/** A register of two pairs on disk, and a sentinel that has just taken the first one out. */
function scene() {
  const entries = [entryOf('p-1'), entryOf('p-2')]
  const text = entries.reduce((text, entry) => writeEntry(text, entry), '')
  writeFileSync(path.join(folder, file), text)
  const register = readAgain()
  const sentinel = new Sentinel(register)
  sentinel.onMarkets([{ ...here, id: `${here.id}-p-1` as Market['id'], rules: 'It must pour.' }])
  const keeper = new WithdrawalKeeper({ file, folder, register, log })
  return { sentinel, keeper, text }
}

function readAgain(): readonly RegisterEntry[] {
  const read = readRegister(readFileSync(path.join(folder, file), 'utf8'))
  return read.kind === 'read' ? read.entries : []
}

describe('WithdrawalKeeper', () => {
  test('writes what is taken out of trading into the register, once', () => {
    const { keeper, sentinel } = scene()

    expect(keeper.take(sentinel.withdrawals, now).map(({ id }) => id)).toEqual(['p-1'])
    expect(keeper.take(sentinel.withdrawals, now)).toEqual([])

    expect(readAgain().map(({ id, withdrawn }) => [id, withdrawn])).toEqual([
      ['p-1', { at: now, because: 'rules-changed: polymarket rain' }],
      ['p-2', undefined],
    ])
    expect(errors).toEqual(['a pair was taken out of trading'])
  })

  test('what the register says itself is no news', () => {
    const { keeper, sentinel } = scene()
    keeper.take(sentinel.withdrawals, now)
    const register = readAgain()
    const next = new WithdrawalKeeper({ file, folder, register, log })

    expect(next.take(new Sentinel(register).withdrawals, now)).toEqual([])
  })

  test('a pair that somebody has confirmed anew meanwhile stays confirmed', () => {
    const { keeper, sentinel, text } = scene()
    const later = (confirmedAt + 1_000) as EpochMs
    writeFileSync(path.join(folder, file), writeEntry(text, entryOf('p-1', later)))

    expect(keeper.take(sentinel.withdrawals, now)).toHaveLength(1)

    expect(readAgain().map(({ withdrawn }) => withdrawn)).toEqual([undefined, undefined])
  })

  test('a register that cannot be read is said, and the pair is told of all the same', () => {
    const { keeper, sentinel } = scene()
    writeFileSync(path.join(folder, file), 'propositions: [oh no]\n')

    expect(keeper.take(sentinel.withdrawals, now)).toHaveLength(1)
    expect(errors).toContain('the register could not be written')
  })
})
