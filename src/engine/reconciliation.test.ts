import { describe, expect, test } from 'vitest'

import { LiveScene, sharesOf } from '../../test/engine/live-scene.ts'
import { marketOf } from '../../test/engine/market-of.ts'
import { Buyer } from '../../test/engine/plain-strategies.ts'
import type { InstrumentId, MarketId } from '../core/market.ts'
import type { ClientOrderId, Order, VenueOrderId } from '../core/order.ts'
import type { MicroShares, Nanos } from '../core/units.ts'
import { microUsd } from '../core/units.ts'
import type { OperationId } from '../ports/settlement.ts'
import type { KeptBooks } from './event.ts'

const rain = marketOf('rain')
const snow = marketOf('snow')
const books = ['book rain-yes 0.40x50 / 0.45x20', 'book rain-no 0.45x50 / 0.50x20']
const snowBooks = ['book snow-yes 0.40x50 / 0.45x20', 'book snow-no 0.45x50 / 0.50x20']

/** Nothing has been read yet. */
function started(): LiveScene {
  return new LiveScene({ strategies: [new Buyer([4_500, 5_000])], markets: [rain, snow] })
}

function opened(): LiveScene {
  const scene = started()
  scene.open()
  return scene
}

function begin(scene: LiveScene): readonly [Order, Order] {
  scene.frame(...books)
  const [yes, no] = scene.lastOrders()
  if (yes === undefined || no === undefined) throw new Error('two orders leave')
  return [yes, no]
}

/** The same mispricing, seen again after a while. */
function tryAgain(scene: LiveScene, name = 'rain'): void {
  scene.wait(1_100)
  scene.frame(`bid ${name}-yes 0.40 ${scene.now % 97}`)
}

describe('before the first order', () => {
  test('the account is read, and nothing is traded until it was', () => {
    const scene = started()
    scene.wait(1_000)
    scene.frame(...books)
    expect(scene.of('read-account')).toHaveLength(1)
    expect(scene.refusals()).toEqual(['not-reconciled'])

    scene.account({ cash: microUsd(1_000_000_000) })
    tryAgain(scene)

    expect(scene.orders()).toHaveLength(2)
  })

  test('what the account holds is taken into the books, its cash as capital', () => {
    const scene = started()
    scene.wait(1_000)

    scene.account({
      cash: microUsd(70_000_001),
      positions: [sharesOf('rain-no', 12), sharesOf('unheard-of', 3)],
    })

    const { view } = scene.engine
    expect(view.cashOf('polymarket')).toBe(70_000_001)
    expect(view.capital).toBe(70_000_001)
    expect(scene.holdings()).toEqual(new Map([['rain-no', 12_000_000]]))
    expect(view.exposure).toBe(0)
    expect(view.ledgerBalanced).toBe(true)
    expect(scene.of('note-difference')).toMatchObject([
      { difference: { kind: 'opening', cash: 70_000_001, positions: 1 } },
    ])
  })

  test('it is taken in once, and then compared', () => {
    const scene = opened()

    scene.account({ cash: microUsd(1_000_000_000), positions: [sharesOf('rain-no', 1)] })

    expect(scene.differences()).toEqual(['opening'])
    expect(scene.held('rain-no')).toBe(0)
  })
})

