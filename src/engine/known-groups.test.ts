import { expect, test } from 'vitest'
import { marketOf, setOf } from '../../test/engine/market-of.ts'
import { GroupRegistry } from '../arbitrage/group-registry.ts'
import type { MarketId, OutcomeSetId } from '../core/market.ts'
import { KnownCatalogue } from './catalogue.ts'
import { KnownGroups } from './known-groups.ts'
import { MarketCache } from './market-cache.ts'

/** Counts how often it is asked. */
class CountingRegistry extends GroupRegistry {
  asked = 0

  override groupsOf(
    ...facts: Parameters<GroupRegistry['groupsOf']>
  ): ReturnType<GroupRegistry['groupsOf']> {
    this.asked++
    return super.groupsOf(...facts)
  }
}

test('groups are asked for again only when a market or a set has come, changed or gone', () => {
  const set = 'winner' as OutcomeSetId
  const cache = new MarketCache()
  const catalogue = new KnownCatalogue(cache)
  const registry = new CountingRegistry([])
  const groups = new KnownGroups(registry, catalogue)
  const kinds = (): readonly string[] => {
    return groups.relationsOf('polymarket:winner').map(({ kind }) => kind)
  }

  for (const name of ['ann', 'bob', 'cid']) cache.add(marketOf(name, { set }))
  expect(kinds()).toEqual([])
  catalogue.learn(setOf('winner', ['ann', 'bob', 'cid']))
  expect(kinds()).toEqual(['at-most-one', 'at-least-one'])
  expect(kinds()).toEqual(['at-most-one', 'at-least-one'])
  expect(registry.asked).toBe(2)

  cache.change(marketOf('cid', { set, status: 'closed' }))
  expect(kinds()).toEqual(['at-most-one'])
  cache.remove('polymarket', 'bob' as MarketId)
  expect(kinds()).toEqual([])
  expect(registry.asked).toBe(4)
})
