import { describe, expect, test } from 'vitest'
import type { TwoVenuesOptions, YesBook } from '../../../test/propositions/two-venues.ts'
import {
  anyProfit,
  kalshiFee,
  nowMs,
  polymarketFee,
  rainMarket,
  sameRain,
  TwoVenues,
} from '../../../test/propositions/two-venues.ts'
import type { RelationEntry } from '../../arbitrage/relation-entry.ts'
import type { MarketId } from '../../core/market.ts'
import type { Proposition } from '../../core/proposition.ts'
import type { EpochMs, MicroShares, MicroUsd, Ppm } from '../../core/units.ts'
import { crossVenueDefaults } from './cross-venue.ts'

/** YES for 46 cents here; there somebody pays 49 for YES, so NO costs 51: 97 together. */
const cheapHere: readonly [YesBook, YesBook] = [
  { bids: [[4_500, 100]], asks: [[4_600, 100]] },
  { bids: [[4_900, 100]], asks: [[5_000, 100]] },
]
/** Cheap only if the two are the same: as a complement every basket costs more than a dollar. */
const onlyCheapAsSame: readonly [YesBook, YesBook] = [
  cheapHere[0],
  { bids: [[4_900, 100]], asks: [[5_500, 100]] },
]
/** The same the other way round: NO here for 51, YES there for 46. */
const cheapThere: readonly [YesBook, YesBook] = [cheapHere[1], cheapHere[0]]

