import { describe, expect, test } from 'vitest'
import { CrossOutcome, crossOutcomeDefaults } from '../strategies/cross-outcome/cross-outcome.ts'
import { marketOf } from '../../test/engine/market-of.ts'
import { Scene } from '../../test/engine/scene.ts'

const strategies = (): [CrossOutcome] => [new CrossOutcome(crossOutcomeDefaults)]

describe('a frame becomes a signal, orders and postings', () => {
  test('a pair bought for 95 cents is merged for a dollar', () => {
    const scene = new Scene({ strategies: strategies(), markets: [marketOf('rain')] })

    scene.frame('book rain-yes 0.40x100 / 0.45x20', 'book rain-no 0.48x100 / 0.50x30')
    scene.wait(20)

    const [placed] = scene.of('place-basket')
    expect(
      placed?.intent.orders.map(({ instrument, side, limit, size }) => [
        instrument,
        side,
        limit,
        size,
      ]),
    ).toEqual([
      ['rain-yes', 'buy', 4_500, 20_000_000],
      ['rain-no', 'buy', 5_000, 20_000_000],
    ])
    expect(scene.engine.view.realised).toBe(1_000_000)
    expect(scene.engine.view.positions()).toEqual([])
    expect(scene.engine.view.ledgerBalanced).toBe(true)
    expect(scene.engine.view.fillCount).toBe(2)
  })

  test('a pair sold for 105 cents is split from a dollar first', () => {
    const scene = new Scene({ strategies: strategies(), markets: [marketOf('rain')] })

    scene.frame('book rain-yes 0.55x20 / 0.60x20', 'book rain-no 0.50x30 / 0.60x20')
    expect(scene.of('submit-operation').map(({ what }) => what.kind)).toEqual(['split'])
    expect(scene.of('place-basket')).toEqual([])
    scene.wait(20)
    scene.wait(20)

    expect(scene.engine.view.realised).toBe(1_000_000)
    expect(scene.engine.view.positions()).toEqual([])
    expect(scene.engine.view.ledgerBalanced).toBe(true)
  })
})
