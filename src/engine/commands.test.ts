import { describe, expect, test } from 'vitest'
import { marketOf } from '../../test/engine/market-of.ts'
import { Scene } from '../../test/engine/scene.ts'
import type { MicroUsd } from '../core/units.ts'
import { CrossOutcome, crossOutcomeDefaults } from '../strategies/cross-outcome/cross-outcome.ts'
import type { Command } from './event.ts'

function scene(): Scene {
  const strategies = [new CrossOutcome(crossOutcomeDefaults)]
  return new Scene({ strategies, markets: [marketOf('rain'), marketOf('snow')] })
}

function command(scene: Scene, command: Command): void {
  scene.process({ kind: 'command', command, at: scene.now })
}

/** A dollar for 95 cents, then time for the orders to arrive. */
function offer(scene: Scene, market: string): void {
  scene.frame(`book ${market}-yes 0.40x100 / 0.45x20`, `book ${market}-no 0.48x100 / 0.50x30`)
  scene.wait(20)
}

describe('an operator', () => {
  test('kills trading, and nothing but a new start begins it again', () => {
    const given = scene()

    command(given, { kind: 'kill' })
    command(given, { kind: 'resume' })
    offer(given, 'rain')

    expect(given.engine.view.killed).toBe(true)
    expect(given.engine.view.paused).toBe(true)
    expect(given.of('place-basket')).toEqual([])
    expect(given.of('note-signal').map(({ reason }) => reason)).toEqual(['paused'])
  })

  test('calls the orders at work back when trading is killed', () => {
    const given = scene()
    given.frame('book rain-yes 0.40x100 / 0.45x20', 'book rain-no 0.48x100 / 0.50x30')

    command(given, { kind: 'kill' })

    const placed = given.of('place-basket').flatMap(({ intent }) => intent.orders)
    expect(placed).toHaveLength(2)
    expect(given.of('cancel-order').map(({ order }) => order)).toEqual(placed.map(({ id }) => id))
  })

  test('moves a limit, and the next signal meets the new one', () => {
    const given = scene()
    offer(given, 'rain')

    command(given, { kind: 'set-limits', limits: { orderNotionalMax: 1 as MicroUsd } })
    offer(given, 'snow')

    const verdicts = given.of('note-signal').map(({ approved, reason }) => [approved, reason])
    expect(verdicts).toEqual([
      [true, ''],
      [false, 'order-notional'],
    ])
    expect(given.engine.view.limits.openBasketsMax).toBe(20)
  })
})