describe('books of an earlier life', () => {
  const kept: KeptBooks = {
    summary: {
      number: 7,
      at: 0 as Nanos,
      memo: 'all that was posted before',
      postings: [
        { account: 'cash:polymarket', amount: microUsd(900) },
        { account: 'reserved:polymarket', amount: microUsd(100) },
        { account: 'capital', amount: microUsd(-1_000) },
      ],
      shares: [],
    },
    baskets: [],
    operations: [],
    basketCount: 4,
  }

  test('are compared with the account, not opened from it, and nothing is tied up any more', () => {
    const scene = new LiveScene({ strategies: [], markets: [rain], kept })
    scene.wait(1_000)
    expect(scene.engine.view.cashOf('polymarket')).toBe(1_000)

    scene.account({ cash: microUsd(999) })
    scene.account({ cash: microUsd(999) })

    expect(scene.differences()).toEqual(['cash'])
    expect(scene.engine.view.cashOf('polymarket')).toBe(1_000)
  })

  test('leave an operation undecided until its market is listed', () => {
    const what = { kind: 'split', market: rain.id, size: 3_000_000 as MicroShares } as const
    const operation = 'B1-split-1' as OperationId
    const operations = [
      { operation, venue: 'polymarket', what, basket: undefined, strategy: 'mine' } as const,
    ]
    const scene = new LiveScene({
      strategies: [],
      markets: [snow],
      kept: { ...kept, operations },
    })
    scene.wait(1_000)
    const pair = [sharesOf('rain-yes', 3), sharesOf('rain-no', 3)]
    scene.account({ positions: pair })
    expect(scene.of('note-operation')).toEqual([])

    scene.list('polymarket', [rain])
    scene.account({ positions: pair })

    expect(scene.of('note-operation')).toMatchObject([{ update: { kind: 'final', operation } }])
    expect(scene.held('rain-yes')).toBe(3_000_000)
  })
})

describe('an account that does not agree', () => {
  test('in cash stops its venue at the second reading, until it agrees again', () => {
    const scene = opened()
    const theirs = { cash: microUsd(999_000_000) }
    scene.account(theirs)
    expect(scene.differences()).toEqual(['opening'])

    scene.account(theirs)
    scene.frame(...books)
    expect(scene.of('note-difference').at(-1)).toMatchObject({
      difference: { kind: 'cash', ours: 1_000_000_000, theirs: 999_000_000 },
    })
    expect(scene.refusals()).toEqual(['not-reconciled'])

    scene.account()
    tryAgain(scene)
    expect(scene.orders()).toHaveLength(2)
  })

  test('in cash once, and not again, stops nothing', () => {
    const scene = opened()
    scene.account({ cash: microUsd(999_000_000) })
    scene.account()
    scene.account({ cash: microUsd(999_000_000) })

    scene.frame(...books)

    expect(scene.differences()).toEqual(['opening'])
    expect(scene.orders()).toHaveLength(2)
  })

  test('in the shares of a market stops that market, and no other', () => {
    const scene = opened()
    const theirs = { positions: [sharesOf('rain-yes', 2)] }
    scene.account(theirs)
    scene.account(theirs)
    expect(scene.of('note-difference').at(-1)).toMatchObject({
      difference: { kind: 'shares', market: 'rain', instrument: 'rain-yes', theirs: 2_000_000 },
    })

    scene.frame(...books)
    scene.frame(...snowBooks)

    expect(scene.refusals()).toEqual(['not-reconciled'])
    expect(scene.orders().map(({ market }) => market)).toEqual(['snow', 'snow'])
  })

  test('is read again after two seconds, one that does after thirty', () => {
    const scene = opened()
    const read = (): number => scene.of('read-account').length
    for (let second = 0; second < 29; second++) scene.wait(1_000)
    expect(read()).toBe(1)
    scene.wait(1_000)
    expect(read()).toBe(2)

    scene.account({ cash: microUsd(1) })
    scene.wait(1_000)
    expect(read()).toBe(2)
    scene.wait(1_000)
    expect(read()).toBe(3)
  })
})

describe('while something is under way', () => {
  test('nothing of it is compared', () => {
    const scene = opened()
    const [yes] = begin(scene)
    const theirs = { cash: microUsd(5), positions: [sharesOf('rain-yes', 9)] }

    for (let reading = 0; reading < 4; reading++) scene.account(theirs)
    scene.fill(yes, 3)
    for (let reading = 0; reading < 4; reading++) scene.account(theirs)

    expect(scene.differences()).toEqual(['opening'])
  })

  test('a trade that is not final is under way, whatever its basket thinks', () => {
    const scene = opened()
    const [yes, no] = begin(scene)
    const trades = [yes, no].map((order) => {
      const { venueTradeId } = scene.fill(order)
      scene.done(order, 'filled')
      return venueTradeId
    })
    expect(scene.states()).toEqual(['closed'])

    for (let reading = 0; reading < 4; reading++) {
      scene.account({ cash: microUsd(1_000_000_000), positions: [] })
    }

    expect(scene.differences()).toEqual(['opening'])
    expect(trades).toHaveLength(2)
  })
})

