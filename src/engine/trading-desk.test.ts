import { describe, expect, test } from 'vitest'
import { marketOf } from '../../test/engine/market-of.ts'
import { Both, Buyer } from '../../test/engine/plain-strategies.ts'
import type { SceneOptions } from '../../test/engine/scene.ts'
import { Scene } from '../../test/engine/scene.ts'
import type { Command } from './event.ts'
import type { Strategy } from '../ports/strategy.ts'
import { microUsd } from '../core/units.ts'
import { riskDefaults } from '../risk/risk-limits.ts'

const rain = marketOf('rain')

function sceneOf(
  strategy: Strategy = new Buyer([4_500, 5_000]),
  options: Partial<SceneOptions> = {},
): Scene {
  return new Scene({ strategies: [strategy], markets: [rain], ...options })
}

function command(scene: Scene, kind: 'pause' | 'resume'): void {
  const asked: Command = { kind }
  scene.process({ kind: 'command', command: asked, at: scene.now })
}

const books = ['book rain-yes 0.40x50 / 0.45x10', 'book rain-no 0.45x50 / 0.50x10']
const signals = 'strategy_signals_total{strategy=buyer,venue=polymarket}'

describe('a mispricing that lasts', () => {
  test('is traded once, however often it is seen', () => {
    const scene = sceneOf()
    scene.frame(...books)

    for (let update = 1; update < 20; update++) {
      scene.wait(10)
      scene.frame(`bid rain-yes 0.40 ${50 + update}`)
    }

    expect(scene.of('place-basket')).toHaveLength(1)
    expect(scene.of('note-signal').filter(({ approved }) => approved)).toHaveLength(1)
    expect(scene.count(signals)).toBe(1)
    expect(scene.engine.view.openEpisodes()).toMatchObject([{ sightings: 21, attempts: 1 }])
  })

  test('is traded again when what was taken has been replaced', () => {
    const scene = sceneOf()
    scene.frame(...books)
    scene.wait(20)

    scene.frame('ask rain-yes 0.45 20', 'ask rain-no 0.50 19')
    scene.wait(2_000)
    scene.frame('bid rain-yes 0.40 51')
    expect(scene.of('place-basket')).toHaveLength(1)

    scene.frame('ask rain-no 0.50 20')
    scene.wait(2_000)
    scene.frame('bid rain-yes 0.40 52')
    scene.wait(20)

    expect(scene.of('place-basket')).toHaveLength(2)
    expect(scene.count(signals)).toBe(2)
    expect(scene.engine.view.fillCount).toBe(4)
    expect(scene.engine.view.endedEpisodes()).toEqual([])
  })

  test('is a new one when it has vanished and come back', () => {
    const scene = sceneOf()
    scene.frame(...books)
    scene.wait(20)

    scene.frame('ask rain-yes 0.45 0')
    scene.frame('ask rain-yes 0.45 10', 'ask rain-no 0.50 0')
    scene.frame('ask rain-no 0.50 10')
    scene.wait(20)

    expect(scene.of('place-basket')).toHaveLength(2)
    expect(scene.engine.view.endedEpisodes()).toMatchObject([{ endedBy: 'too-dear', attempts: 1 }])
  })

  test('is not tried anew while its basket is under way', () => {
    const scene = sceneOf(new Buyer([4_500, 5_000]), { latencyMs: 500 })
    scene.frame(...books)

    scene.frame('ask rain-yes 0.45 0')
    scene.frame('ask rain-yes 0.45 10')

    expect(scene.of('place-basket')).toHaveLength(1)
    expect(scene.of('note-signal').at(-1)).toMatchObject({
      approved: false,
      reason: 'basket-at-work',
    })
  })

  test('is not traded for ever, however often it is replaced', () => {
    const scene = sceneOf()
    scene.frame(...books)

    for (let refill = 2; refill < 70; refill++) {
      scene.wait(2_000)
      scene.frame(`ask rain-yes 0.45 ${10 * refill}`, `ask rain-no 0.50 ${10 * refill}`)
    }

    expect(scene.of('place-basket')).toHaveLength(50)
  })

  test('ends when its market closes', () => {
    const scene = sceneOf()
    scene.frame(...books)

    scene.frame('close rain')

    expect(scene.engine.view.endedEpisodes()).toMatchObject([{ endedBy: 'market-closed' }])
  })
})

