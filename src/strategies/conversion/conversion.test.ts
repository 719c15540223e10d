import { describe, expect, test } from 'vitest'
import { feeOf, marketOf, setOf } from '../../../test/engine/market-of.ts'
import { Scene } from '../../../test/engine/scene.ts'
import type { Market, OutcomeSetId } from '../../core/market.ts'
import type { OutcomeSet } from '../../core/outcome-set.ts'
import { unknownClaim } from '../../core/outcome-set.ts'
import { Conversion, conversionDefaults } from './conversion.ts'

const names = ['ann', 'bob', 'cid']
const free = { id: '0x', feeBips: 0 }

type Given = {
  readonly bids?: readonly string[]
  readonly facts?: Partial<Market>
  readonly set?: Partial<OutcomeSet>
}

/** One question with three answers that convert; `bids` are what a YES of each brings. */
function sceneOf({ bids = ['0.40', '0.35', '0.29'], facts, set }: Given = {}): Scene {
  const scene = new Scene({
    strategies: [new Conversion(conversionDefaults)],
    markets: names.map((name) =>
      marketOf(name, {
        set: 'winner' as OutcomeSetId,
        bookKind: 'mirrored',
        negRisk: true,
        ...facts,
      }),
    ),
    sets: [setOf('winner', names, { conversion: free, exhaustive: unknownClaim, ...set })],
  })
  scene.frame(...names.map((name, index) => `book ${name}-yes ${bids[index]}x50 /`))
  return scene
}

function phantoms(scene: Scene): string[] {
  return [...scene.metrics.values.keys()].filter((key) => key.includes('phantom'))
}

describe('conversion', () => {
  test('buys NO of all for less than what they convert to, though nobody need win', () => {
    const scene = sceneOf()

    const [noted] = scene.of('note-signal')

    expect(noted?.approved).toBe(true)
    expect(noted?.signal.realisation).toBe('convert')
    expect(
      noted?.signal.legs.map(({ instrument, side, limit, size }) => [
        instrument,
        side,
        limit,
        size,
      ]),
    ).toEqual([
      ['ann-no', 'buy', 6_000, 50_000_000],
      ['bob-no', 'buy', 6_500, 50_000_000],
      ['cid-no', 'buy', 7_100, 50_000_000],
    ])
    // Three NO cost $1.96 and are two dollars.
    expect(noted?.signal.edge).toBe(50 * 40_000)
  })

  test.each<{ name: string; given: Given }>([
    { name: 'the bids come to a dollar', given: { bids: ['0.40', '0.35', '0.25'] } },
    { name: 'fees eat it', given: { facts: { fee: feeOf(70_000) } } },
    { name: 'two may win', given: { set: { exclusive: unknownClaim } } },
    { name: 'the conversion costs', given: { set: { conversion: { id: '0x', feeBips: 10 } } } },
    { name: 'the set does not convert', given: { set: { conversion: undefined } } },
  ])('does nothing when $name', ({ given }) => {
    expect(sceneOf(given).of('note-signal')).toEqual([])
  })

  test('leaves out an outcome whose market has closed', () => {
    const scene = sceneOf({ bids: ['0.60', '0.45', '0.29'] })
    scene.frame('close cid')
    scene.effects.length = 0
    scene.wait(5_000)

    scene.frame('bid ann-yes 0.61 50')

    const legs = scene.of('note-signal').map(({ signal }) => signal.legs.map((leg) => leg.market))
    expect(legs.every((markets) => !markets.includes('cid' as Market['id']))).toBe(true)
  })

  test.each(['tear', 'break', 'unprove', 'lie'])('counts a phantom when a book may %s', (verb) => {
    const scene = sceneOf({ bids: ['0.40', '0.35', '0.20'] })
    scene.frame(`${verb} bob-yes`)

    scene.frame('bid cid-yes 0.29 50')

    expect(scene.of('note-signal')).toEqual([])
    expect(phantoms(scene)).toHaveLength(1)
  })
})
