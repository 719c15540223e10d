import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { WatchedScene } from '../../test/server/watched-scene.ts'
import type { Fill } from './schema/portfolio.ts'
import { mergeChange } from './schema/merge-change.ts'
import type { RunState } from './schema/stream.ts'
import { Shelf } from './shelf.ts'

type Row = { readonly id: string; readonly value: number }

describe('a shelf', () => {
  test('has the latest first, and changes a row where it stands', () => {
    const shelf = new Shelf<Row>(3)

    shelf.set({ id: 'a', value: 1 })
    shelf.set({ id: 'b', value: 1 })
    shelf.set({ id: 'a', value: 2 })

    expect(shelf.latest()).toEqual([
      { id: 'b', value: 1 },
      { id: 'a', value: 2 },
    ])
  })

  test('drops the oldest when it is full, and says so once', () => {
    const shelf = new Shelf<Row>(1)
    shelf.set({ id: 'a', value: 1 })
    shelf.takeChanges()

    shelf.set({ id: 'b', value: 1 })

    expect(shelf.takeChanges()).toEqual({ rows: [{ id: 'b', value: 1 }], gone: ['a'] })
    expect(shelf.takeChanges()).toEqual({ rows: [], gone: [] })
  })

  test('says nothing of a row that came and went between two looks', () => {
    const shelf = new Shelf<Row>(1)

    shelf.set({ id: 'a', value: 1 })
    shelf.set({ id: 'b', value: 1 })

    expect(shelf.takeChanges()).toEqual({ rows: [{ id: 'b', value: 1 }], gone: [] })
  })

  test('is the same at both ends of the stream, however small it is', () => {
    const setting = fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd', 'e'), look: fc.boolean() })
    fc.assert(
      fc.property(
        fc.array(setting, { maxLength: 30 }),
        fc.integer({ min: 1, max: 4 }),
        (all, max) => {
          const shelf = new Shelf<Fill>(max)
          let followed: RunState = { ...emptyState(), fills: shelf.latest() }
          for (const [number, { id, look }] of all.entries()) {
            shelf.set(fillOf(id, number))
            if (!look) continue
            const { rows, gone } = shelf.takeChanges()
            followed = mergeChange(followed, { fills: rows, gone })
            expect(followed.fills).toEqual(shelf.latest())
          }
        },
      ),
    )
  })
})

function emptyState(): RunState {
  const scene = new WatchedScene([])
  scene.tell()
  const state = scene.replica.state()
  if (state === undefined) throw new Error('a replica that was told has a state')
  return state
}

function fillOf(id: string, atMs: number): Fill {
  return {
    id,
    atMs,
    strategy: 'cross-outcome',
    basket: 'B000001',
    purpose: 'open',
    market: { venue: 'polymarket', id: 'rain', question: 'Will rain?', label: '' },
    outcome: 'yes',
    side: 'buy',
    price: '0.5',
    size: '1',
    fee: '0',
  }
}
