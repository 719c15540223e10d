import { describe, expect, test } from 'vitest'
import { marketOf, feeOf } from '../../test/engine/market-of.ts'
import { Scene } from '../../test/engine/scene.ts'
import { CrossOutcome } from '../strategies/cross-outcome/cross-outcome.ts'
import type { MicroShares, Ppm } from '../core/units.ts'
import { ResultCollector } from './result-collector.ts'

/** A pair that costs 95 cents, taken once. */
function taken(): ReturnType<ResultCollector['result']> {
  const strategy = new CrossOutcome({
    edgeMin: 1_000 as Ppm,
    sizeMin: 1_000_000 as MicroShares,
    sizeMax: 100_000_000 as MicroShares,
  })
  const scene = new Scene({
    strategies: [strategy],
    markets: [marketOf('rain', { fee: feeOf(0) })],
  })
  scene.frame('book rain-yes 0.30x50 / 0.45x50')
  scene.frame('book rain-no 0.30x50 / 0.50x50')
  for (let step = 0; step < 10; step++) scene.wait(100)
  const collector = new ResultCollector()
  for (const effect of scene.effects) collector.observe(effect)
  return collector.result(scene.engine.view, scene.now)
}

describe('a basket', () => {
  test('is one, however often orders are sent for it', () => {
    expect(taken().baskets).toBe(1)
    expect(taken().fills).toBe(2)
  })

  test('has its edge once, when the last of its legs is filled', () => {
    const { byStrategy, episodes } = taken()

    expect(byStrategy['cross-outcome']).toMatchObject({
      taken: 1,
      edgeSeenUsd: '2.5',
      edgeTakenUsd: '2.5',
      captureRate: 1,
    })
    expect(episodes.map(({ fate }) => fate)).toEqual(['taken'])
  })
})
