import { describe, expect, test } from 'vitest'
import type { InstrumentId, MarketId } from '../core/market.ts'
import type { BasketId } from '../core/order.ts'
import type { TradeSignal } from '../core/signal.ts'
import type { MicroShares, MicroUsd, Nanos, Ppm, Ticks } from '../core/units.ts'
import type { Episode } from './episodes.ts'
import { Episodes } from './episodes.ts'

const at = (ms: number): Nanos => (ms * 1_000_000) as Nanos
const numbers = ['rain', 'snow', 'hail']

function signalOf(markets: readonly string[], edge = 100): TradeSignal {
  return {
    kind: 'signal',
    strategy: 'mine',
    venue: 'polymarket',
    legs: markets.map((market) => ({
      venue: 'polymarket',
      market: market as MarketId,
      instrument: `${market}-yes` as InstrumentId,
      outcome: 'yes',
      side: 'buy',
      limit: 4_000 as Ticks,
      size: 5_000_000 as MicroShares,
    })),
    edge: edge as MicroUsd,
    edgeRate: edge as Ppm,
    certificate: undefined,
    realisation: 'settlement',
    generatedAt: at(0),
    receivedAt: at(0),
  }
}

function newEpisodes(): { episodes: Episodes; ended: Episode[] } {
  const ended: Episode[] = []
  const episodes = new Episodes(
    ({ market }) => numbers.indexOf(market),
    (episode) => ended.push(episode),
  )
  return { episodes, ended }
}

describe('episodes', () => {
  test('what is seen again is the same, with its last sight and its best edge', () => {
    const { episodes } = newEpisodes()

    const first = episodes.see(signalOf(['rain'], 100), at(1))
    episodes.see(signalOf(['rain'], 300), at(2))
    const last = episodes.see(signalOf(['rain'], 200), at(3))

    expect(last).toBe(first)
    expect([episodes.count, episodes.openCount]).toEqual([1, 1])
    expect(last).toMatchObject({
      firstSeenAt: at(1),
      lastSeenAt: at(3),
      sightings: 3,
      peakEdge: 300,
      peakEdgeRate: 300,
    })
  })

  test('ends when the strategy looks at one of its markets and finds nothing', () => {
    const { episodes, ended } = newEpisodes()
    episodes.see(signalOf(['rain', 'snow']), at(1))
    expect(episodes.touches(1)).toBe(true)

    episodes.passed(1, 'thin-edge', at(5))

    expect(ended).toMatchObject([{ number: 1, endedBy: 'thin-edge', endedAt: at(5) }])
    expect([episodes.openCount, episodes.touches(0), episodes.touches(1)]).toEqual([
      0,
      false,
      false,
    ])
  })

  test('that vanishes and comes back is another one', () => {
    const { episodes } = newEpisodes()
    const first = episodes.see(signalOf(['rain']), at(1))
    episodes.passed(0, 'no-edge', at(2))

    const second = episodes.see(signalOf(['rain']), at(3))

    expect(second.number).toBe(first.number + 1)
  })

  test.each(['torn', 'unproven', 'broken', 'stale', 'crossed'])(
    'is not over because a book is %s',
    (reason) => {
      const { episodes } = newEpisodes()
      episodes.see(signalOf(['rain']), at(1))

      episodes.passed(0, reason, at(2))

      expect(episodes.openCount).toBe(1)
    },
  )

  test('is not ended by what happens in another market', () => {
    const { episodes } = newEpisodes()
    episodes.see(signalOf(['rain', 'snow']), at(1))

    episodes.passed(2, 'no-edge', at(2))

    expect(episodes.openCount).toBe(1)
  })

  test('of overlapping legs are told apart', () => {
    const { episodes, ended } = newEpisodes()
    episodes.see(signalOf(['rain', 'snow']), at(1))
    episodes.see(signalOf(['snow', 'hail']), at(1))

    episodes.passed(0, 'no-edge', at(2))

    expect(ended.map(({ number }) => number)).toEqual([1])
    expect([episodes.openCount, episodes.touches(1)]).toEqual([1, true])
  })

  test('has one basket at work, and may be tried again once that is over', () => {
    const { episodes } = newEpisodes()
    const episode = episodes.see(signalOf(['rain']), at(1))
    episode.basket = 'B000001' as BasketId

    episodes.basketOver('B000001' as BasketId, at(9))

    expect([episode.basket, episode.retryAt]).toEqual([undefined, at(9)])
  })

  test('all end when their strategy is stopped', () => {
    const { episodes, ended } = newEpisodes()
    episodes.see(signalOf(['rain']), at(1))
    episodes.see(signalOf(['snow']), at(1))

    episodes.endAll('strategy-stopped', at(2))

    expect(ended.map(({ endedBy }) => endedBy)).toEqual(['strategy-stopped', 'strategy-stopped'])
    expect(episodes.openCount).toBe(0)
  })
})
