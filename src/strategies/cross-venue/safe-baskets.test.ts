import { describe, expect, test } from 'vitest'
import { Group } from '../../arbitrage/group.ts'
import { rainMarket } from '../../../test/propositions/two-venues.ts'
import type { Claim } from '../../core/outcome-set.ts'
import type { MarketRef, Relation } from '../../core/relation.ts'
import { safeBaskets } from './safe-baskets.ts'

const members = [rainMarket('polymarket'), rainMarket('kalshi')]
const [here, there] = members.map(({ venue, id }): MarketRef => ({ venue, market: id }))
const claim: Claim = { holds: 'assumed', evidence: 'Ann said so' }

function groupOf(...relations: readonly Relation[]): Group {
  return new Group({
    id: 'pair',
    title: 'Will it rain?',
    shape: 'pair',
    members,
    relations,
    sets: [],
    exhaustive: false,
    conversion: undefined,
  })
}

describe('safe baskets', () => {
  test('are none where nothing holds between the two', () => {
    expect(safeBaskets(groupOf())).toEqual([])
  })

  test('are none where what is said contradicts itself: no state would prove anything', () => {
    if (here === undefined || there === undefined) throw new Error('two markets')
    const pair: readonly [MarketRef, MarketRef] = [here, there]
    const group = groupOf(
      { kind: 'same', members: pair, claim },
      { kind: 'at-most-one', members: pair, claim },
      { kind: 'at-least-one', members: pair, claim },
    )

    expect(group.states).toEqual([])
    expect(safeBaskets(group)).toEqual([])
  })
})
