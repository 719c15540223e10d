import { describe, expect, test } from 'vitest'
import type { MarketId } from '../../core/market.ts'
import { MarketCache } from '../../engine/market-cache.ts'
import { PolymarketCodec } from './codec.ts'
import {
  burstChanges,
  burstFrame,
  burstMarket,
  burstSnapshot,
  preSweepBook,
  sweepFrames,
} from './fixtures/crossing-burst.ts'
import { sketchMarket } from './fixtures/market.ts'
import { RecordingSink } from './fixtures/recording-sink.ts'

/** Best bid and ask after each of the ten changes. */
const tops = [
  ['0.301', '0.397'],
  ['0.311', '0.397'],
  ['0.311', '0.397'],
  ['0.311', '0.39'],
  ['0.311', '0.39'],
  ['0.311', '0.39'],
  ['0.311', '0.39'],
  ['0.311', '0.39'],
  ['0.311', '0.389'],
  ['0.311', '0.389'],
] as const

function scene() {
  const books = new MarketCache()
  const entry = books.add(sketchMarket(burstMarket))
  if (entry === undefined) throw new Error('the market is new')
  const codec = new PolymarketCodec()
  const sink = new RecordingSink()
  const { book } = entry.yes
  return {
    books,
    book,
    codec,
    sink,
    feed: (...frames: readonly string[]) => {
      for (const frame of frames) codec.onFrame(0, Buffer.from(frame), books, sink)
    },
  }
}

describe('a book of a mirrored market', () => {
  test('is proven by the hash of its first snapshot', () => {
    const { book, sink, feed } = scene()

    feed(burstSnapshot)

    expect(book.state).toBe('proven')
    expect(sink.proofs).toEqual(['snapshot', 'hash-verified'])
    expect([book.bestBid, book.bestAsk]).toEqual([3000, 3970])
  })

  test('has the venue’s hash after each of ten real changes', () => {
    const { book, codec, feed } = scene()
    feed(burstSnapshot)

    for (const [index, change] of burstChanges.entries()) {
      feed(burstFrame(change, tops[index] ?? ['', '']))

      expect(codec.prove(book), `change ${index + 1}`).toBe(true)
    }
  })

  test('is torn within a sweep, and whole when the sweep is over', () => {
    const { book, codec, sink, feed } = scene()
    feed(burstSnapshot, preSweepBook)
    const torn: boolean[] = []

    for (const frame of sweepFrames) {
      feed(frame)
      torn.push(book.torn)
    }

    expect(torn).toEqual([true, true, false, false])
    expect(sink.proofs).toContain('sweep')
    expect([book.bestBid, book.bestAsk]).toEqual([2900, 3010])
    expect(codec.audit(10, scene().books, sink)).toBe(1)
    expect(book.state).toBe('proven')
    expect(codec.prove(book)).toBe(true)
  })

  test('is unproven when its connection is lost, and proves nothing until a new snapshot', () => {
    const { book, books, codec, sink, feed } = scene()
    feed(burstSnapshot)

    codec.onConnectionLost(0, [burstMarket.id as MarketId], books, sink)

    expect(book.state).toBe('unproven')
    expect(codec.prove(book)).toBe(false)
    feed(burstSnapshot)
    expect(book.state).toBe('proven')
  })
})