describe('a refusal of risk', () => {
  test('is noted with its reason, once for as long as it stands, and tried again later', () => {
    const scene = sceneOf()
    command(scene, 'pause')
    scene.frame(...books)
    for (let update = 1; update < 5; update++) scene.frame(`bid rain-yes 0.40 ${50 + update}`)
    scene.wait(1_500)
    scene.frame('bid rain-yes 0.40 60')

    expect(scene.of('note-signal')).toMatchObject([{ approved: false, reason: 'paused' }])
    expect(scene.count('risk_refusals_total{strategy=buyer,reason=paused}')).toBe(1)
    expect(scene.count(signals)).toBe(1)

    command(scene, 'resume')
    scene.wait(1_500)
    scene.frame('bid rain-yes 0.40 61')

    expect(scene.of('place-basket')).toHaveLength(1)
    expect(scene.count(signals)).toBe(1)
  })

  test('by a limit holds, and nothing is tied up', () => {
    const risk = { ...riskDefaults, orderNotionalMax: microUsd(4_999_999) }
    const scene = sceneOf(new Buyer([4_500, 5_000]), { limits: { risk } })

    scene.frame(...books)

    expect(scene.of('note-signal')).toMatchObject([{ approved: false, reason: 'order-notional' }])
    expect(scene.engine.view.exposure).toBe(0)
  })

  test('by the proof holds: a claim of more than was proven does not trade', () => {
    const scene = sceneOf(
      new Buyer([4_500, 5_000], 10, {
        certificate: {
          group: 'rain',
          sets: [],
          legs: [],
          states: [],
          edge: microUsd(1),
          assumptions: [],
        },
      }),
    )

    scene.frame(...books)

    expect(scene.of('note-signal')).toMatchObject([
      { approved: false, reason: 'certificate-of-another-signal' },
    ])
  })

  test('comes where the book is not proven, whatever the strategy thinks of it', () => {
    const scene = sceneOf()

    scene.frame('ask rain-yes 0.45 10', 'ask rain-no 0.50 10')

    expect(scene.of('note-signal')).toMatchObject([{ approved: false, reason: 'unproven-book' }])
  })
})

describe('a basket', () => {
  test('is in the journal before the gateway has it, after its cash is tied up', () => {
    const scene = sceneOf()

    scene.frame(...books)

    const kinds = scene.effects.map(({ kind }) => kind)
    expect(kinds.slice(-5)).toEqual([
      'note-signal',
      'plan-basket',
      'note-entry',
      'note-basket',
      'place-basket',
    ])
    expect(scene.engine.view.exposure).toBe(9_500_000)
  })

  test('whose second leg fails is sold again, and nothing of it stays tied up', () => {
    const scene = sceneOf()
    scene.frame(...books)

    scene.frame('ask rain-no 0.50 0')
    scene.wait(20)
    scene.wait(20)

    expect(scene.of('place-basket').map(({ intent }) => [intent.basket, intent.purpose])).toEqual([
      ['B000001', 'open'],
      ['B000001-U1', 'unwind'],
    ])
    // Ten bought at 45 cents and sold at 40.
    expect(scene.engine.view.realised).toBe(-500_000)
    expect(scene.engine.view.exposure).toBe(0)
    expect(scene.engine.view.ledgerBalanced).toBe(true)
    expect(scene.engine.view.rejectionCount).toBe(1)
  })

  test('of which a leg is unknown waits, with its cash tied up, until the venue can say', () => {
    const scene = sceneOf()
    scene.frame(...books)
    const [placed] = scene.of('place-basket')
    for (const { id } of placed?.intent.orders ?? []) {
      const update = { kind: 'unknown', order: id, reason: 'timeout' } as const
      scene.process({ kind: 'order-update', venue: 'polymarket', update, at: scene.now })
    }

    expect(scene.of('query-order')).toHaveLength(2)
    expect([scene.engine.view.openBaskets, scene.engine.view.exposure]).toEqual([1, 9_500_000])
    scene.wait(20)
    expect([scene.engine.view.openBaskets, scene.engine.view.exposure]).toEqual([0, 0])
    expect(scene.engine.view.fillCount).toBe(2)
  })

  test('that cannot be sold stays a position, marked at what it would bring', () => {
    const scene = sceneOf()
    scene.frame('book rain-yes 0.30x50 / 0.45x10', 'book rain-no / 0.50x10')
    scene.frame('ask rain-no 0.50 0')

    for (let second = 0; second < 25; second++) {
      scene.wait(1_000)
      scene.frame('bid rain-yes 0.30 50')
    }

    expect(scene.engine.view.openBaskets).toBe(0)
    expect(scene.engine.view.positions()).toMatchObject([
      { basis: 4_500_000, value: 3_000_000, position: { instrument: 'rain-yes' } },
    ])
    expect(scene.engine.view.unrealised).toBe(-1_500_000)
  })

  test('measures what it took from the frame and from the signal to the fill', () => {
    const scene = sceneOf(new Buyer([4_500, 5_000]), { latencyMs: 12 })
    scene.frame(...books)
    scene.wait(20)

    const of = (name: string): number[] | undefined =>
      scene.metrics.records.get(`${name}{strategy=buyer}`)
    expect(of('execution_signal_to_fill_us')).toEqual([12_000, 12_000])
    expect(of('execution_e2e_latency_us')).toEqual([12_000, 12_000])
    expect(of('strategy_signal_edge')).toEqual([0.001])
    expect(scene.count('execution_fills_total{strategy=buyer,executor=paper}')).toBe(2)
    expect(scene.count('execution_rejections_total{strategy=buyer,executor=paper}')).toBe(0)
  })

  test('of which a market is resolved while another leg is under way is settled all the same', () => {
    const snow = marketOf('snow', { takerDelayMs: 300 })
    const scene = sceneOf(new Both(), { markets: [rain, snow] })
    scene.frame('book rain-yes 0.40x50 / 0.45x10', 'book snow-yes 0.40x50 / 0.45x10')
    scene.wait(20)

    scene.frame('resolve rain 1000000')
    scene.wait(300)

    expect(scene.engine.view.positions().map(({ position }) => position.instrument)).toEqual([
      'snow-yes',
    ])
    expect(scene.engine.view.realised).toBe(5_500_000)
  })
})
