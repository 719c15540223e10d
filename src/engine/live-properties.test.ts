import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { exposureMax, play } from '../../test/engine/fickle-day.ts'
import { negate } from '../core/units.ts'

const seed = fc.noBias(fc.integer({ min: 0, max: 2 ** 31 - 1 }))

describe('whatever a venue does', () => {
  test('no order is sent twice or blindly, no limit is passed, and our books end as its own', () => {
    const seen = { closed: 0, noticed: 0, orders: 0, quarantined: 0 }
    const mishaps = new Set<string>()
    fc.assert(
      fc.property(seed, (one) => {
        const { scene, venue, watch, exposureSeen } = play(one)
        const { view } = scene.engine

        expect(venue.doubled).toEqual([])
        for (const basket of watch.closed()) {
          expect(watch.resultOf(basket, venue)).toBeGreaterThanOrEqual(
            negate(basket.policy.lossMax),
          )
        }
        expect(watch.faults).toEqual([])
        // Nobody can hold cash for a trade that is told after the end of its order.
        if (!venue.mishaps.has('end-first')) expect(exposureSeen).toBeLessThanOrEqual(exposureMax)
        expect(view.atRest).toBe(true)
        expect(view.ledgerBalanced).toBe(true)
        // Told in such an order that it makes no sense, it is noticed and stops the venue.
        const noticed = scene.differences().some((kind) => kind === 'cash' || kind === 'shares')
        if (noticed && venue.mishaps.has('end-first')) seen.noticed++
        else {
          expect(noticed).toBe(false)
          expect(view.cashOf('polymarket')).toBe(venue.cash)
          expect(scene.holdings()).toEqual(venue.positions)
        }
        seen.closed += watch.closed().length
        seen.quarantined += view.quarantined
        seen.orders += venue.orderCount
        for (const name of venue.mishaps.keys()) mishaps.add(name)
      }),
      { numRuns: 500, seed: 1 },
    )
    // A day on which nothing happens proves nothing.
    expect(seen.noticed).toBeLessThan(5)
    expect(seen.closed).toBeGreaterThan(200)
    expect(seen.orders).toBeGreaterThan(1_000)
    expect(seen.quarantined).toBeGreaterThan(0)
    expect([...mishaps].toSorted()).toEqual([
      'end-first',
      'end-twice',
      'lost',
      'no-answer',
      'operation-failed',
      'reversed',
      'silent',
      'twice',
      'unclear',
      'unread',
    ])
  })

  test('what is left to a person is over once he says so', () => {
    let released = 0
    fc.assert(
      fc.property(seed, (one) => {
        const { scene, venue } = play(one)
        const { view } = scene.engine
        for (const basket of scene.quarantined()) {
          scene.command({ kind: 'release-basket', basket })
          released++
        }
        for (let second = 0; second < 10; second++) scene.wait(1_000)

        expect(view.quarantined).toBe(0)
        expect(view.atRest).toBe(true)
        expect(view.cashOf('polymarket')).toBe(venue.cash)
        expect(scene.holdings()).toEqual(venue.positions)
      }),
      { numRuns: 60, seed: 2 },
    )
    expect(released).toBeGreaterThan(10)
  })
})
