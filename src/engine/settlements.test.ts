import { describe, expect, test } from 'vitest'

import type { LiveSceneOptions } from '../../test/engine/live-scene.ts'
import { LiveScene, sharesOf } from '../../test/engine/live-scene.ts'
import { marketOf, setOf } from '../../test/engine/market-of.ts'
import { Both, Buyer } from '../../test/engine/plain-strategies.ts'
import type { OutcomeSetId } from '../core/market.ts'
import type { Order } from '../core/order.ts'
import type { MicroShares, MicroUsd, Nanos, Ppm, Ticks } from '../core/units.ts'
import { Portfolio } from '../portfolio/portfolio.ts'
import { CrossOutcome } from '../strategies/cross-outcome/cross-outcome.ts'
import { EngineClock } from './engine-clock.ts'
import type { Effect } from './event.ts'
import { MarketCache } from './market-cache.ts'
import { RemoteGateway } from './remote-gateway.ts'
import { Settlements } from './settlements.ts'

const rain = marketOf('rain')
const edgeMin = 1_000 as Ppm
const sizeMin = 1_000_000 as MicroShares
const usd = 1_000_000_000

function open(options: Partial<LiveSceneOptions> = {}): LiveScene {
  const strategies = [new Buyer([4_500, 5_000])]
  const scene = new LiveScene({ strategies, markets: [rain], ...options })
  scene.open()
  return scene
}

/** A pair that was bought, each half filled, and neither trade final. */
function bought(): { scene: LiveScene; settle: readonly (() => void)[] } {
  const scene = open()
  scene.frame('book rain-yes 0.40x50 / 0.45x20', 'book rain-no 0.45x50 / 0.50x20')
  const settle = scene.lastOrders().map((order) => {
    const { venueTradeId } = scene.fill(order)
    scene.done(order, 'filled')
    return () => scene.settle(order, venueTradeId)
  })
  return { scene, settle }
}

/** A pair that is worth more than a dollar: it is split, and both halves are sold. */
function short(): LiveScene {
  const strategies = [new CrossOutcome({ edgeMin, sizeMin, sizeMax: 10_000_000 as MicroShares })]
  const scene = open({ strategies })
  scene.frame('book rain-yes 0.60x10 / 0.65x20', 'book rain-no 0.45x10 / 0.50x20')
  return scene
}

function operationOf(scene: LiveScene): ReturnType<LiveScene['of']>[number] & {
  kind: 'submit-operation'
} {
  const found = scene.of('submit-operation').at(-1)
  if (found === undefined) throw new Error('an operation was submitted')
  return found
}

