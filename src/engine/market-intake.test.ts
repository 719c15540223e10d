import { describe, expect, test } from 'vitest'
import { marketOf } from '../../test/engine/market-of.ts'
import { Buyer, Watcher } from '../../test/engine/plain-strategies.ts'
import { Scene } from '../../test/engine/scene.ts'
import type { MarketId } from '../core/market.ts'
import { uniformGrid } from '../core/price-grid.ts'
import type { EpochMs } from '../core/units.ts'
import { microShares, microUsd, ppm, ticks } from '../core/units.ts'

const rain = marketOf('rain')
const id = (name: string): MarketId => name as MarketId

/** Ten YES of rain are ours. */
function holding(): Scene {
  const scene = new Scene({ strategies: [new Buyer([4_500, 0])], markets: [rain] })
  scene.frame('book rain-yes 0.40x50 / 0.45x10')
  scene.wait(20)
  return scene
}

describe('the catalogue', () => {
  test('opens books and subscribes to what is new and open, and to nothing else', () => {
    const scene = new Scene({ strategies: [], markets: [rain] })

    scene.list([rain, marketOf('snow'), marketOf('hail', { status: 'closed' })])

    expect(scene.of('subscribe').map(({ markets }) => markets)).toEqual([['rain'], ['snow']])
    expect([...scene.cache.entries()].map(({ market }) => market.id)).toEqual(['rain', 'snow'])
  })

  test('tells strategies of what has changed', () => {
    const watcher = new Watcher()
    const scene = new Scene({ strategies: [watcher], markets: [rain] })

    scene.list([marketOf('snow')])
    scene.frame('bid snow-yes 0.40 5')

    expect(watcher.seen).toEqual(['snow-yes 4000'])
  })

  test('forgets what is gone, and unsubscribes from it', () => {
    const watcher = new Watcher()
    const scene = new Scene({ strategies: [watcher], markets: [rain] })

    scene.list([], [], ['rain'])
    scene.frame('bid rain-yes 0.40 5')

    expect(scene.of('unsubscribe')).toEqual([
      { kind: 'unsubscribe', venue: 'polymarket', markets: ['rain'] },
    ])
    expect(scene.cache.byMarket('polymarket', id('rain'))).toBeUndefined()
    expect(watcher.seen).toEqual([])
    expect(scene.engine.view.framesRefused).toBe(1)
  })

  test('asks for a snapshot where the grid has changed under the books', () => {
    const scene = new Scene({ strategies: [], markets: [rain] })

    scene.list([marketOf('rain', { grid: uniformGrid(ticks(10)) })])

    expect(scene.of('request-snapshot')).toEqual([
      { kind: 'request-snapshot', venue: 'polymarket', market: 'rain' },
    ])
  })

  test('leaves out a listing whose token is another market’s', () => {
    const scene = new Scene({ strategies: [], markets: [rain] })

    scene.list([marketOf('snow', { yes: rain.yes })])

    expect(scene.cache.byMarket('polymarket', id('snow'))).toBeUndefined()
    expect(scene.of('subscribe')).toHaveLength(1)
  })
})

describe('a market that closes', () => {
  test('is unsubscribed and forgotten when nothing of it is ours', () => {
    const scene = new Scene({ strategies: [], markets: [rain] })

    scene.frame('close rain')
    scene.wait(1_000)

    expect(scene.of('unsubscribe')).toHaveLength(1)
    expect(scene.cache.live).toBe(0)
  })

  test('closes when its time has come, whatever the listing says', () => {
    const watcher = new Watcher()
    const scene = new Scene({ strategies: [watcher], markets: [] })
    const closesAt = (scene.nowMs + 5_000) as EpochMs
    scene.list([marketOf('rain', { closesAt })])

    scene.wait(4_999)
    scene.frame('bid rain-yes 0.40 5')
    scene.wait(1_001)
    scene.frame('bid rain-yes 0.41 5')
    scene.list([marketOf('rain', { closesAt })])

    expect(watcher.seen).toEqual(['rain-yes 4000'])
    expect(scene.of('subscribe')).toHaveLength(1)
    expect(scene.cache.live).toBe(0)
  })

  test('is followed as long as we hold shares of it', () => {
    const scene = holding()
    expect(scene.engine.view.positions()).not.toEqual([])

    scene.frame('close rain')
    scene.list([], [], ['rain'])
    scene.wait(1_000)

    expect(scene.of('unsubscribe')).toEqual([])
    expect(scene.cache.live).toBe(1)
  })

  test('settles what we hold when it is resolved, and is then forgotten', () => {
    const scene = holding()
    const before = scene.engine.view.exposure

    scene.list([marketOf('rain', { status: 'resolved', resolution: { yesValue: ppm(1_000_000) } })])

    expect(before).toBeGreaterThan(0)
    expect(scene.engine.view.exposure).toBe(0)
    expect(scene.engine.view.positions()).toEqual([])
    expect(scene.engine.view.ledgerBalanced).toBe(true)
    expect(scene.of('unsubscribe')).toHaveLength(1)
  })

  test('settles what an earlier life has left in a market that is resolved by now', () => {
    const scene = new Scene({ strategies: [], markets: [] })
    const yes = { instrument: rain.yes.id, outcome: 'yes', strategy: 'buyer' } as const
    const change = microShares(10_000_000)
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
            { account: 'cash:polymarket', amount: microUsd(-4_500_000) },
            { account: `inventory:polymarket:${rain.yes.id}`, amount: microUsd(4_500_000) },
          ],
          shares: [{ venue: 'polymarket', market: rain.id, ...yes, change }],
        },
        baskets: [],
        operations: [],
        basketCount: 1,
      },
    })

    scene.list([marketOf('rain', { status: 'resolved', resolution: { yesValue: ppm(1_000_000) } })])

    expect(scene.engine.view.positions()).toEqual([])
    expect(scene.engine.view.realised).toBe(5_500_000)
    expect(scene.of('subscribe')).toEqual([])
  })

  test('is kept when the listing takes it up again before it was forgotten', () => {
    const scene = holding()
    scene.list([], [], ['rain'])
    scene.list([rain])

    scene.frame('resolve rain 0')
    scene.list([marketOf('snow')])

    expect(scene.of('unsubscribe')).toHaveLength(1)
    expect(scene.engine.view.positions()).toEqual([])
  })
})
