import { describe, expect, test } from 'vitest'
import type { Market, OutcomeSetId, Strike } from '../core/market.ts'
import { unknownClaim } from '../core/outcome-set.ts'
import type { EpochMs } from '../core/units.ts'
import { buildGroups } from './build-groups.ts'
import { nowMs, smallFee, smallMarket, smallSet } from './fixtures/small-market.ts'
import { GroupRegistry } from './group-registry.ts'
import { strikeOf, withoutStrike } from './read-strike.ts'
import type { MarketName, RelationEntry } from './relation-entry.ts'

const day = 86_400_000
const rules = 'Resolves to "Yes" if the price is higher than the price in the title at noon.'

function threshold(bound: string, facts: Partial<Market> = {}): Market {
  return smallMarket(`above-${bound}`, {
    question: `Will Ether be above $${bound} on Friday?`,
    rules,
    set: 'ether-above' as OutcomeSetId,
    ...facts,
  })
}

function named(name: string): MarketName {
  return { venue: 'polymarket', name }
}

function statesOf(group: {
  states: readonly { name: string; yes: readonly number[] }[] | undefined
}): readonly string[] {
  return (group.states ?? []).map(({ yes }) => yes.map((value) => value / 1_000_000).join(''))
}

describe('the strike of a market', () => {
  test.each<{ question: string; want: Strike | undefined }>([
    {
      question: 'Will Bitcoin be above $56,000?',
      want: { kind: 'above', floor: '56000', cap: undefined },
    },
    {
      question: 'Over 180.5 points scored',
      want: { kind: 'above', floor: '180.5', cap: undefined },
    },
    { question: 'Will it be <2,800?', want: { kind: 'below', floor: undefined, cap: '2800' } },
    { question: 'Andrew: 5+ total bases', want: { kind: 'at-least', floor: '5', cap: undefined } },
    { question: 'No more than 5 cuts?', want: { kind: 'at-most', floor: undefined, cap: '5' } },
    { question: 'Between 10 and 20 days?', want: { kind: 'between', floor: '10', cap: '20' } },
    { question: 'Will it be 58-61°F?', want: { kind: 'between', floor: '58', cap: '61' } },
    { question: 'Will it be above $900k?', want: undefined },
    { question: 'Will it be above $1 million?', want: undefined },
    { question: 'Will it rain by 2026-11-22?', want: undefined },
    { question: 'Above 3 and below 5?', want: undefined },
    { question: 'Will Ann win?', want: undefined },
  ])('of "$question" is read as $want', ({ question, want }) => {
    expect(strikeOf(smallMarket('m', { question }))).toEqual(want)
  })

  test('is what the venue states, where it does', () => {
    const strike = { kind: 'at-least', floor: '7', cap: undefined } as const

    expect(strikeOf(smallMarket('m', { question: 'above 5?', strike }))).toEqual(strike)
  })

  test.each([
    { text: 'If Kay records 3+ strikeouts', floor: '2.5', want: 'if kay records # strikeouts' },
    { text: 'more than 2.5 runs on Aug 3', floor: '2.5', want: 'more than # runs on aug 3' },
    { text: 'above $100,000 or 100000.00', floor: '100000', want: 'above # or #' },
    { text: 'above 20 on Aug 20, 2026', floor: '20', want: 'above # on aug #, 2026' },
    { text: 'above 2005', floor: '20', want: 'above 2005' },
  ])('leaves "$want" of "$text"', ({ text, floor, want }) => {
    expect(withoutStrike(text, { kind: 'above', floor, cap: undefined })).toBe(want)
  })
})

describe('a ladder', () => {
  const laddersIn = (markets: readonly Market[]): readonly (readonly string[])[] =>
    [...buildGroups({ markets, sets: [], entries: [] }).byId.values()]
      .filter(({ facts }) => facts.shape === 'ladder')
      .map(({ members }) => members.map(({ id }) => id))

  test('is made of markets that differ in nothing but their number, in its order', () => {
    const markets = [threshold('3,000'), threshold('2,800'), threshold('10,000')]

    expect(laddersIn(markets)).toEqual([['above-2,800', 'above-3,000', 'above-10,000']])
  })

  test.each<{ name: string; facts: Partial<Market> }>([
    { name: 'another source', facts: { resolutionSource: 'elsewhere' } },
    { name: 'another hour', facts: { closesAt: (nowMs + 3_600_000) as EpochMs } },
    { name: 'other rules', facts: { rules: `${rules} Early, if it is touched.` } },
    { name: 'no rules', facts: { rules: '' } },
    { name: 'another question', facts: { question: 'Will Bitcoin be above $3,000 on Friday?' } },
    { name: 'a fee that is not known', facts: { fee: { kind: 'unknown', reason: '' } } },
    { name: 'a market that has closed', facts: { status: 'closed' } },
  ])('is not made with $name', ({ facts }) => {
    expect(laddersIn([threshold('2,800'), threshold('3,000', facts)])).toEqual([])
  })

  test('is not made where two markets ask the same of the same number', () => {
    const twin = threshold('3,000', { id: 'twin' as Market['id'] })

    expect(laddersIn([threshold('2,800'), threshold('3,000'), twin])).toEqual([])
  })

  test('has a state for each stretch between its strikes', () => {
    const { byId } = buildGroups({
      markets: [threshold('2,800'), threshold('3,000')],
      sets: [],
      entries: [],
    })

    expect([...byId.values()].map(statesOf)).toEqual([['00', '10', '11']])
  })

  test('is made of deadlines that differ in nothing but their date', () => {
    const until = (text: string, days: number): Market =>
      smallMarket(text, {
        question: `Treaty signed by ${text}?`,
        rules: `Resolves to "Yes" if it is signed by ${text}, 11:59 PM ET.`,
        closesAt: (nowMs + days * day) as EpochMs,
      })
    const markets = [until('June 30, 2027', 180), until('March 31, 2027', 90)]

    expect(laddersIn(markets)).toEqual([['March 31, 2027', 'June 30, 2027']])
    expect(laddersIn([until('June 30, 2027', 80), until('March 31, 2027', 90)])).toEqual([])
  })
})

