import { describe, expect, test } from 'vitest'
import { feeOf, marketOf, setOf } from '../../../test/engine/market-of.ts'
import { Scene } from '../../../test/engine/scene.ts'
import type { Market, OutcomeSetId } from '../../core/market.ts'
import type { OutcomeSet } from '../../core/outcome-set.ts'
import { unknownClaim } from '../../core/outcome-set.ts'
import { uniformGrid } from '../../core/price-grid.ts'
import type { Ticks } from '../../core/units.ts'
import { OutcomeBasket, outcomeBasketDefaults } from './outcome-basket.ts'

const names = ['ann', 'bob', 'cid']
/** Prices in tenths of a cent. */
const tenths = { grid: uniformGrid(10 as Ticks) }

function memberOf(name: string, facts: Partial<Market> = {}): Market {
  return marketOf(name, { set: 'winner' as OutcomeSetId, ...facts })
}

type Given = {
  readonly asks?: readonly string[]
  readonly depth?: string
  readonly facts?: Partial<Market>
  readonly set?: Partial<OutcomeSet>
}

/** One question with three answers; `asks` are what a YES of each costs. */
function sceneOf({
  asks = ['0.40', '0.35', '0.22'],
  depth = '100',
  facts,
  set,
}: Given = {}): Scene {
  const scene = new Scene({
    strategies: [new OutcomeBasket(outcomeBasketDefaults)],
    markets: names.map((name) => memberOf(name, { bookKind: 'mirrored', ...facts })),
    sets: [setOf('winner', names, set)],
  })
  scene.frame(...names.map((name, index) => `book ${name}-yes / ${asks[index]}x${depth}`))
  return scene
}

function passes(scene: Scene): string[] {
  return [...scene.metrics.values.keys()]
    .filter((key) => key.startsWith('strategy_passes_total{strategy=outcome-basket'))
    .map((key) => key.replace(/.*reason=(.*)}/, '$1'))
}

describe('outcome-basket', () => {
  test('buys a dollar that is sold for 97 cents, and proves it in every state', () => {
    const scene = sceneOf()

    const [noted] = scene.of('note-signal')

    expect(noted?.approved).toBe(true)
    expect(noted?.signal.realisation).toBe('settlement')
    expect(
      noted?.signal.legs.map(({ instrument, limit, size }) => [instrument, limit, size]),
    ).toEqual([
      ['ann-yes', 4_000, 100_000_000],
      ['bob-yes', 3_500, 100_000_000],
      ['cid-yes', 2_200, 100_000_000],
    ])
    expect(noted?.signal.certificate?.states.map(({ profit }) => profit)).toEqual([
      3_000_000, 3_000_000, 3_000_000,
    ])
  })

  test('earns what it proved when one of them wins', () => {
    const scene = sceneOf()
    scene.wait(20)
    expect(scene.engine.view.positions()).toHaveLength(3)

    scene.frame('resolve ann 0', 'resolve bob 1000000', 'resolve cid 0')

    expect(scene.engine.view.realised).toBe(3_000_000)
    expect(scene.engine.view.positions()).toEqual([])
    expect(scene.engine.view.ledgerBalanced).toBe(true)
  })

  test.each<{ name: string; given: Given; want: string }>([
    { name: 'at exactly a dollar', given: { asks: ['0.40', '0.35', '0.25'] }, want: 'no-edge' },
    {
      name: 'when it earns too little',
      given: { asks: ['0.40', '0.35', '0.245'], facts: tenths },
      want: 'thin-edge',
    },
    {
      name: 'when it earns enough of what it costs and not of what it pays',
      given: { asks: ['0.40', '0.35', '0.24'], facts: { fee: feeOf(100) } },
      want: 'thin-edge',
    },
    { name: 'when fees eat it', given: { facts: { fee: feeOf(40_000) } }, want: 'thin-edge' },
    { name: 'when fees eat all of it', given: { facts: { fee: feeOf(70_000) } }, want: 'no-edge' },
    { name: 'when there is too little to buy', given: { depth: '4' }, want: 'too-small' },
    {
      name: 'when all may lose',
      given: { set: { exhaustive: unknownClaim } },
      want: 'not-exhaustive',
    },
    {
      name: 'when two may win, which a proof of the set would have to exclude',
      given: { set: { exclusive: unknownClaim } },
      want: 'not-exclusive',
    },
    {
      name: 'when a member is still to be named',
      given: { set: { members: membersOf('placeholder') } },
      want: 'not-exhaustive',
    },
    {
      name: 'when a member cannot be bought',
      given: { set: { members: membersOf('closed') } },
      want: 'not-exhaustive',
    },
  ])('passes $name', ({ given, want }) => {
    const scene = sceneOf(given)

    expect(scene.of('note-signal')).toEqual([])
    expect(passes(scene)).toContain(want)
  })

  test('passes when a member of the set is not listed', () => {
    const scene = new Scene({
      strategies: [new OutcomeBasket(outcomeBasketDefaults)],
      markets: ['ann', 'bob'].map((name) => memberOf(name)),
      sets: [setOf('winner', names)],
    })

    scene.frame('book ann-yes / 0.40x100', 'book bob-yes / 0.35x100')

    expect(passes(scene)).toEqual(['not-exhaustive'])
  })

  test('a leg without a price is a dollar, however cheap the others are', () => {
    const scene = sceneOf({ asks: ['0.01', '0.01', '0.01'] })
    expect(scene.of('note-signal')).toHaveLength(1)

    const without = new Scene({
      strategies: [new OutcomeBasket(outcomeBasketDefaults)],
      markets: names.map((name) => memberOf(name)),
      sets: [setOf('winner', names)],
    })
    without.frame('book ann-yes / 0.01x100', 'book bob-yes / 0.01x100', 'book cid-yes 0.01x100')

    expect(passes(without)).toEqual(['no-edge'])
  })
})

