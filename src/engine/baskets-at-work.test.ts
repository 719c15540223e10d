import { describe, expect, test } from 'vitest'

import type { LiveSceneOptions } from '../../test/engine/live-scene.ts'
import { LiveScene } from '../../test/engine/live-scene.ts'
import { marketOf } from '../../test/engine/market-of.ts'
import { Across, Buyer } from '../../test/engine/plain-strategies.ts'

import type { BasketId, Order } from '../core/order.ts'
import type { MicroShares, Ticks } from '../core/units.ts'
import { microUsd } from '../core/units.ts'
import type { Strategy } from '../ports/strategy.ts'

const rain = marketOf('rain')
const books = ['book rain-yes 0.40x50 / 0.45x20', 'book rain-no 0.45x50 / 0.50x20']

function sceneOf(
  strategy: Strategy = new Buyer([4_500, 5_000]),
  options: Partial<LiveSceneOptions> = {},
): LiveScene {
  const scene = new LiveScene({ strategies: [strategy], markets: [rain], ...options })
  scene.open()
  return scene
}

/** The two legs of the basket that a mispricing of rain leads to. */
function begin(scene: LiveScene): readonly [Order, Order] {
  scene.frame(...books)
  const [yes, no] = scene.lastOrders()
  if (yes === undefined || no === undefined) throw new Error('two orders leave')
  return [yes, no]
}

describe('an order whose fate is not known', () => {
  test('is asked about when nothing was heard of it for ten seconds, and never sent again', () => {
    const scene = sceneOf()
    const [yes, no] = begin(scene)
    scene.complete(yes)

    scene.wait(9_000)
    expect(scene.of('query-order')).toEqual([])
    for (let second = 0; second < 20; second++) scene.wait(1_000)

    expect(new Set(scene.of('query-order').map(({ order }) => order))).toEqual(new Set([no.id]))
    expect(scene.of('query-order').length).toBeGreaterThan(3)
    expect(scene.orders()).toHaveLength(2)
    expect(scene.states()).toEqual(['reconciling'])
  })

  test('holds the rest of its basket back until it is known', () => {
    const scene = sceneOf()
    const [yes, no] = begin(scene)
    scene.lost(yes)
    scene.fill(no)
    scene.done(no, 'filled')
    scene.wait(5_000)
    expect(scene.orders()).toHaveLength(2)

    scene.done(yes, 'not-landed')

    const [again] = scene.lastOrders()
    expect(scene.orders()).toHaveLength(3)
    expect(again).toMatchObject({ instrument: 'rain-yes', side: 'buy', size: 10_000_000 })
    expect(again?.id).not.toBe(yes.id)
  })

  test('that turns out to be filled counts as if it had been heard of at once', () => {
    const scene = sceneOf()
    const [yes, no] = begin(scene)
    scene.lost(yes)
    scene.complete(no)

    scene.complete(yes)

    expect(scene.states()).toEqual(['closed'])
    expect(scene.of('submit-operation')).toMatchObject([
      { what: { kind: 'merge', market: 'rain', size: 10_000_000 } },
    ])
  })
})

describe('an order that rests', () => {
  function resting(): { scene: LiveScene; order: Order } {
    const legs = [
      {
        venue: 'polymarket',
        market: rain.id,
        instrument: rain.yes.id,
        outcome: 'yes',
        side: 'buy',
        limit: 3_000 as Ticks,
        size: 10_000_000 as MicroShares,
        rest: { forMs: 60_000, postOnly: true },
      },
    ] as const
    const scene = sceneOf(new Buyer([4_500, 5_000], 10, { legs, realisation: 'settlement' }))
    scene.frame(...books)
    const [order] = scene.lastOrders() as [Order]
    return { scene, order }
  }

  test('is called back when its time is over', () => {
    const { scene, order } = resting()
    scene.live(order)
    scene.wait(59_000)
    expect(scene.of('cancel-order')).toEqual([])

    scene.wait(1_000)

    expect(scene.of('cancel-order').map((each) => each.order)).toEqual([order.id])
  })

  test('is called back at once when it turns out to be live after that', () => {
    const { scene, order } = resting()
    scene.wait(61_000)
    expect(scene.of('cancel-order')).toEqual([])

    scene.live(order)

    expect(scene.of('cancel-order').map((each) => each.order)).toEqual([order.id])
  })
})

