import { expect, test } from 'vitest'
import type { VenueOrderId } from '../core/order.ts'
import { marketOf } from '../../test/engine/market-of.ts'
import { WatchedScene } from '../../test/server/watched-scene.ts'
import { killTrading } from './kill-trading.ts'
import type { KillResult } from './trading-wire.ts'

/** A run that is killed, and whose venues say to it what is given. */
async function killedWith(results: readonly KillResult[]): ReturnType<typeof killTrading> {
  const { scene } = new WatchedScene([marketOf('rain')])
  const { view } = scene.engine
  return killTrading({
    view,
    kill: async () => {
      scene.process({ kind: 'command', command: { kind: 'kill' }, at: scene.now })
      return results
    },
  })
}

test('on paper a kill is done at once', async () => {
  expect(await killedWith([])).toEqual({
    done: true,
    message: 'killed: 0 baskets and 0 orders were under way, what rested was called back',
  })
})

test('a kill says what each venue made of it, and is done when nothing is open', async () => {
  const { done, message } = await killedWith([{ venue: 'kalshi', cancelled: 3, stillOpen: [] }])

  expect(done).toBe(true)
  expect(message).toContain('kalshi: 3 cancelled, 0 still open')
})

test.each<{ readonly name: string; readonly result: KillResult; readonly says: string }>([
  {
    name: 'still has an order in its book',
    result: { venue: 'kalshi', cancelled: 1, stillOpen: ['v1' as VenueOrderId] },
    says: 'kalshi: 1 cancelled, 1 still open',
  },
  {
    name: 'did not answer',
    result: { venue: 'polymarket', error: 'no answer' },
    says: 'polymarket: NOT CANCELLED, no answer',
  },
])('a kill is not done while a venue $name', async ({ result, says }) => {
  const { done, message } = await killedWith([result])

  expect(done).toBe(false)
  expect(message).toContain(says)
})
