import { describe, expect, test } from 'vitest'
import { feeOf, marketOf } from '../../../test/engine/market-of.ts'
import { Scene } from '../../../test/engine/scene.ts'
import type { Market } from '../../core/market.ts'
import { CrossOutcome, crossOutcomeDefaults } from './cross-outcome.ts'

function sceneOf(facts: Partial<Market>): Scene {
  return new Scene({
    strategies: [new CrossOutcome(crossOutcomeDefaults)],
    markets: [marketOf('rain', facts)],
  })
}

const phantom = (cause: string): string => `phantoms_total{strategy=cross-outcome,cause=${cause}}`

describe('cross-outcome where the outcomes have books of their own', () => {
  test('buys both when they cost less than a dollar, with the right tokens, sides and prices', () => {
    const scene = sceneOf({ bookKind: 'separate' })

    scene.frame('book rain-yes 0.40x100 / 0.45x20 0.46x80', 'book rain-no 0.48x100 / 0.50x30')

    const [noted] = scene.of('note-signal')
    expect(noted?.signal).toMatchObject({
      strategy: 'cross-outcome',
      venue: 'polymarket',
      realisation: 'merge',
      edge: 1_400_000,
      edgeRate: 46_666,
      legs: [
        {
          market: 'rain',
          instrument: 'rain-yes',
          outcome: 'yes',
          side: 'buy',
          limit: 4_600,
          size: 30_000_000,
        },
        {
          market: 'rain',
          instrument: 'rain-no',
          outcome: 'no',
          side: 'buy',
          limit: 5_000,
          size: 30_000_000,
        },
      ],
    })
  })

  test('sells both when they bring more than a dollar', () => {
    const scene = sceneOf({ bookKind: 'separate' })

    scene.frame('book rain-yes 0.55x20 / 0.60x20', 'book rain-no 0.50x30 / 0.60x20')

    const [noted] = scene.of('note-signal')
    expect(noted?.signal.realisation).toBe('split')
    expect(noted?.signal.legs.map(({ side, limit, size }) => [side, limit, size])).toEqual([
      ['sell', 5_500, 20_000_000],
      ['sell', 5_000, 20_000_000],
    ])
  })

  test.each([
    { name: 'at exactly a dollar', yes: '0.50', no: '0.50', facts: {} },
    { name: 'when fees eat the edge', yes: '0.50', no: '0.47', facts: { fee: feeOf(60_000) } },
    {
      name: 'when the fee is not known',
      yes: '0.40',
      no: '0.40',
      facts: { fee: { kind: 'unknown', reason: '' } } as const,
    },
  ])('passes $name', ({ yes, no, facts }) => {
    const scene = sceneOf({ bookKind: 'separate', ...facts })

    scene.frame(`book rain-yes / ${yes}x100`, `book rain-no / ${no}x100`)

    expect(scene.of('note-signal')).toEqual([])
    expect(scene.engine.view.phantomCount).toBe(0)
  })

  test.each([
    { name: 'a half that is torn', deed: 'tear rain-no', cause: 'TORN' },
    { name: 'a half that is broken', deed: 'break rain-no', cause: 'BROKEN' },
    { name: 'a half that is unproven', deed: 'unprove rain-no', cause: 'UNPROVEN' },
    { name: 'a half that fails its proof', deed: 'lie rain-no', cause: 'UNPROVEN' },
    { name: 'a half that is crossed in itself', deed: 'bid rain-no 0.55 9', cause: 'CROSSED' },
  ])('$name is a phantom', ({ deed, cause }) => {
    const scene = sceneOf({ bookKind: 'separate' })
    scene.frame('book rain-yes / 0.55x100', 'book rain-no / 0.50x100')
    scene.frame(deed)

    scene.frame('ask rain-yes 0.45 100')

    expect(scene.of('note-signal')).toEqual([])
    expect(scene.count(phantom(cause))).toBe(1)
  })

  test('a half whose feed is silent is a phantom', () => {
    const scene = sceneOf({ bookKind: 'separate' })
    scene.frame('book rain-yes / 0.55x100', 'book rain-no / 0.50x100')
    scene.silence(16_000)

    scene.process({
      kind: 'snapshot',
      venue: 'polymarket',
      market: marketOf('rain').id,
      bytes: new TextEncoder().encode('ask rain-yes 0.45 100'),
      at: scene.now,
    })

    expect(scene.of('note-signal')).toEqual([])
    expect(scene.count(phantom('STALE'))).toBe(1)
  })
})

describe('cross-outcome where NO is the mirror of YES', () => {
  test('proves the book at that moment before it believes a crossed one', () => {
    const scene = sceneOf({ bookKind: 'mirrored' })
    scene.frame('book rain-yes 0.50x100 / 0.52x100')
    expect(scene.codec.proofs).toBe(0)

    scene.frame('ask rain-yes 0.45 20')

    expect(scene.codec.proofs).toBe(1)
    expect(scene.of('note-signal')[0]?.signal.legs).toMatchObject([
      { instrument: 'rain-yes', side: 'buy', limit: 4_500, size: 20_000_000 },
      { instrument: 'rain-no', side: 'buy', limit: 5_000, size: 20_000_000 },
    ])
  })

  test('a bid that meets the ask makes a dollar, and costs no proof', () => {
    const scene = sceneOf({ bookKind: 'mirrored' })

    scene.frame('book rain-yes 0.50x100 / 0.50x100')

    expect(scene.codec.proofs).toBe(0)
    expect(scene.engine.view.phantomCount).toBe(0)
  })

  test('a crossed book that cannot be proven is a phantom, counted once while it lasts', () => {
    const scene = sceneOf({ bookKind: 'mirrored' })
    scene.frame('book rain-yes 0.50x100 / 0.52x100')
    scene.frame('lie rain-yes')

    scene.frame('ask rain-yes 0.45 20')
    scene.frame('ask rain-yes 0.45 30')
    expect(scene.count(phantom('CROSSED'))).toBe(1)

    scene.frame('ask rain-yes 0.45 0')
    scene.frame('ask rain-yes 0.45 20')
    expect(scene.count(phantom('CROSSED'))).toBe(2)
    expect(scene.of('note-signal')).toEqual([])
  })

  test('a book in the middle of a sweep is not even shown to it', () => {
    const scene = sceneOf({ bookKind: 'mirrored' })
    scene.frame('book rain-yes 0.50x100 / 0.52x100')

    scene.frame('tear rain-yes', 'ask rain-yes 0.45 20')
    scene.frame('ask rain-yes 0.45 0', 'mend rain-yes')

    expect(scene.of('note-signal')).toEqual([])
    expect(scene.codec.proofs).toBe(0)
    expect(scene.count('phantoms_total{strategy=none,cause=TORN}')).toBe(1)
    expect(scene.count(phantom('TORN'))).toBe(0)
  })

  test.each([
    { deed: 'break', cause: 'BROKEN', by: 'none' },
    { deed: 'unprove', cause: 'UNPROVEN', by: 'cross-outcome' },
  ])('to $deed the book makes its cross a phantom', ({ deed, cause, by }) => {
    const scene = sceneOf({ bookKind: 'mirrored' })
    scene.frame('book rain-yes 0.50x100 / 0.52x100')

    scene.frame(`${deed} rain-yes`, 'ask rain-yes 0.45 20')

    expect(scene.of('note-signal')).toEqual([])
    expect(scene.codec.proofs).toBe(0)
    expect(scene.count(`phantoms_total{strategy=${by},cause=${cause}}`)).toBe(1)
  })
})
