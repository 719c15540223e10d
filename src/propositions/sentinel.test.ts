import { describe, expect, test } from 'vitest'
import { marketOf } from '../../test/engine/market-of.ts'
import type { Market, MarketId } from '../core/market.ts'
import type { PropositionId } from '../core/proposition.ts'
import type { EpochMs, Ppm, Ticks } from '../core/units.ts'
import { listingOf } from './listing.ts'
import type { ConfirmedMarket, RegisterEntry } from './register.ts'
import { hashRules } from './rule-hash.ts'
import { Sentinel, sentinelDefaults } from './sentinel.ts'

const id = 'p-1' as PropositionId
const day = 86_400_000
const closesAt = Date.UTC(2027, 0, 1) as EpochMs

const here = marketOf('rain', { rules: 'It must rain.', resolutionSource: 'NWS', closesAt })
const there = marketOf('KXRAIN', {
  venue: 'kalshi',
  rules: 'If it rains, Yes.',
  resolutionSource: 'NWS',
  closesAt,
})

function confirmed(market: Market): ConfirmedMarket {
  const { rules, source } = hashRules(listingOf(market, undefined))
  return { market: market.id, slug: market.slug, rulesHash: rules, sourceHash: source, closesAt }
}

function entryOf(facts: Partial<RegisterEntry> = {}): RegisterEntry {
  return {
    id,
    title: 'Rain?',
    polymarket: confirmed(here),
    kalshi: confirmed(there),
    orientation: 'same',
    lesser: undefined,
    verdict: 'same',
    allow: [],
    by: 'Ann',
    at: 0 as EpochMs,
    note: undefined,
    withdrawn: undefined,
    line: 1,
    ...facts,
  }
}

function settled(market: Market, yesValue: number): Market {
  return { ...market, status: 'resolved', resolution: { yesValue: yesValue as Ppm } }
}

describe('the sentinel', () => {
  test('lets a pair trade while both markets are as they were read', () => {
    const sentinel = new Sentinel([entryOf()])

    sentinel.onMarkets([here, there])
    sentinel.onMarkets([{ ...here, rules: 'It  must\nrain. ' }, there])

    expect(sentinel.withdrawn(id)).toBeUndefined()
    expect(sentinel.version).toBe(0)
  })

  test.each<[string, readonly Market[], string]>([
    ['a rule is edited', [{ ...here, rules: 'It must rain or snow.' }, there], 'rules-changed'],
    ['a question is edited', [here, { ...there, question: 'Will it snow?' }], 'rules-changed'],
    [
      'a strike moves',
      [here, { ...there, strike: { kind: 'above', floor: '2', cap: undefined } }],
      'rules-changed',
    ],
    [
      'a source is replaced',
      [{ ...here, resolutionSource: 'AccuWeather' }, there],
      'source-changed',
    ],
    [
      'a close moves by days',
      [here, { ...there, closesAt: (closesAt + 3 * day) as EpochMs }],
      'dates-moved',
    ],
    ['a close is no longer given', [{ ...here, closesAt: undefined }, there], 'dates-moved'],
    ['they settle apart', [settled(here, 1_000_000), settled(there, 0)], 'settled-apart'],
    ['one settles half', [settled(here, 500_000), settled(there, 0)], 'settled-apart'],
  ])('withdraws it when %s', (_, markets, reason) => {
    const sentinel = new Sentinel([entryOf()])

    sentinel.onMarkets(markets)

    expect(sentinel.withdrawn(id)).toBe(reason)
    expect(sentinel.version).toBe(1)
  })

  test.each<[string, readonly Market[], Partial<RegisterEntry>]>([
    ['a close moves by hours', [here, { ...there, closesAt: (closesAt + day) as EpochMs }], {}],
    ['a market is not listed for a while', [here], {}],
    [
      'an ended market gets its true close',
      [{ ...here, status: 'closed', closesAt: (closesAt - 30 * day) as EpochMs }, there],
      {},
    ],
    ['both settle alike', [settled(here, 0), settled(there, 0)], {}],
    [
      'a complement settles as one',
      [settled(here, 0), settled(there, 1_000_000)],
      { orientation: 'complement' },
    ],
    [
      'the lesser side pays less',
      [settled(here, 0), settled(there, 1_000_000)],
      { lesser: 'polymarket' },
    ],
  ])('lets it trade when %s', (_, markets, facts) => {
    const sentinel = new Sentinel([entryOf(facts)])

    sentinel.onMarkets(markets)

    expect(sentinel.withdrawn(id)).toBeUndefined()
  })

  test('withdraws it when the prices stay apart for too long, and not for a moment', () => {
    const { gapMax, gapMsMax } = sentinelDefaults
    const wide = (gapMax + 1) as Ticks
    const at = (ms: number): EpochMs => ms as EpochMs
    const sentinel = new Sentinel([entryOf()])

    sentinel.onGap(id, wide, at(0))
    sentinel.onGap(id, gapMax, at(gapMsMax))
    sentinel.onGap(id, wide, at(gapMsMax + 1))
    sentinel.onGap(id, wide, at(2 * gapMsMax + 1))
    expect(sentinel.withdrawn(id)).toBeUndefined()

    sentinel.onGap(id, wide, at(2 * gapMsMax + 2))
    expect(sentinel.withdrawn(id)).toBe('prices-apart')
  })

  test('keeps a pair out once it is out, for the reason it went, even when all is as before', () => {
    const sentinel = new Sentinel([entryOf()])

    sentinel.onMarkets([{ ...here, rules: 'Else.' }, there])
    sentinel.onMarkets([{ ...here, resolutionSource: 'Somebody else' }, there])
    sentinel.onMarkets([here, there])

    expect(sentinel.withdrawn(id)).toBe('rules-changed')
    expect(sentinel.withdrawals).toEqual([
      { id, reason: 'rules-changed', detail: 'polymarket rain' },
    ])
  })

  test('knows no pair that is not in the register, and none that was taken out of it', () => {
    const gone = entryOf({ withdrawn: { at: 0 as EpochMs, because: 'Ann said so' } })

    expect(new Sentinel([gone]).withdrawn(id)).toBe('withdrawn-by-hand')
    expect(new Sentinel([]).withdrawn(id)).toBe('withdrawn-by-hand')
  })

  test('looks at the markets of its own pairs only', () => {
    const sentinel = new Sentinel([entryOf()])

    sentinel.onMarkets([
      here,
      there,
      marketOf('other', { rules: 'Else.' }),
      { ...here, id: 'x' as MarketId },
    ])

    expect(sentinel.withdrawn(id)).toBeUndefined()
  })
})
