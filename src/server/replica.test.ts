import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { marketOf } from '../../test/engine/market-of.ts'
import { run } from '../../test/server/digests.ts'
import { WatchedScene } from '../../test/server/watched-scene.ts'
import type { OperationId } from '../ports/settlement.ts'
import { Replica } from './replica.ts'
import { mergeChange } from './schema/merge-change.ts'
import { runChange, runState } from './schema/stream.ts'

function scene(): WatchedScene {
  return new WatchedScene([marketOf('rain'), marketOf('snow')])
}

describe('the replica of a run', () => {
  test('shows a mispricing from its first sight to its end', () => {
    const given = scene()

    given.offer('rain')
    given.tell()
    const [open] = given.replica.opportunities.shelf.latest()
    given.settle('rain')
    given.tell()
    const [over] = given.replica.opportunities.shelf.latest()

    expect(open).toMatchObject({
      id: 'cross-outcome-1',
      title: 'Will rain?',
      size: '20',
      cost: '19',
      edge: '1',
      edgeRate: 50_000,
      realisation: 'merge',
      state: 'open',
      verdict: 'traded',
      lockDays: 0,
      annualisedRate: null,
    })
    expect(over).toMatchObject({ id: 'cross-outcome-1', state: 'over', endedBy: 'no-edge' })
  })

  test('has the certificate of a mispricing, the least profit of which is its edge', () => {
    const given = scene()

    given.offer('rain')
    given.tell()

    const detail = given.replica.opportunities.detail('cross-outcome-1')
    expect(detail?.legs.map(({ outcome, taken, limit }) => [outcome, taken, limit])).toEqual([
      ['yes', [{ price: '0.45', size: '20' }], '0.45'],
      ['no', [{ price: '0.5', size: '20' }], '0.5'],
    ])
    expect(detail?.states.map(({ profit }) => Number(profit)).sort()[0]).toBe(Number(detail?.edge))
    expect(detail?.assumptions).not.toEqual([])
    expect(detail?.decisions).toMatchObject([{ approved: true, edge: '1' }])
    expect(detail?.baskets).toEqual(['B000001'])
  })

  test('shows a basket with its legs on a time line, to the microsecond', () => {
    const given = scene()

    given.scene.frame('book rain-yes 0.40x100 / 0.45x20', 'book rain-no 0.48x100 / 0.50x30')
    given.tell()
    const [working] = given.replica.baskets.shelf.latest()
    given.scene.wait(20)
    given.tell()
    const [closed] = given.replica.baskets.shelf.latest()

    expect(working).toMatchObject({ state: 'working', closedAfterUs: null, paid: '0' })
    expect(closed).toMatchObject({
      id: 'B000001',
      opportunity: 'cross-outcome-1',
      state: 'closed',
      result: 'complete',
      paid: '19',
      decidedAfterUs: 0,
      closedAfterUs: 20_000,
    })
    expect(closed?.steps).toEqual([
      { afterUs: 0, state: 'working', because: 'start' },
      { afterUs: 20_000, state: 'closed', because: 'order-done' },
    ])
    expect(
      closed?.legs.map(({ state, filled, doneAfterUs }) => [state, filled, doneAfterUs]),
    ).toEqual([
      ['filled', '20', 10_000],
      ['filled', '20', 10_000],
    ])
  })

  test('shows what the venue did with what was bought', () => {
    const given = scene()

    given.offer('rain')
    given.tell()

    expect(given.replica.operations.shelf.latest()).toMatchObject([
      {
        kind: 'merge',
        markets: [{ question: 'Will rain?' }],
        size: '20',
        basket: 'B000001',
        state: 'final',
        cashIn: '20',
        tries: 1,
      },
    ])
  })

  test('shows what an earlier run has left once its markets have names', () => {
    const given = scene()
    given.offer('rain')
    const planned = given.scene.effects.find((effect) => effect.kind === 'plan-basket')
    if (planned === undefined) throw new Error('an offer is planned')
    const { plan, signal } = planned
    const operation = {
      operation: 'B000001-merge-1' as OperationId,
      venue: 'polymarket',
      what: { kind: 'redeem', market: marketOf('rain').id },
      basket: plan.id,
      strategy: 'cross-outcome',
    } as const
    const kept = { baskets: [{ plan, signal, events: [], sent: [] }], operations: [operation] }
    const replica = new Replica(run, kept)
    expect(replica.baskets.shelf.latest()).toEqual([])

    const markets = [{ index: 0, market: marketOf('rain') }]
    replica.learn({ markets, sets: [], gone: [] })
    replica.learn({ markets, sets: [], gone: [] })

    expect(replica.baskets.shelf.latest()).toMatchObject([{ title: 'Will rain?' }])
    expect(replica.operations.shelf.latest()).toMatchObject([{ kind: 'redeem', tries: 1 }])
  })

  test('knows why risk said no', () => {
    const given = scene()
    given.scene.process({ kind: 'command', command: { kind: 'pause' }, at: given.scene.now })

    given.offer('rain')
    given.tell()

    expect(given.replica.opportunities.shelf.latest()).toMatchObject([{ verdict: 'paused' }])
    expect(given.replica.opportunities.detail('cross-outcome-1')?.decisions).toMatchObject([
      { approved: false, reason: 'paused' },
    ])
    expect(given.replica.status?.trading).toBe('paused')
  })

  test('tells the money to the micro-dollar', () => {
    const given = scene()

    given.offer('rain')
    given.tell()

    expect(given.replica.status?.money).toMatchObject({
      capital: '10000',
      cash: '10001',
      equity: '10001',
      realised: '1',
      ledgerBalanced: true,
    })
    expect(given.replica.ledger[0]?.memo).toContain('merge')
  })

  test('finds a market by its words, with its best prices as they stand', () => {
    const given = scene()
    given.offer('rain')
    given.tell()

    expect(given.replica.catalogue.search('rain').map(({ market }) => market.slug)).toEqual([
      'rain',
    ])
    const index = given.replica.catalogue.find('polymarket', 'rain')?.index ?? -1
    expect(given.replica.books.top(index)).toMatchObject({
      bid: 4_000,
      ask: 4_500,
      state: 'proven',
    })
  })

  test('sees the books of a market only while somebody looks at it', () => {
    const given = scene()
    given.offer('rain')
    given.tell()
    expect(given.replica.seen).toEqual([])

    given.observer.look([{ venue: 'polymarket', market: marketOf('rain').id }])
    given.tell()

    expect(given.replica.seen[0]?.ladders.map(({ outcome, asks }) => [outcome, asks[0]])).toEqual([
      ['yes', { price: '0.45', size: '20' }],
      ['no', { price: '0.5', size: '30' }],
    ])
  })

  test('whoever starts anywhere and follows the changes holds what a newcomer is given', () => {
    const step = fc.constantFrom('offer rain', 'offer snow', 'settle rain', 'settle snow', 'wait')
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), fc.nat({ max: 11 }), (steps, start) => {
        const given = scene()
        given.tell()
        given.replica.takeChange()
        let followed = given.replica.state()
        for (const [number, each] of steps.entries()) {
          if (each === 'offer rain') given.offer('rain')
          else if (each === 'offer snow') given.offer('snow')
          else if (each === 'settle rain') given.settle('rain')
          else if (each === 'settle snow') given.settle('snow')
          else given.scene.wait(300)
          given.tell()
          const change = given.replica.takeChange()
          if (number === start) followed = given.replica.state()
          else if (followed !== undefined && change !== undefined) {
            followed = mergeChange(followed, runChange.parse(JSON.parse(JSON.stringify(change))))
          }
        }

        expect(followed).toEqual(given.replica.state())
        expect(runState.safeParse(followed).error).toBeUndefined()
      }),
      { numRuns: 40 },
    )
  })
})
