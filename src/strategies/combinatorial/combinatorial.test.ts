import { beforeAll, describe, expect, test } from 'vitest'
import { marketOf, setOf } from '../../../test/engine/market-of.ts'
import { Scene } from '../../../test/engine/scene.ts'
import { loadSolver } from '../../app/highs-solver.ts'
import { GroupRegistry } from '../../arbitrage/group-registry.ts'
import type { RelationEntry } from '../../arbitrage/relation-entry.ts'
import type { Solver } from '../../arbitrage/solver.ts'
import type { Market, OutcomeSetId } from '../../core/market.ts'
import { unknownClaim } from '../../core/outcome-set.ts'
import type { EpochMs } from '../../core/units.ts'
import { Combinatorial, combinatorialDefaults } from './combinatorial.ts'

let solver: Solver
beforeAll(async () => {
  solver = await loadSolver()
})

/** One number, asked after by two thresholds of one event and a range of another. */
const line: RelationEntry = {
  kind: 'line',
  subject: 'X at noon',
  sets: [
    { venue: 'polymarket', name: 'above' },
    { venue: 'polymarket', name: 'ranges' },
  ],
  strikes: [],
  included: { floor: false, cap: true },
  because: 'both events name the same minute of the same source',
  line: 1,
}

const tomorrow = { closesAt: (1_790_000_000_000 + 86_400_000) as EpochMs }

function sceneOf(entries: readonly RelationEntry[] = [line]): Scene {
  const groups = new GroupRegistry(entries)
  const market = (name: string, question: string, set: string): Market =>
    marketOf(name, {
      question,
      rules: `Rules of ${set}.`,
      set: set as OutcomeSetId,
      bookKind: 'mirrored',
      ...tomorrow,
    })
  const scene = new Scene({
    strategies: [new Combinatorial(combinatorialDefaults, groups, solver)],
    groups,
    markets: [
      market('low', 'Will X be above 10?', 'above'),
      market('high', 'Will X be above 20?', 'above'),
      market('range', 'Will X be 10-20?', 'ranges'),
      market('other', 'Will X be 20-30?', 'ranges'),
    ],
    sets: [
      setOf('above', ['low', 'high'], { exclusive: unknownClaim, exhaustive: unknownClaim }),
      setOf('ranges', ['range', 'other'], { exhaustive: unknownClaim }),
    ],
  })
  scene.frame(
    'book low-yes 0.60x50 / 0.63x50',
    'book high-yes 0.30x50 / 0.33x50',
    'book range-yes 0.28x50 / 0.31x50',
    'book other-yes 0.10x50 / 0.13x50',
  )
  return scene
}

describe('combinatorial', () => {
  test('does nothing while chances exist that no price contradicts', () => {
    expect(sceneOf().of('note-signal')).toEqual([])
  })

  test('buys a range, the threshold above and NO of the one below, for under a dollar', () => {
    const scene = sceneOf()

    scene.frame('book range-yes 0.18x50 / 0.22x50')

    const [noted] = scene.of('note-signal')
    expect(noted?.approved).toBe(true)
    expect(
      noted?.signal.legs.map(({ instrument, limit, size }) => [instrument, limit, size]),
    ).toEqual([
      ['high-yes', 3_300, 50_000_000],
      ['low-no', 4_000, 50_000_000],
      ['range-yes', 2_200, 50_000_000],
    ])
    expect(noted?.signal.edge).toBe(50 * 50_000)
  })

  test('does nothing when nobody has said that the events hang together', () => {
    const scene = sceneOf([])

    scene.frame('book range-yes 0.18x50 / 0.22x50')

    expect(scene.of('note-signal')).toEqual([])
  })

  test('falls silent when a market of the group closes, if what is left is not safe', () => {
    const scene = sceneOf()
    scene.list([marketOf('high', { set: 'above' as OutcomeSetId, status: 'closed', ...tomorrow })])

    scene.frame('book range-yes 0.18x50 / 0.22x50')

    expect(scene.of('note-signal')).toEqual([])
  })

  test('counts a phantom when a leg’s book is torn', () => {
    const scene = sceneOf()
    scene.frame('tear high-yes')

    scene.frame('book range-yes 0.18x50 / 0.22x50')

    expect(scene.of('note-signal')).toEqual([])
    expect([...scene.metrics.values.keys()].filter((key) => key.includes('phantom'))).toHaveLength(
      1,
    )
  })
})
