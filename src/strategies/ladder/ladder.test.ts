import { describe, expect, test } from 'vitest'
import { feeOf, marketOf } from '../../../test/engine/market-of.ts'
import { Scene } from '../../../test/engine/scene.ts'
import { GroupRegistry } from '../../arbitrage/group-registry.ts'
import type { Market, OutcomeSetId } from '../../core/market.ts'
import type { EpochMs } from '../../core/units.ts'
import { Ladder, ladderDefaults } from './ladder.ts'

const strikes = ['90', '100', '110']

type Given = {
  /** Bid and ask of each rung, from the lowest strike. */
  readonly books?: readonly string[]
  readonly facts?: Partial<Market>
  readonly last?: Partial<Market>
}

/** "Above 90?", "above 100?", "above 110?", decided together in a day. */
function sceneOf({ books = usual, facts, last }: Given = {}): Scene {
  const groups = new GroupRegistry([])
  const scene = new Scene({
    strategies: [new Ladder(ladderDefaults, groups)],
    groups,
    markets: strikes.map((strike, index) =>
      marketOf(`x${strike}`, {
        question: `Will X be above ${strike}?`,
        rules: 'Yes if the value is higher than the number in the title.',
        set: 'x' as OutcomeSetId,
        bookKind: 'mirrored',
        closesAt: (1_790_000_000_000 + 86_400_000) as EpochMs,
        ...facts,
        ...(index === 2 ? last : {}),
      }),
    ),
  })
  scene.frame(...strikes.map((strike, index) => `book x${strike}-yes ${books[index]}`))
  return scene
}

const usual = ['0.70x50 / 0.74x50', '0.50x50 / 0.54x50', '0.30x50 / 0.34x50']

describe('ladder', () => {
  test('buys the lower strike and NO of the higher when the higher is bid above the lower', () => {
    const scene = sceneOf()
    expect(scene.of('note-signal')).toEqual([])

    scene.frame('book x110-yes 0.60x50 / 0.64x50')

    const [noted] = scene.of('note-signal')
    expect(noted?.approved).toBe(true)
    expect(noted?.signal.legs.map(({ instrument, limit }) => [instrument, limit])).toEqual([
      ['x100-yes', 5_400],
      ['x110-no', 4_000],
    ])
    expect(noted?.signal.edge).toBe(50 * 60_000)
    expect(noted?.signal.certificate?.states.map(({ name, profit }) => [name, profit])).toEqual([
      ['below 90', 3_000_000],
      ['between 100 and 110', 53_000_000],
      ['above 110', 3_000_000],
    ])
  })

  test('looks at pairs that are no neighbours', () => {
    const scene = sceneOf({
      books: ['0.40x50 / 0.44x50', '0.01x50 / 0.99x50', '0.30x50 / 0.34x50'],
    })

    scene.frame('book x110-yes 0.50x50 / 0.54x50')

    expect(scene.of('note-signal')[0]?.signal.legs.map(({ market }) => market)).toEqual([
      'x90',
      'x110',
    ])
  })

  test.each<{ name: string; given: Given; bid: string }>([
    { name: 'the bid only reaches the ask', given: {}, bid: '0.54' },
    { name: 'fees eat the difference', given: { facts: { fee: feeOf(70_000) } }, bid: '0.57' },
    { name: 'the difference is thin', given: {}, bid: '0.545' },
    {
      name: 'the other is decided another day',
      given: { last: { closesAt: (1_790_000_000_000 + 2 * 86_400_000) as EpochMs } },
      bid: '0.60',
    },
    {
      name: 'the other has rules of its own',
      given: { last: { rules: 'Yes if it is touched at any time.' } },
      bid: '0.60',
    },
  ])('does nothing when $name', ({ given, bid }) => {
    const scene = sceneOf(given)

    scene.frame(`book x110-yes ${bid}x50 / 0.70x50`)

    expect(scene.of('note-signal')).toEqual([])
  })

  test('does not wait a year for two cents', () => {
    const inAYear = { closesAt: (1_790_000_000_000 + 365 * 86_400_000) as EpochMs }
    const scene = sceneOf({ facts: inAYear })

    scene.frame('book x110-yes 0.56x50 / 0.60x50')

    expect(scene.of('note-signal')).toEqual([])
  })

  test('counts a phantom when a leg’s book cannot be proven', () => {
    const scene = sceneOf()
    scene.frame('lie x100-yes')

    scene.frame('book x110-yes 0.60x50 / 0.64x50')

    expect(scene.of('note-signal')).toEqual([])
    expect([...scene.metrics.values.keys()].filter((key) => key.includes('phantom'))).toHaveLength(
      1,
    )
  })

  test('earns what it proved, and more when the number lands between', () => {
    const scene = sceneOf()
    scene.frame('book x110-yes 0.60x50 / 0.64x50')
    scene.wait(20)

    scene.frame('resolve x90 1000000', 'resolve x100 1000000', 'resolve x110 0')

    expect(scene.engine.view.realised).toBe(53_000_000)
  })
})
