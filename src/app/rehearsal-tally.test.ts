import { describe, expect, test } from 'vitest'

import type { BasketId, ClientOrderId } from '../core/order.ts'
import type { Nanos } from '../core/units.ts'
import type { Effect } from '../engine/event.ts'
import { RehearsalTally } from './rehearsal-tally.ts'

type Step = Extract<Effect, { kind: 'note-basket' }>

const order = 'B1-1' as ClientOrderId

function step(basket: string, state: Step['state'], event: Step['event']): Step {
  const id = basket as BasketId
  const at = 1 as Nanos
  return { kind: 'note-basket', basket: id, strategy: 'any', event, state, reason: '', at }
}

describe('the tally of a rehearsal', () => {
  test('counts an order of unknown fate once, when its fate is known', () => {
    const tally = new RehearsalTally()
    tally.observe(step('B1', 'reconciling', { kind: 'order-timed-out', order }))
    tally.observe(step('B1', 'reconciling', { kind: 'order-timed-out', order }))
    const before = tally.result().unknownResolved

    tally.observe(step('B1', 'working', { kind: 'order-live', order }))
    tally.observe(step('B1', 'closed', { kind: 'order-done', order, reason: 'filled' }))

    expect(before).toBe(0)
    expect(tally.result()).toMatchObject({ unknownResolved: 1, basketsClosed: 1 })
  })

  test('does not count an order whose fate was known all along', () => {
    const tally = new RehearsalTally()

    tally.observe(step('B1', 'closed', { kind: 'order-done', order, reason: 'filled' }))

    expect(tally.result()).toMatchObject({ unknownResolved: 0, basketsClosed: 1 })
  })

  test('counts what was unwound, and what is still in quarantine', () => {
    const tally = new RehearsalTally()

    tally.observe(step('B1', 'unwinding', { kind: 'priced', quotes: [] }))
    tally.observe(step('B1', 'closed', { kind: 'order-done', order, reason: 'filled' }))
    tally.observe(step('B2', 'quarantined', { kind: 'priced', quotes: [] }))
    tally.observe(step('B3', 'quarantined', { kind: 'priced', quotes: [] }))
    tally.observe(step('B3', 'closed', { kind: 'released' }))

    expect(tally.result()).toMatchObject({
      basketsClosed: 2,
      basketsUnwound: 1,
      basketsQuarantined: 1,
    })
  })
})