describe('cross-venue', () => {
  // Kalshi aligns the money of a fraction of a contract even without a fee: 504 micro-dollars at
  // most.
  test('buys YES here and NO there for 97 cents, equal shares, and proves it in both states', () => {
    const decision = new TwoVenues({ books: cheapHere }).evaluate()

    expect(decision).toMatchObject({
      kind: 'signal',
      strategy: 'cross-venue',
      edge: 2_999_496,
      realisation: 'settlement',
      legs: [
        { venue: 'polymarket', outcome: 'yes', limit: 4_600, size: 100_000_000 },
        { venue: 'kalshi', outcome: 'no', limit: 5_100, size: 100_000_000 },
      ],
    })
    if (decision.kind !== 'signal') return
    expect(decision.certificate?.states.map(({ profit }) => profit)).toEqual([2_999_496, 2_999_496])
    expect(decision.certificate?.assumptions).toEqual([
      'both settle alike (assumed: proposition p-rain, "Will it rain?": confirmed by Ann on 2026-11-25)',
    ])
  })

  test('buys the other way round when that is cheap', () => {
    expect(new TwoVenues({ books: cheapThere }).answer()).toEqual(['no', 'yes'])
  })

  test('sees it whichever of the two books has changed', () => {
    const scene = new TwoVenues({ books: [cheapHere[0], {}] })
    expect(scene.answer(0)).toBe('no-edge')

    scene.setBook(1, cheapHere[1])

    expect(scene.answer(1)).toEqual(['yes', 'no'])
  })

  test.each<[string, Partial<Proposition>, readonly [YesBook, YesBook], unknown]>([
    [
      'a complement: YES and YES',
      { orientation: 'complement' },
      [{ asks: [[4_600, 9]] }, { asks: [[5_100, 9]] }],
      ['yes', 'yes'],
    ],
    [
      'a complement: NO and NO',
      { orientation: 'complement' },
      [{ bids: [[5_400, 9]] }, { bids: [[4_900, 9]] }],
      ['no', 'no'],
    ],
    ['a complement never as the same', { orientation: 'complement' }, onlyCheapAsSame, 'no-edge'],
    [
      'the first never more: NO here, YES there',
      { holds: 'first-never-more' },
      cheapThere,
      ['no', 'yes'],
    ],
    ['the first never more: not the reverse', { holds: 'first-never-more' }, cheapHere, 'no-edge'],
    [
      'the second never more: NO there, YES here',
      { holds: 'second-never-more' },
      cheapHere,
      ['no', 'yes'],
    ],
    [
      'the second never more: not the reverse',
      { holds: 'second-never-more' },
      cheapThere,
      'no-edge',
    ],
    [
      'at most one of them: NO and NO',
      { orientation: 'complement', holds: 'first-never-more' },
      [{ bids: [[5_400, 9]] }, { bids: [[4_900, 9]] }],
      ['no', 'no'],
    ],
    [
      'at most one of them: not YES and YES',
      { orientation: 'complement', holds: 'first-never-more' },
      [{ asks: [[4_600, 9]] }, { asks: [[5_100, 9]] }],
      'no-edge',
    ],
    [
      'at least one of them: YES and YES',
      { orientation: 'complement', holds: 'second-never-more' },
      [{ asks: [[4_600, 9]] }, { asks: [[5_100, 9]] }],
      ['yes', 'yes'],
    ],
    [
      'at least one of them: not NO and NO',
      { orientation: 'complement', holds: 'second-never-more' },
      [{ bids: [[5_400, 9]] }, { bids: [[4_900, 9]] }],
      'no-edge',
    ],
  ])('trades %s', (_, facts, books, want) => {
    expect(new TwoVenues({ proposition: { ...sameRain, ...facts }, books }).answer()).toEqual(want)
  })

  test.each<[string, TwoVenuesOptions, string]>([
    ['nobody has confirmed it', { proposition: undefined }, 'not-confirmed'],
    [
      'another pair was confirmed',
      {
        proposition: { ...sameRain, second: { ...sameRain.second, market: 'KXSNOW' as MarketId } },
      },
      'not-confirmed',
    ],
    [
      'one market is paused',
      { markets: [rainMarket('polymarket'), rainMarket('kalshi', { status: 'paused' })] },
      'not-confirmed',
    ],
    [
      'a fee is not known',
      {
        markets: [
          rainMarket('polymarket'),
          rainMarket('kalshi', { fee: { kind: 'unknown', reason: 'x' } }),
        ],
      },
      'not-confirmed',
    ],
    [
      'the fees of both eat it',
      {
        markets: [
          rainMarket('polymarket', { fee: polymarketFee(70_000) }),
          rainMarket('kalshi', { fee: kalshiFee(70_000) }),
        ],
      },
      'no-edge',
    ],
    ['it earns less than asked', { config: { ...anyProfit, edgeMin: 40_000 as Ppm } }, 'no-edge'],
    [
      'it is smaller than asked',
      { config: { ...anyProfit, sizeMin: 101_000_000 as MicroShares } },
      'too-small',
    ],
    [
      'the lock-up costs more than it earns',
      {
        config: { ...anyProfit, hurdlePerYear: 100_000 as Ppm },
        markets: [
          rainMarket('polymarket', { closesAt: (nowMs + 300 * 86_400_000) as EpochMs }),
          rainMarket('kalshi', { closesAt: (nowMs + 900 * 86_400_000) as EpochMs }),
        ],
      },
      'no-edge',
    ],
  ])('passes when %s', (_, options, reason) => {
    expect(new TwoVenues({ books: cheapHere, ...options }).answer()).toBe(reason)
  })

  test('charges the lock-up until the earlier close, when the fact is known', () => {
    const scene = new TwoVenues({
      books: cheapHere,
      config: { ...anyProfit, hurdlePerYear: 100_000 as Ppm },
      markets: [
        rainMarket('polymarket', { closesAt: (nowMs + 5 * 86_400_000) as EpochMs }),
        rainMarket('kalshi', { closesAt: (nowMs + 900 * 86_400_000) as EpochMs }),
      ],
    })

    expect(scene.answer()).toEqual(['yes', 'no'])
  })

  test('leaves alone what only a relations file says: nobody has read the rules of both', () => {
    const said: RelationEntry = {
      kind: 'same',
      members: [
        { venue: 'polymarket', name: '0xrain' },
        { venue: 'kalshi', name: 'KXRAIN' },
      ],
      because: 'somebody thinks so',
      line: 1,
    }
    const snow = { ...sameRain, second: { ...sameRain.second, market: 'KXSNOW' as MarketId } }
    const scene = new TwoVenues({ books: cheapHere, proposition: snow, alsoSaid: [said] })

    expect(scene.registry.groupsOf(scene.catalogue.markets(), []).byId.size).toBe(1)
    expect(scene.answer()).toBe('not-confirmed')
  })

  test('spends no more at either venue than is there, and buys as much of both', () => {
    const config = { ...anyProfit, spendMax: 10_000_000 as MicroUsd }

    const decision = new TwoVenues({ books: cheapHere, config }).evaluate()

    // Ten dollars buy 19.6 shares at 51 cents; the leg at 46 cents is cut down to that.
    expect(decision).toMatchObject({ legs: [{ size: 19_600_000 }, { size: 19_600_000 }] })
  })

  test('takes no more than the shallower book holds, and stops where the next level costs a dollar', () => {
    const books: readonly [YesBook, YesBook] = [
      {
        asks: [
          [4_600, 30],
          [4_800, 30],
          [4_950, 500],
        ],
      },
      {
        bids: [
          [4_900, 45],
          [4_850, 100],
        ],
      },
    ]

    const decision = new TwoVenues({ books }).evaluate()

    // 60 shares: the third level of the one and the second of the other cost 101 cents together.
    expect(decision).toMatchObject({
      legs: [
        { size: 60_000_000, limit: 4_800 },
        { size: 60_000_000, limit: 5_150 },
      ],
    })
  })

  test.each([
    'rules-changed',
    'source-changed',
    'dates-moved',
    'prices-apart',
    'settled-apart',
  ] as const)('is silent once the pair is withdrawn: %s', (reason) => {
    const scene = new TwoVenues({ books: cheapHere })
    expect(scene.answer()).toEqual(['yes', 'no'])

    scene.watch.withdraw(reason)

    expect(scene.answer()).toBe(`withdrawn-${reason}`)
    scene.list()
    expect(scene.answer()).toBe('not-confirmed')
    expect([...scene.registry.groupsOf(scene.catalogue.markets(), []).byId]).toEqual([])
  })

  test.each<[string, (scene: TwoVenues) => void, string, string]>([
    ['torn', ({ entries }) => entries[1].yes.book.markTorn(), 'torn', 'TORN'],
    ['broken', ({ entries }) => entries[1].yes.book.mark('broken'), 'broken', 'BROKEN'],
    ['unproven', ({ entries }) => entries[1].yes.book.mark('unproven'), 'unproven', 'UNPROVEN'],
    ['silent', ({ entries, stale }) => stale.add(entries[1]), 'stale', 'STALE'],
    [
      'not what the venue has',
      ({ entries, lying }) => lying.add(entries[1]),
      'unproven',
      'UNPROVEN',
    ],
  ])('counts a phantom and passes when a book is %s', (_, spoil, reason, cause) => {
    const scene = new TwoVenues({ books: cheapHere })

    spoil(scene)

    expect(scene.answer()).toBe(reason)
    expect(scene.phantoms).toEqual([cause])
  })

  test('tells the watch how far apart the prices are, and only of markets with a price', () => {
    const scene = new TwoVenues({ books: cheapHere })
    scene.evaluate()
    scene.setBook(1, { bids: [[2_000, 9]], asks: [[9_000, 9]] })
    scene.evaluate(1)
    scene.setBook(1, { bids: [[2_000, 9]] })
    scene.evaluate(1)

    // 45.5 against 49.5 cents.
    expect(scene.watch.gaps).toEqual([400])
  })

  test('tells the watch of the wrong order only, where one may be worth less', () => {
    const gapOf = (holds: Proposition['holds']): number[] => {
      const scene = new TwoVenues({ books: cheapHere, proposition: { ...sameRain, holds } })
      scene.evaluate()
      return scene.watch.gaps
    }

    expect(gapOf('first-never-more')).toEqual([0])
    expect(gapOf('second-never-more')).toEqual([400])
  })

  test('asks by default for a cent in the dollar, five shares and a tenth by the year', () => {
    expect(crossVenueDefaults).toEqual({
      edgeMin: 10_000,
      hurdlePerYear: 100_000,
      sizeMin: 5_000_000,
      spendMax: 100_000_000,
    })
  })
})