describe('outcome-basket does not trade on what may not be believed', () => {
  /** Two of the three books are in; the third makes the edge when all may be believed. */
  function almost(): Scene {
    const scene = new Scene({
      strategies: [new OutcomeBasket(outcomeBasketDefaults)],
      markets: names.map((name) => memberOf(name)),
      sets: [setOf('winner', names)],
    })
    scene.frame('book ann-yes / 0.40x100', 'book bob-yes / 0.50x100', 'book cid-yes / 0.22x100')
    return scene
  }

  test.each([
    { name: 'a torn leg', deed: 'tear cid-yes', cause: 'TORN' },
    { name: 'a broken leg', deed: 'break cid-yes', cause: 'BROKEN' },
    { name: 'an unproven leg', deed: 'unprove cid-yes', cause: 'UNPROVEN' },
    { name: 'a leg that fails its proof at that moment', deed: 'lie cid-yes', cause: 'UNPROVEN' },
    { name: 'a crossed leg', deed: 'bid cid-yes 0.30 5', cause: 'CROSSED' },
  ])('$name is a phantom', ({ deed, cause }) => {
    const scene = almost()

    scene.frame(deed)
    scene.frame('ask bob-yes 0.35 100')

    expect(scene.of('note-signal')).toEqual([])
    expect(scene.count(`phantoms_total{strategy=outcome-basket,cause=${cause}}`)).toBe(1)
  })

  test('a leg whose feed is silent is a phantom', () => {
    const scene = almost()
    scene.frameOn(7, 'book cid-yes / 0.22x100')

    scene.silence(400)
    scene.frame('ask bob-yes 0.35 100')

    expect(scene.of('note-signal')).toEqual([])
    expect(scene.count('phantoms_total{strategy=outcome-basket,cause=STALE}')).toBe(1)
  })

  test('passes while a leg is paused', () => {
    const scene = almost()
    scene.frame('pause cid')

    scene.frame('ask bob-yes 0.35 100')
    expect(scene.of('note-signal')).toEqual([])
    expect(passes(scene)).toContain('not-open')

    scene.frame('reopen cid')
    scene.frame('ask bob-yes 0.35 99')
    expect(scene.of('note-signal')).toHaveLength(1)
  })

  test('what is believed again is traded', () => {
    const scene = almost()
    scene.frame('break cid-yes')
    scene.frame('ask bob-yes 0.35 100')

    scene.frame('book cid-yes / 0.22x100')

    expect(scene.of('note-signal')).toHaveLength(1)
  })
})

function membersOf(odd: 'placeholder' | 'closed'): OutcomeSet['members'] {
  return setOf('winner', names).members.map((member, index) => {
    if (index < 2) return member
    return odd === 'closed' ? { ...member, tradable: false } : { ...member, role: 'placeholder' }
  })
}
