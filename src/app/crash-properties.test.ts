import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import Sqlite from 'better-sqlite3'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'

import { fickleWorld } from '../../test/engine/fickle-day.ts'
import { FickleVenue } from '../../test/engine/fickle-venue.ts'
import type { Counterpart } from '../../test/engine/live-scene.ts'
import { LiveScene } from '../../test/engine/live-scene.ts'
import { live } from '../../test/engine/random-lines.ts'
import { Random } from '../core/random.ts'
import type { EpochMs } from '../core/units.ts'
import type { Effect } from '../engine/event.ts'
import { readKeptBooks } from './kept-books.ts'
import { LedgerStore } from './ledger-store.ts'

const badge = 'SIMULATED'
const startMs = 1_790_000_000_000

/** What stops the first life, in the middle of whatever it does. */
class Crash extends Error {}

type Life = { readonly scene: LiveScene; readonly store: LedgerStore }

type Death = {
  /** The effect at which the program dies. */
  readonly at: number
  /** Whether it was obeyed before: what it asked for is at the venue. */
  readonly late: boolean
}

/** One life of the program: an engine, and what it keeps on the disk. */
function begin(path: string, venue: FickleVenue, number: number, death?: Death): Life {
  const world = fickleWorld()
  const lifeMs = startMs + number * 3_600_000
  const kept = readKeptBooks(path, badge)?.books
  const store = new LedgerStore({
    path,
    badge,
    program: '0.0.0',
    startedAt: lifeMs as EpochMs,
    continues: true,
    durableOrders: true,
    msOf: (at) => (lifeMs + Math.round(at / 1e6)) as EpochMs,
    marketOf: (_venue, id) => world.markets.find((market) => market.id === id),
  })
  let count = 0
  const die = (late: boolean): void => {
    if (death !== undefined && late === death.late && count === death.at) throw new Crash()
  }
  const counterpart: Counterpart = {
    obey: (effect, nowMs) => {
      venue.obey(effect, nowMs)
      die(true)
    },
    nextDue: () => venue.nextDue(),
    take: (nowMs, at) => venue.take(nowMs, at),
  }
  const observe = (effect: Effect): void => {
    count++
    store.observe(effect)
    die(false)
  }
  const scene = new LiveScene({ ...world, counterpart, observe, startMs: lifeMs, kept })
  return { scene, store }
}

function someDay({ scene, store }: Life, random: Random): void {
  scene.wait(1_000)
  scene.wait(1_000)
  for (let deed = 0; deed < 300; deed += 5) {
    live(scene, random.integer(0, 2 ** 31 - 1), 5)
    if (random.chance(0.3)) store.commit()
  }
}

/** Dies in the middle of an effect; false when the day was over before. */
function liveUntilDeath(path: string, venue: FickleVenue, random: Random): boolean {
  const death = { at: random.integer(5, 130), late: random.chance(0.5) }
  try {
    // Nothing is closed in good order: what was not committed is lost.
    someDay(begin(path, venue, 0, death), random)
    return false
  } catch (error) {
    if (!(error instanceof Crash)) throw error
    return true
  } finally {
    venue.hangUp()
  }
}

/** What was filled of each order, by our ledger. */
function filledIn(path: string): ReadonlyMap<string, number> {
  const database = new Sqlite(path, { readonly: true })
  try {
    const rows = database.prepare('SELECT order_id, SUM(size) AS size FROM fills GROUP BY order_id')
    return new Map(
      z
        .array(z.object({ order_id: z.string(), size: z.int() }))
        .parse(rows.all())
        .map(({ order_id: order, size }) => [order, size]),
    )
  } finally {
    database.close()
  }
}

describe('a program that dies in the middle of a basket', () => {
  test('goes on where it was: no order doubled, no fill lost, and books that equal the venue’s', () => {
    const folder = mkdtempSync(join(tmpdir(), 'crash-properties-'))
    const seen = { crashes: 0, orders: 0 }
    try {
      fc.assert(
        fc.property(fc.noBias(fc.integer({ min: 0, max: 2 ** 31 - 1 })), (seed) => {
          const random = new Random(seed)
          const path = join(folder, `${seed}-${random.next()}.db`)
          const venue = new FickleVenue({
            venue: 'polymarket',
            markets: fickleWorld().markets,
            converting: ['ann', 'bob', 'cid'],
            seed,
            cashUsd: 1_000,
            reverses: false,
            yesValueOf: () => undefined,
          })
          if (liveUntilDeath(path, venue, random)) seen.crashes++

          const { scene, store } = begin(path, venue, 1)
          venue.calm = true
          scene.command({ kind: 'pause' })
          for (const frame of calmBooks) scene.frame(frame)
          for (let second = 0; second < 60; second++) scene.wait(1_000)
          store.close(scene.nowMs)

          const { view } = scene.engine
          expect(venue.doubled).toEqual([])
          expect(filledIn(path)).toEqual(venue.filled())
          expect(view.atRest).toBe(true)
          expect(view.ledgerBalanced).toBe(true)
          expect(view.cashOf('polymarket')).toBe(venue.cash)
          expect(scene.holdings()).toEqual(venue.positions)
          seen.orders += venue.orderCount
        }),
        { numRuns: 200, seed: 1 },
      )
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
    expect(seen.crashes).toBeGreaterThan(60)
    expect(seen.orders).toBeGreaterThan(100)
  })
})

/** Books to make legs even on. */
const calmBooks = ['ann', 'bob', 'cid', 'rain', 'snow'].flatMap((name) => [
  `book ${name}-yes 0.30x500 / 0.36x500`,
  `book ${name}-no 0.60x500 / 0.70x500`,
])
