import { describe, expect, test } from 'vitest'

import type { EpochMs, Nanos } from '../core/units.ts'
import type { TextEvent } from '../journal/engine-text.ts'
import { GapFinder } from './record-gaps.ts'

function connection(kind: 'open' | 'lost', atMs: number, id = 1): TextEvent {
  return {
    kind: 'connection',
    venue: 'kalshi',
    change: {
      connection: id,
      kind,
      markets: [],
      reason: 'silent',
      at: (atMs * 1e6) as Nanos,
      atMs: atMs as EpochMs,
    },
  }
}

describe('GapFinder', () => {
  test('a lost connection is a gap until the same one stands again', () => {
    const finder = new GapFinder()

    for (const [kind, atMs, id] of [
      ['open', 0, 1],
      ['open', 0, 2],
      ['lost', 100, 1],
      ['lost', 150, 2],
      ['lost', 200, 1],
      ['open', 300, 1],
    ] as const) {
      finder.onEvent(connection(kind, atMs, id))
    }

    const gap = { kind: 'connection', venue: 'kalshi', markets: 0, reason: 'silent' }
    expect(finder.gaps).toEqual([
      { ...gap, fromMs: 100, untilMs: 300 },
      { ...gap, fromMs: 150, untilMs: null },
    ])
  })

  test('silence of all is a gap from five seconds on', () => {
    const finder = new GapFinder()

    for (const atMs of [0, 4_999, 9_999, 10_000]) finder.hear(atMs)

    expect(finder.gaps.map(({ kind, fromMs, untilMs }) => [kind, fromMs, untilMs])).toEqual([
      ['stood-still', 4_999, 9_999],
    ])
  })
})