describe('a fill that was missed', () => {
  test('is booked when the account tells of it, and once', () => {
    const scene = opened()
    const [yes] = begin(scene)
    const { order, at: _at, ...fill } = scene.fillOf(yes, 4)
    const told = { venueOrder: 'V' as VenueOrderId, order, instrument: yes.instrument, fill }

    scene.account({ fills: [told] })
    scene.account({ fills: [told] })
    scene.update({ kind: 'filled', order, fill: { ...fill, order, at: scene.now } })

    expect(scene.held('rain-yes')).toBe(4_000_000)
    expect(scene.differences()).toEqual(['opening', 'fill-missed'])
  })

  test('of an order that is not ours is none of our business', () => {
    const scene = opened()
    const [yes] = begin(scene)
    const { order: _order, at: _at, ...fill } = scene.fillOf(yes, 4)
    const strange = { venueOrder: 'V' as VenueOrderId, instrument: yes.instrument, fill }

    scene.account({
      fills: [
        { ...strange, order: undefined },
        { ...strange, order: 'X-1' as ClientOrderId },
      ],
    })

    expect(scene.held('rain-yes')).toBe(0)
  })
})

describe('open orders', () => {
  const unknown = {
    venueOrder: 'V9' as VenueOrderId,
    order: undefined,
    market: 'rain' as MarketId,
    instrument: 'rain-yes' as InstrumentId,
    filled: 0 as MicroShares,
  }

  test('that are none of ours close their market for as long as they are there', () => {
    const scene = opened()
    scene.account({ openOrders: [unknown] })
    scene.account({ openOrders: [unknown] })
    expect(scene.differences()).toEqual(['opening', 'order-unknown'])
    scene.frame(...books)
    scene.frame(...snowBooks)
    expect(scene.refusals()).toEqual(['not-reconciled'])
    expect(scene.orders().map(({ market }) => market)).toEqual(['snow', 'snow'])

    scene.account()
    tryAgain(scene)

    expect(scene.orders()).toHaveLength(4)
  })

  test('of ours that two readings do not list are asked about, those of one are not', () => {
    const scene = opened()
    const [yes] = begin(scene)
    scene.live(yes)
    scene.account()
    expect(scene.of('query-order')).toEqual([])

    scene.account()

    expect(scene.differences()).toEqual(['opening', 'order-gone'])
    expect(scene.of('query-order').map(({ order }) => order)).toEqual([yes.id])
    expect(scene.states()).toEqual(['reconciling'])
  })

  test('of ours that are listed are left alone', () => {
    const scene = opened()
    const [yes] = begin(scene)
    scene.live(yes)
    const listed = { ...unknown, order: yes.id }

    for (let reading = 0; reading < 3; reading++) scene.account({ openOrders: [listed] })

    expect(scene.differences()).toEqual(['opening'])
    expect(scene.of('query-order')).toEqual([])
  })
})

describe('a word that our books do not explain', () => {
  test('makes the account be read at once', () => {
    const scene = opened()
    const before = scene.of('read-account').length

    const order = 'X-1' as ClientOrderId
    scene.update({ kind: 'live', order, venueOrder: 'V' as VenueOrderId })
    scene.wait(1_000)

    expect(scene.of('read-account')).toHaveLength(before + 1)
  })
})

describe('a venue that takes no orders', () => {
  test('is not traded at until it is open again', () => {
    const scene = opened()
    scene.status('closed')
    scene.frame(...books)
    expect(scene.refusals()).toEqual(['venue-closed'])

    scene.status('open')
    tryAgain(scene)

    expect(scene.orders()).toHaveLength(2)
  })
})