describe('a fill', () => {
  test('that is told twice is booked once', () => {
    const scene = sceneOf()
    const [yes] = begin(scene)
    const fill = scene.fill(yes, 4)

    scene.update({ kind: 'filled', order: yes.id, fill })

    expect(scene.held('rain-yes')).toBe(4_000_000)
  })

  test('that fails after the close is taken back, and the basket is made even again', () => {
    const scene = sceneOf()
    const [yes, no] = begin(scene)
    const fill = scene.fill(yes)
    scene.done(yes, 'filled')
    scene.complete(no)
    expect(scene.states()).toEqual(['closed'])

    scene.reverse(yes, fill.venueTradeId)

    expect(scene.held('rain-yes')).toBe(0)
    expect(scene.states()).toEqual(['completing'])
    expect(scene.lastOrders()).toMatchObject([{ instrument: 'rain-yes', size: 10_000_000 }])
    expect(scene.engine.view.openBaskets).toBe(1)
    expect(scene.of('submit-operation')).toEqual([])
  })

  test('that has failed is not booked again when an older reading tells of it', () => {
    const scene = sceneOf()
    const [yes] = begin(scene)
    const fill = scene.fill(yes)
    scene.reverse(yes, fill.venueTradeId)

    scene.update({ kind: 'filled', order: yes.id, fill })

    expect(scene.held('rain-yes')).toBe(0)
  })

  test('of shares that we do not have stops their market, and not the program', () => {
    const scene = sceneOf()
    const [yes, no] = begin(scene)
    scene.frame('ask rain-no 0.50 0', 'ask rain-no 0.99 5')
    const bought = scene.fill(yes)
    scene.done(yes, 'filled')
    scene.done(no)
    const [sell] = scene.lastOrders() as [Order]
    expect(sell.side).toBe('sell')
    scene.reverse(yes, bought.venueTradeId)

    scene.fill(sell)
    scene.done(sell, 'filled')

    expect(scene.held('rain-yes')).toBe(0)
    expect(scene.engine.view.ledgerBalanced).toBe(true)
    scene.frame('ask rain-no 0.50 30')
    scene.wait(1_500)
    scene.frame('ask rain-yes 0.45 40')
    expect(scene.refusals().at(-1)).toBe('not-reconciled')
  })

  test('that comes after the close makes its basket go on', () => {
    const scene = sceneOf()
    const [yes, no] = begin(scene)
    scene.done(yes)
    scene.done(no)
    expect(scene.engine.view.openBaskets).toBe(0)

    scene.fill(no)

    expect(scene.engine.view.openBaskets).toBe(1)
    expect(scene.states()).toEqual(['completing'])
    const [completing] = scene.lastOrders()
    expect(completing).toMatchObject({ instrument: 'rain-yes', side: 'buy' })
    scene.wait(11_000)
    expect(scene.of('query-order').map(({ order }) => order)).toEqual([completing?.id])
  })
})

describe('a recovery', () => {
  test('is weighed at its limit, where all of it may fill', () => {
    const scene = sceneOf()
    scene.frame('book rain-yes 0.40x1 0.25x50 / 0.45x20', 'book rain-no 0.45x50 / 0.50x20')
    const [yes, no] = scene.lastOrders() as [Order, Order]
    scene.frame('ask rain-no 0.50 0', 'ask rain-no 0.55 9', 'ask rain-no 0.70 20')
    scene.complete(yes)

    scene.done(no)

    // Nine at 0.55 and one at 0.70, but all ten may cost 0.70: more than may be lost.
    expect(scene.states()).toEqual(['pricing'])
    expect(scene.orders()).toHaveLength(2)
  })

  test('that would put more at stake than is allowed is not tried', () => {
    const scene = sceneOf()
    const [yes, no] = begin(scene)
    scene.frame('bid rain-yes 0.40 0', 'bid rain-yes 0.20 50')
    scene.complete(yes)
    scene.command({ kind: 'set-limits', limits: { totalExposureMax: microUsd(9_000_000) } })

    scene.done(no)

    expect(scene.states()).toEqual(['pricing'])
    scene.command({ kind: 'set-limits', limits: { totalExposureMax: microUsd(10_000_000) } })
    scene.wait(1_000)
    expect(scene.states()).toEqual(['completing'])
  })

  test('that is not possible leaves the basket to a person, who ends it', () => {
    const scene = sceneOf()
    const [yes, no] = begin(scene)
    scene.frame('break rain-yes', 'break rain-no')
    scene.complete(yes)
    scene.done(no)
    for (let second = 0; second < 20; second++) scene.wait(1_000)
    expect(scene.engine.view.quarantined).toBe(1)
    expect(scene.engine.view.openBaskets).toBe(0)

    scene.command({ kind: 'release-basket', basket: yes.basket })

    expect(scene.states()).toEqual(['closed'])
    expect(scene.engine.view.quarantined).toBe(0)
    expect(scene.held('rain-yes')).toBe(10_000_000)
  })

  test('is needed no more once the market is resolved, also where that came first', () => {
    const scene = sceneOf()
    const [yes, no] = begin(scene)
    scene.frame('break rain-yes', 'break rain-no')
    scene.complete(yes)
    scene.frame('resolve rain 1000000')
    scene.done(no)

    for (let second = 0; second < 20; second++) scene.wait(1_000)

    expect(scene.engine.view.quarantined).toBe(0)
    const [redeem] = scene.of('submit-operation')
    expect(redeem?.what).toEqual({ kind: 'redeem', market: 'rain' })
    if (redeem !== undefined) scene.final(redeem.operation)
    expect(scene.engine.view.cashOf('polymarket')).toBe(1_000_000_000 - 4_500_000 + 10_000_000)
  })
})