describe('a finished pair', () => {
  test('is merged when the last of its trades is final, and not before', () => {
    const { scene, settle } = bought()
    settle[0]?.()
    expect(scene.of('submit-operation')).toEqual([])

    settle[1]?.()

    expect(operationOf(scene).what).toEqual({ kind: 'merge', market: 'rain', size: 10_000_000 })
  })

  test('is a dollar each only when the venue says that it is final', () => {
    const { scene, settle } = bought()
    for (const each of settle) each()
    const { operation } = operationOf(scene)
    const before = scene.engine.view.cashOf('polymarket')
    scene.process({
      kind: 'operation-update',
      venue: 'polymarket',
      update: { kind: 'submitted', operation, reference: '0x1' },
      at: scene.now,
    })
    expect(scene.engine.view.cashOf('polymarket')).toBe(before)
    expect(scene.engine.view.atRest).toBe(false)

    scene.final(operation)
    scene.final(operation)

    expect(scene.engine.view.cashOf('polymarket')).toBe(before + 10_000_000)
    expect(scene.holdings()).toEqual(new Map())
    expect(scene.engine.view.realised).toBe(500_000)
    expect(scene.engine.view.atRest).toBe(true)
  })

  test('is merged again ten seconds after that failed, five times at the most', () => {
    const { scene, settle } = bought()
    for (const each of settle) each()
    const { operation } = operationOf(scene)

    scene.fail(operation)
    scene.wait(9_000)
    expect(scene.of('submit-operation')).toHaveLength(1)
    scene.wait(1_000)
    expect(scene.of('submit-operation')).toHaveLength(2)
    for (let round = 0; round < 8; round++) {
      scene.fail(operation)
      scene.wait(10_000)
    }

    expect(new Set(scene.of('submit-operation').map((each) => each.operation)).size).toBe(1)
    expect(scene.of('submit-operation')).toHaveLength(5)
    expect(scene.held('rain-yes')).toBe(10_000_000)
    expect(scene.engine.view.atRest).toBe(true)
  })

  test('whose fate is not known is not merged a second time', () => {
    const { scene, settle } = bought()
    for (const each of settle) each()
    const { operation } = operationOf(scene)
    const update = { kind: 'unknown', operation, reason: 'timeout' } as const

    scene.process({ kind: 'operation-update', venue: 'polymarket', update, at: scene.now })
    for (let round = 0; round < 10; round++) scene.wait(10_000)

    expect(scene.of('submit-operation')).toHaveLength(1)
    expect(scene.engine.view.atRest).toBe(false)
  })

  test('that the resolution has paid for meanwhile is not paid for twice', () => {
    const { scene, settle } = bought()
    scene.frame('resolve rain 1000000')
    for (const each of settle) each()
    const merge = operationOf(scene)
    scene.wait(1_000)
    expect(scene.of('submit-operation')).toHaveLength(1)

    scene.final(merge.operation)
    scene.wait(1_000)

    expect(scene.of('submit-operation')).toHaveLength(1)
    expect(scene.engine.view.cashOf('polymarket')).toBe(usd + 500_000)
  })
})

describe('what has won', () => {
  test('is redeemed when its trades are final, and is cash when the venue says so', () => {
    const scene = open({ strategies: [new Buyer([4_500, 0], 10, { realisation: 'settlement' })] })
    scene.frame('book rain-yes 0.40x50 / 0.45x20', 'book rain-no 0.45x50 / 0.50x20')
    const [order] = scene.lastOrders() as [Order]
    const { venueTradeId } = scene.fill(order)
    scene.done(order, 'filled')
    scene.frame('resolve rain 1000000')
    scene.wait(1_000)
    expect(scene.of('submit-operation')).toEqual([])

    scene.settle(order, venueTradeId)
    scene.wait(1_000)
    scene.wait(1_000)

    const { operation, what } = operationOf(scene)
    expect(scene.of('submit-operation')).toHaveLength(1)
    expect(what).toEqual({ kind: 'redeem', market: 'rain' })
    expect(scene.engine.view.cashOf('polymarket')).toBe(usd - 4_500_000)
    scene.final(operation)
    expect(scene.engine.view.cashOf('polymarket')).toBe(usd - 4_500_000 + 10_000_000)
    expect(scene.holdings()).toEqual(new Map())
  })
})

describe('a pair that is paid for while its merge is under way', () => {
  test('is not paid for again when the merge turns out to be final', () => {
    const portfolio = new Portfolio(() => undefined)
    const effects: Effect[] = []
    const settlements = new Settlements({
      clock: new EngineClock(),
      portfolio,
      gateway: new RemoteGateway(new MarketCache()),
      namePrefix: () => 'B',
      marketOf: () => rain,
      othersOf: () => undefined,
      obey: (effect) => effects.push(effect),
      onSplit: () => undefined,
    })
    const at = 0 as Nanos
    portfolio.deposit('polymarket', 10_000_000 as MicroUsd, at)
    portfolio.split(rain, 10_000_000 as MicroShares, 5_000 as Ticks, 'mine', at)
    const what = { kind: 'merge', market: rain.id, size: 10_000_000 as MicroShares } as const
    settlements.submit(what, { venue: 'polymarket', basket: undefined, strategy: 'mine' })
    portfolio.settle(rain, { yesValue: 0 as Ppm }, at)

    const [submitted] = effects
    if (submitted?.kind !== 'submit-operation') throw new Error('an operation was submitted')
    const { operation } = submitted
    settlements.onUpdate({ kind: 'final', operation, cashIn: 0 as MicroUsd }, at)

    expect(settlements.size).toBe(0)
    expect(portfolio.cashOf('polymarket')).toBe(10_000_000)
    expect(portfolio.ledger.balanced).toBe(true)
  })
})

