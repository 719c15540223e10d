import { describe, expect, test } from 'vitest'

import { LiveScene } from '../../test/engine/live-scene.ts'
import { marketOf } from '../../test/engine/market-of.ts'
import type { BasketId, ClientOrderId, Order } from '../core/order.ts'
import type { MicroShares, Ticks } from '../core/units.ts'
import { RemoteGateway } from './remote-gateway.ts'

const rain = marketOf('rain')
const shares = (count: number): MicroShares => (count * 1e6) as MicroShares

/** A gateway on the books of a scene, told of their changes as an engine tells it. */
function gatewayOf(): { gateway: RemoteGateway; frame: (...lines: readonly string[]) => void } {
  const scene = new LiveScene({ strategies: [], markets: [rain] })
  const gateway = new RemoteGateway(scene.cache)
  const frame = (...lines: readonly string[]): void => {
    scene.frame(...lines)
    const book = scene.cache.byInstrument('polymarket', rain.yes.id)?.book
    if (book !== undefined) gateway.bookChanged(book)
  }
  frame('book rain-yes 0.40x10 / 0.45x10 0.46x5')
  return { gateway, frame }
}

function order(size: number, changes: Partial<Order> = {}): Order {
  return {
    id: 'B1-1' as ClientOrderId,
    basket: 'B1' as BasketId,
    legIndex: 0,
    venue: 'polymarket',
    market: rain.id,
    instrument: rain.yes.id,
    outcome: 'yes',
    side: 'buy',
    limit: 4_600 as Ticks,
    size: shares(size),
    timeInForce: 'fok',
    postOnly: false,
    expiresAt: undefined,
    ...changes,
  }
}

describe('what our orders have reached for', () => {
  test('is offered to nobody else, the best prices first', () => {
    const { gateway } = gatewayOf()
    expect(gateway.fillable(order(100))).toBe(shares(15))

    gateway.place([order(12)])

    expect(gateway.fillable(order(100))).toBe(shares(3))
    expect(gateway.fillable(order(100, { limit: 4_500 as Ticks }))).toBe(0)
    expect(gateway.quote(order(3), 'buy', shares(3))).toMatchObject({ limit: 4_600 })
    expect(gateway.quote(order(3), 'buy', shares(4))).toBeUndefined()
  })

  test('is what the book loses, and what comes new is there for all', () => {
    const { gateway, frame } = gatewayOf()
    gateway.place([order(10)])

    frame('ask rain-yes 0.45 0')
    expect(gateway.fillable(order(100))).toBe(shares(5))
    frame('ask rain-yes 0.45 7')

    expect(gateway.fillable(order(100))).toBe(shares(12))
  })

  test('is nothing where an order only ever makes', () => {
    const { gateway } = gatewayOf()

    gateway.place([order(10, { postOnly: true })])

    expect(gateway.fillable(order(100))).toBe(shares(15))
  })
})

describe('a gateway whose orders travel as effects', () => {
  test('knows of no end by itself, and takes no fill for final', () => {
    const { gateway } = gatewayOf()
    gateway.place([order(10)])

    expect(gateway.nextDue()).toBeUndefined()
    expect(gateway.finalAtOnce).toBe(false)
    expect(gateway.executor).toBe('live')
  })
})
