import { describe, expect, test } from 'vitest'
import { marketOf } from '../../test/engine/market-of.ts'
import { Scene } from '../../test/engine/scene.ts'
import { microShares, microUsd } from '../core/units.ts'

const rain = marketOf('rain')

/** A life that begins with so many shares of YES and of NO, at 45 cents each. */
function reborn(yes: number, no: number): Scene {
  const scene = new Scene({ strategies: [], markets: [] })
  const held = (
    [
      [rain.yes, 'yes', yes],
      [rain.no, 'no', no],
    ] as const
  ).filter(([, , shares]) => shares > 0)
  const cost = (shares: number): number => shares * 450_000
  const total = held.reduce((sum, [, , shares]) => sum + cost(shares), 0)
  scene.process({
    kind: 'start',
    at: scene.now,
    atMs: scene.nowMs,
    kept: {
      summary: {
        number: 9,
        at: scene.now,
        memo: 'before',
        postings: [
          { account: 'cash:polymarket', amount: microUsd(-total) },
          ...held.map(([{ id }, , shares]) => ({
            account: `inventory:polymarket:${id}` as const,
            amount: microUsd(cost(shares)),
          })),
        ],
        shares: held.map(([{ id }, outcome, shares]) => ({
          venue: 'polymarket',
          market: rain.id,
          instrument: id,
          outcome,
          strategy: 'buyer',
          change: microShares(shares * 1_000_000),
        })),
      },
      baskets: [],
      operations: [],
      basketCount: 1,
    },
  })
  return scene
}

describe('pairs that an earlier life has left', () => {
  test('are merged once their market is known, and the rest stays', () => {
    const scene = reborn(10, 4)
    scene.wait(1_000)
    expect(scene.of('submit-operation')).toEqual([])

    scene.list([rain])
    scene.wait(1_000)
    scene.wait(1_000)
    scene.wait(1_000)

    expect(scene.of('submit-operation').map(({ what }) => what)).toEqual([
      { kind: 'merge', market: rain.id, size: 4_000_000 },
    ])
    expect(scene.engine.view.positions().map(({ position }) => position.size)).toEqual([6_000_000])
    expect(scene.engine.view.realised).toBe(400_000)
  })

  test('are none where only one side is held', () => {
    const scene = reborn(10, 0)

    scene.list([rain])
    scene.wait(2_000)

    expect(scene.of('submit-operation')).toEqual([])
  })
})
