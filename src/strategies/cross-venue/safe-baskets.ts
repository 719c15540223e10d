import type { Group } from '../../arbitrage/group.ts'
import type { Outcome } from '../../core/market.ts'
import { microPerUsd } from '../../core/units.ts'

/** An outcome of each of the two members. */
export type PairBasket = readonly [Outcome, Outcome]

const allBaskets: readonly PairBasket[] = [
  ['yes', 'no'],
  ['no', 'yes'],
  ['yes', 'yes'],
  ['no', 'no'],
]

/**
 * The baskets of two members of which one share each pays a dollar in every state.
 *
 * Read off the states and nothing else, so whatever the relation is, same, complement or one way
 * only, the baskets are those that it allows. Without states there are none.
 */
export function safeBaskets({ states, members }: Group): readonly PairBasket[] {
  if (states === undefined || states.length === 0 || members.length !== 2) return []
  return allBaskets.filter((basket) =>
    states.every(({ yes }) => {
      const paid = basket.map((outcome, member) => {
        const value = yes[member] ?? 0
        return outcome === 'yes' ? value : microPerUsd - value
      })
      return paid.reduce((sum, value) => sum + value, 0) >= microPerUsd
    }),
  )
}
