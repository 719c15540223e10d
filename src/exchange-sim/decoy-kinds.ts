import type { Random } from '../core/random.ts'
import type { FairGroup } from './fair-group.ts'
import { exactTick } from './mispricing-check.ts'
import type { PlantableKind } from './plant-kinds.ts'
import {
  booksOf,
  canHold,
  everyAsk,
  everyBid,
  isSplit,
  layoutOf,
  plantableKinds,
  setsOf,
} from './plant-kinds.ts'
import type { PlantLayout } from './plant-layout.ts'
import { improveTo, improveToNothing } from './plant-layout.ts'
import type { Decoy } from './truth.ts'

export type DecoyKind = Decoy['kind']

export const decoyKinds: readonly DecoyKind[] = ['open-set', 'near-miss', 'unknown-fee']

/** How good a decoy looks to whoever does not see what is wrong with it: 2 to 5 cents a set. */
const showTicks = { least: 200, most: 500 }

/** Whether a decoy of this kind can be laid in a group. */
export function canDeceive(kind: DecoyKind, group: FairGroup): boolean {
  const listing = group.books[0]?.market
  if (listing === undefined) return false
  const { structure } = listing.set
  switch (kind) {
    case 'open-set':
      return structure.kind === 'outright' && structure.list !== 'fixed'
    case 'near-miss':
      // Where sets hang together, what is none in one of them may be one between them.
      return setsOf(group.books).length === 1 && nearMissKinds(group).length > 0
    case 'unknown-fee':
      return listing.listing.fee.kind === 'unstated' && isSplit(group.books)
  }
}

/**
 * The orders of a decoy. Undefined when the books leave no room for it.
 *
 * - `open-set`: every named outcome for less than a dollar, where somebody else may win.
 * - `near-miss`: as close to a profit as the steps allow, and none after fees.
 * - `unknown-fee`: cheap enough, if only the fee were known.
 */
export function decoyLayout(
  kind: DecoyKind,
  group: FairGroup,
  random: Random,
): PlantLayout | undefined {
  const show = BigInt(random.integer(showTicks.least, showTicks.most)) * exactTick
  switch (kind) {
    case 'open-set': {
      const layout = everyAsk(booksOf(group))
      return improveTo(layout, show, { choose: 'spread', random }) ? layout : undefined
    }
    case 'near-miss': {
      const layout = layoutOf(random.pick(nearMissKinds(group)), group, random)
      return layout !== undefined && improveToNothing(layout, random) ? layout : undefined
    }
    case 'unknown-fee': {
      const layout = random.chance(0.5) ? everyAsk(booksOf(group)) : everyBid(booksOf(group))
      return improveTo(layout, show, { choose: 'spread', random }) ? layout : undefined
    }
  }
}

function nearMissKinds(group: FairGroup): readonly PlantableKind[] {
  return plantableKinds.filter((kind) => canHold(kind, group))
}