describe('what people say', () => {
  const because = 'it stands to reason'
  const markets = [
    smallMarket('final'),
    smallMarket('title'),
    smallMarket('ann'),
    smallMarket('bob'),
  ]

  function build(
    entries: readonly RelationEntry[],
    sets: Parameters<typeof buildGroups>[0]['sets'] = [],
  ): ReturnType<typeof buildGroups> {
    return buildGroups({ markets, sets, entries })
  }

  test('makes a pair of what implies and what is implied', () => {
    const entry: RelationEntry = {
      kind: 'implies',
      premise: named('title'),
      conclusion: named('final'),
      because,
      line: 3,
    }

    const groups = [...build([entry]).byId.values()]

    expect(groups.map(({ facts }) => facts.shape)).toEqual(['pair'])
    expect(groups.map(statesOf)).toEqual([['00', '01', '11']])
    expect(groups[0]?.assumptions).toEqual([
      'the first cannot win without the second (assumed: it stands to reason)',
    ])
  })

  test('ties two sets into one group', () => {
    const first = smallSet([smallMarket('ann'), smallMarket('bob')])
    const second = smallSet([smallMarket('final'), smallMarket('title')], {
      id: 'other' as OutcomeSetId,
    })
    const entry: RelationEntry = {
      kind: 'same',
      members: [named('ann'), named('final')],
      because,
      line: 1,
    }

    const linked = [...build([entry], [first, second]).byId.values()].filter(
      ({ facts }) => facts.shape === 'linked',
    )

    expect(linked.map(({ members }) => members.map(({ id }) => id))).toEqual([
      ['ann', 'bob', 'final', 'title'],
    ])
    expect(linked.map(statesOf)).toEqual([['0101', '1010']])
  })

  test('makes a set exhaustive that its venue does not vouch for', () => {
    const set = smallSet([smallMarket('ann'), smallMarket('bob')], { exhaustive: unknownClaim })
    const entry: RelationEntry = {
      kind: 'set',
      set: named('who-wins'),
      exclusive: false,
      exhaustive: true,
      because,
      line: 1,
    }
    const isExhaustive = (entries: readonly RelationEntry[]): boolean[] =>
      [...build(entries, [set]).byId.values()].map(({ facts }) => facts.exhaustive)

    expect([isExhaustive([]), isExhaustive([entry])]).toEqual([[false], [true]])
  })

  test('puts ranges and thresholds on one line', () => {
    const range = smallMarket('range', { question: 'Will Ether be 2,800-3,000 on Friday?' })
    const all = [threshold('2,800'), threshold('3,000'), range]
    const sets = [
      smallSet(all.slice(0, 2), {
        id: 'a' as OutcomeSetId,
        slug: 'above',
        exclusive: unknownClaim,
      }),
      smallSet([range], { id: 'b' as OutcomeSetId, slug: 'ranges' }),
    ]
    const entry: RelationEntry = {
      kind: 'line',
      subject: 'Ether at noon on Friday',
      sets: [named('above'), named('ranges')],
      strikes: [],
      included: { floor: false, cap: true },
      because,
      line: 1,
    }

    const { byId } = buildGroups({ markets: all, sets, entries: [entry] })
    const line = [...byId.values()].find(({ id }) => id.startsWith('line:'))

    expect(line && statesOf(line)).toEqual(['000', '101', '110'])
  })

  test('waits, with its line, where a market it names is not there', () => {
    const entry: RelationEntry = {
      kind: 'implies',
      premise: named('nobody'),
      conclusion: named('final'),
      because,
      line: 7,
    }

    const { byId, unresolved } = build([entry])

    expect([byId.size, unresolved.map(({ line }) => line)]).toEqual([0, [7]])
  })
})

describe('the registry', () => {
  test('keeps a group as it is while its markets stay, and makes it anew when one changes', () => {
    const markets = [smallMarket('ann'), smallMarket('bob'), smallMarket('cid')]
    const sets = [smallSet(markets)]
    const registry = new GroupRegistry([])
    const first = registry.groupsOf(markets, sets)

    const again = registry.groupsOf(markets, sets)
    const other = smallMarket('dan', { set: undefined })
    const wider = registry.groupsOf([...markets, other], sets)
    const dearer = markets.map((market, index) =>
      index === 0 ? { ...market, fee: smallFee(70_000) } : market,
    )
    const changed = registry.groupsOf(dearer, sets)

    const id = 'polymarket:set'
    expect(again).toBe(first)
    expect(wider.byId.get(id)).toBe(first.byId.get(id))
    expect(changed.byId.get(id)).not.toBe(first.byId.get(id))
  })

  test('drops a group when its last but one member has lost', () => {
    const markets = [smallMarket('ann'), smallMarket('bob')]
    const registry = new GroupRegistry([])
    const lost: Market = {
      ...markets[0],
      ...smallMarket('ann', { resolution: { yesValue: 0 as never } }),
    }

    registry.groupsOf(markets, [smallSet(markets)])
    const { byId, refusals } = registry.groupsOf([lost, ...markets.slice(1)], [smallSet(markets)])

    expect([byId.size, refusals.get('too-few-members')]).toEqual([0, 1])
  })
})