describe('a basket at two venues', () => {
  const wet = marketOf('wet', { venue: 'kalshi' })
  const across = { markets: [rain, wet] }

  function probe(): { scene: LiveScene; order: Order } {
    const scene = sceneOf(new Across(), across)
    scene.frameOf('kalshi', 'book wet-no 0.45x50 / 0.50x12')
    scene.frame('book rain-yes 0.40x50 / 0.45x100')
    const [order] = scene.lastOrders()
    if (order === undefined) throw new Error('an order leaves')
    return { scene, order }
  }

  test('sends the leg of which there is least first, alone, for what it gets', () => {
    const { scene, order } = probe()

    expect(scene.orders()).toHaveLength(1)
    expect(order).toMatchObject({ venue: 'kalshi', instrument: 'wet-no', timeInForce: 'ioc' })
  })

  test('asks the other venue for just what the first has filled', () => {
    const { scene, order } = probe()
    scene.fill(order, 7)

    scene.done(order, 'cancelled')

    expect(scene.orders()).toHaveLength(2)
    expect(scene.lastOrders()).toMatchObject([{ venue: 'polymarket', size: 7_000_000 }])
    expect(scene.of('place-basket').map(({ intent }) => intent.basket)).toEqual([
      order.basket,
      `${order.basket}-R`,
    ])
  })

  test('asks the other venue for nothing when the first has filled nothing', () => {
    const { scene, order } = probe()

    scene.done(order)

    expect(scene.orders()).toHaveLength(1)
    expect(scene.states()).toEqual(['closed'])
  })
})

describe('the stop', () => {
  test('calls everything back, asks the venues to cancel all, and nothing new begins', () => {
    const scene = sceneOf()
    const [yes, no] = begin(scene)

    scene.command({ kind: 'kill' })
    scene.command({ kind: 'resume' })
    scene.frame('ask rain-yes 0.45 30', 'ask rain-no 0.50 30')

    expect(scene.of('cancel-order').map(({ order }) => order)).toEqual([yes.id, no.id])
    expect(scene.of('cancel-all')).toHaveLength(1)
    expect(scene.engine.view.killed).toBe(true)
    scene.done(yes)
    scene.done(no)
    for (let second = 0; second < 5; second++) {
      scene.wait(1_000)
      scene.frame(`bid rain-yes 0.40 ${second + 60}`)
    }
    expect(scene.orders()).toHaveLength(2)
  })
})

describe('names of baskets', () => {
  test('are new to an account whatever has been sent before: they begin with the start', () => {
    const first = begin(sceneOf(undefined, { startMs: 1_790_000_000_000 }))
    const second = begin(sceneOf(undefined, { startMs: 1_790_000_001_000 }))

    const names = [...first, ...second].map(({ id }) => id)
    expect(new Set(names).size).toBe(4)
    expect(names.every((id) => id.length <= 32)).toBe(true)
  })

  test('that nobody knows are released without harm', () => {
    const scene = sceneOf()
    scene.command({ kind: 'release-basket', basket: 'B1' as BasketId })

    expect(scene.of('note-basket')).toEqual([])
  })
})
