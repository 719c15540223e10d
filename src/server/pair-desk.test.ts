import { describe, expect, test } from 'vitest'
import { marketOf } from '../../test/engine/market-of.ts'
import { HandClock } from '../../test/server/api-scene.ts'
import { run } from '../../test/server/digests.ts'
import type { Market } from '../core/market.ts'
import type { RegisterEntry } from '../propositions/register.ts'
import { suggestPairs } from '../propositions/suggest.ts'
import type { Rejection } from './pair-desk.ts'
import { PairDesk } from './pair-desk.ts'
import { Replica } from './replica.ts'
import { pairDetail, pairList } from './schema/pair.ts'

const cpi = {
  question: 'Will the unemployment rate be 4.5% or more?',
  rules:
    'This market will resolve to "Yes" if the unemployment rate published by the Bureau of Labor ' +
    'Statistics on December 15, 2026 is 4.5% or more. Otherwise it will resolve to "No".',
  resolutionSource: 'https://www.bls.gov',
}

type Stage = {
  readonly desk: PairDesk
  readonly confirmed: RegisterEntry[]
  readonly rejected: Rejection[]
  readonly compared: { count: number }
}

function stage(markets: readonly Market[] = twoVenues()): Stage {
  const replica = new Replica(run)
  replica.learn({
    markets: markets.map((market, index) => ({ index, market })),
    sets: [],
    gone: [],
  })
  const confirmed: RegisterEntry[] = []
  const rejected: Rejection[] = []
  const compared = { count: 0 }
  const desk = new PairDesk({
    replica,
    clock: new HandClock(),
    register: [],
    rejections: [],
    suggest: async (first, second) => {
      compared.count++
      return suggestPairs(first, second)
    },
    keep: {
      confirm: (entry) => {
        confirmed.push(entry)
        return 'kept'
      },
      reject: (rejection) => {
        rejected.push(rejection)
        return 'kept'
      },
    },
  })
  return { desk, confirmed, rejected, compared }
}

function twoVenues(): readonly Market[] {
  return [
    { ...marketOf('jobs'), ...cpi },
    { ...marketOf('jobs-k'), ...cpi, venue: 'kalshi' },
  ]
}

async function idOf({ desk }: Stage): Promise<string> {
  const { pairs } = await desk.list()
  return pairs[0]?.id ?? ''
}

describe('the desk of pairs', () => {
  test('suggests markets of two venues, with what was found of their rules', async () => {
    const given = stage()

    const list = pairList.parse(await given.desk.list())
    const detail = pairDetail.parse(await given.desk.detail(list.pairs[0]?.id ?? ''))

    expect(list.looked).toEqual([1, 1])
    expect(list.pairs).toMatchObject([{ state: 'candidate', first: { venue: 'polymarket' } }])
    expect(detail.sides.map(({ rules }) => rules)).toEqual([cpi.rules, cpi.rules])
    expect(detail.findings).not.toEqual([])
  })

  test('compares once, however many look', async () => {
    const given = stage()

    await Promise.all([given.desk.list(), given.desk.list(), given.desk.list()])

    expect(given.compared.count).toBe(1)
  })

  test('has nothing to compare with one venue', async () => {
    const given = stage([marketOf('jobs')])

    expect(await given.desk.list()).toEqual({ pairs: [], looked: [1, 0] })
    expect(given.compared.count).toBe(0)
  })

  test('keeps the word of a person who allows what differs', async () => {
    const given = stage()
    const id = await idOf(given)
    const before = await given.desk.detail(id)

    const word = { by: 'Ada', allow: before?.allowances ?? [], note: 'read both' }
    const outcome = await given.desk.confirm(id, word)

    expect(outcome).toEqual({ done: true, message: 'kept' })
    expect(given.confirmed).toMatchObject([{ id, by: 'Ada', note: 'read both' }])
    expect((await given.desk.detail(id))?.state).toBe('confirmed')
  })

  test('does not take back a confirmed pair with a rejection', async () => {
    const given = stage()
    const id = await idOf(given)
    const before = await given.desk.detail(id)
    await given.desk.confirm(id, { by: 'Ada', allow: before?.allowances ?? [], note: 'read' })

    const outcome = await given.desk.reject(id, { by: 'Bob', because: 'no' })

    expect(outcome?.done).toBe(false)
    expect(given.rejected).toEqual([])
  })

  test('keeps a word against a pair, and that it is not to be suggested', async () => {
    const given = stage()
    const id = await idOf(given)

    await given.desk.reject(id, { by: 'Ada', because: 'the sources differ' })

    expect(given.rejected).toMatchObject([{ id, by: 'Ada', because: 'the sources differ' }])
    expect((await given.desk.list()).pairs).toMatchObject([{ state: 'rejected' }])
  })

  test('knows nothing of a pair there is not', async () => {
    const { desk } = stage()

    expect(await desk.detail('p-none')).toBeUndefined()
    expect(await desk.confirm('p-none', { by: 'Ada', allow: [], note: '' })).toBeUndefined()
    expect(await desk.reject('p-none', { by: 'Ada', because: '' })).toBeUndefined()
  })
})