describe('names of operations', () => {
  test('are never those of an earlier life', () => {
    const names = [1_790_000_000_000, 1_790_000_001_000].map((startMs) => {
      const scene = new LiveScene({ strategies: [], markets: [rain], startMs })
      scene.wait(1_000)
      scene.account({ positions: [sharesOf('rain-yes', 3)] })
      scene.frame('resolve rain 1000000')
      scene.wait(1_000)
      return operationOf(scene).operation
    })

    expect(new Set(names).size).toBe(2)
  })
})

describe('a pair to be sold', () => {
  test('is split first, and its dollars are tied up until it is', () => {
    const scene = short()

    expect(operationOf(scene).what).toEqual({ kind: 'split', market: 'rain', size: 10_000_000 })
    expect(scene.orders()).toEqual([])
    expect(scene.engine.view.cashOf('polymarket')).toBe(usd - 10_000_000)
    expect(scene.engine.view.exposure).toBe(10_000_000)
  })

  test('is sold once the venue says that it is there', () => {
    const scene = short()

    scene.final(operationOf(scene).operation)

    expect(scene.orders()).toMatchObject([
      { instrument: 'rain-yes', side: 'sell', size: 10_000_000 },
      { instrument: 'rain-no', side: 'sell', size: 10_000_000 },
    ])
    expect(scene.held('rain-no')).toBe(10_000_000)
    for (const order of scene.orders()) scene.complete(order)
    expect(scene.states()).toEqual(['closed'])
    expect(scene.engine.view.cashOf('polymarket')).toBe(usd + 500_000)
  })

  test('that cannot be split is neither sold nor merged, and has cost nothing', () => {
    const scene = short()

    scene.fail(operationOf(scene).operation)
    scene.wait(30_000)

    expect(scene.orders()).toEqual([])
    expect(scene.of('submit-operation')).toHaveLength(1)
    expect(scene.states()).toEqual(['closed'])
    expect(scene.engine.view.cashOf('polymarket')).toBe(usd)
  })

  test('that nobody takes is merged back', () => {
    const scene = short()
    scene.final(operationOf(scene).operation)

    for (const order of scene.orders()) scene.done(order)

    const { operation, what } = operationOf(scene)
    expect(what).toEqual({ kind: 'merge', market: 'rain', size: 10_000_000 })
    scene.final(operation)
    expect(scene.engine.view.cashOf('polymarket')).toBe(usd)
    expect(scene.holdings()).toEqual(new Map())
  })
})

describe('NO of a set that converts', () => {
  const set = 'winner' as OutcomeSetId
  const names = ['rain', 'snow', 'sun']
  const conversion = { id: '0xset', feeBips: 0 }

  test('is converted when all of it is final: to cash, and to YES of the others', () => {
    const scene = open({
      strategies: [new Both('no', 'convert')],
      markets: names.map((name) => marketOf(name, { bookKind: 'mirrored', set, negRisk: true })),
      sets: [setOf('winner', names, { conversion })],
    })
    for (const name of names) scene.frame(`book ${name}-yes 0.60x10 / 0.99x10`)
    scene.wait(1_500)
    scene.frame('bid rain-yes 0.60 11')
    const orders = scene.lastOrders()
    expect(orders.map(({ instrument }) => instrument)).toEqual(['rain-no', 'snow-no'])

    for (const order of orders) scene.complete(order)

    const { operation, what } = operationOf(scene)
    const size = 10_000_000
    expect(what).toEqual({ kind: 'convert', set: '0xset', markets: ['rain', 'snow'], size })
    const before = scene.engine.view.cashOf('polymarket')
    scene.final(operation)
    expect(scene.engine.view.cashOf('polymarket')).toBe(before + size)
    expect(scene.holdings()).toEqual(new Map([['sun-yes', size]]))
    expect(scene.engine.view.ledgerBalanced).toBe(true)
  })
})
