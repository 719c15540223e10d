import { describe, expect, test } from 'vitest'
import { marketOf } from '../../test/engine/market-of.ts'
import type { Nanos } from '../core/units.ts'
import type { BookEntry } from '../ports/book-table.ts'
import { FeedHealth } from './feed-health.ts'
import { MarketCache } from './market-cache.ts'

const limits = { silenceMsMax: 15_000, silenceMsMin: 250, silenceGaps: 50 }
const at = (ms: number): Nanos => (ms * 1_000_000) as Nanos

function entryOf(name: string): BookEntry {
  const entry = new MarketCache().add(marketOf(name))
  if (entry === undefined) throw new Error('the market is new')
  return entry
}

/** A connection that ticks every so many milliseconds for a while; it was last heard at the end. */
function ticking(
  everyMs: number,
  frames = 400,
): { health: FeedHealth; entry: BookEntry; end: number } {
  const health = new FeedHealth(limits)
  const entry = entryOf('rain')
  for (let frame = 0; frame < frames; frame++) health.heard('polymarket', 3, at(frame * everyMs))
  health.carried(entry, 3)
  return { health, entry, end: (frames - 1) * everyMs }
}

describe('the health of a feed', () => {
  test('is not believed before the market was heard of', () => {
    const health = new FeedHealth(limits)
    health.heard('polymarket', 0, at(0))

    expect(health.isFresh(entryOf('rain'), at(0))).toBe(false)
  })

  test.each([
    { name: 'a fast feed is stale after a quarter of a second', everyMs: 2, limitMs: 250 },
    { name: 'a feed of ten a second is stale after five seconds', everyMs: 100, limitMs: 5_000 },
    { name: 'a quiet feed is stale after the most we allow', everyMs: 2_000, limitMs: 15_000 },
  ])('$name', ({ everyMs, limitMs }) => {
    const { health, entry, end } = ticking(everyMs)

    expect(health.isFresh(entry, at(end + limitMs * 0.99))).toBe(true)
    expect(health.isFresh(entry, at(end + limitMs * 1.01))).toBe(false)
  })

  test('is fresh again with the next frame, whichever market it was about', () => {
    const { health, entry, end } = ticking(2)
    const later = end + 1_000
    expect(health.isFresh(entry, at(later))).toBe(false)

    health.heard('polymarket', 3, at(later))

    expect(health.isFresh(entry, at(later))).toBe(true)
  })

  test('follows a market to the connection that now carries it', () => {
    const { health, entry, end } = ticking(2)
    health.heard('polymarket', 4, at(end + 1_000))

    health.carried(entry, 4)

    expect(health.isFresh(entry, at(end + 1_100))).toBe(true)
  })
})
