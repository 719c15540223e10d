import type { Market, MarketId, Strike, VenueId } from '../core/market.ts'
import type { OutcomeSet, OutcomeSetMember } from '../core/outcome-set.ts'
import type { EpochMs } from '../core/units.ts'

/** What a market says about itself: all that matching may look at. Prices are not among it. */
export type Listing = {
  readonly venue: VenueId
  readonly market: MarketId
  readonly slug: string
  readonly question: string
  /** The name of the outcome within its set: "France". Empty where there is none. */
  readonly label: string
  /** What the venue calls the two outcomes: "Yes" and "No", two teams, "Up" and "Down". */
  readonly outcomes: readonly [string, string]
  /** The outcome set it belongs to, or its own name where it stands alone. */
  readonly set: string
  readonly setTitle: string
  readonly rules: string
  readonly source: string
  readonly closesAt: EpochMs | undefined
  readonly strike: Strike | undefined
  readonly tags: readonly string[]
  readonly open: boolean
}

export function listingOf(market: Market, set: OutcomeSet | undefined): Listing {
  const { venue, id, slug, question, label, rules, closesAt, strike, tags } = market
  return {
    venue,
    market: id,
    slug,
    question,
    label,
    outcomes: [market.yes.label, market.no.label],
    set: market.set ?? id,
    setTitle: set?.title ?? question,
    rules,
    source: market.resolutionSource,
    closesAt,
    strike,
    tags,
    open: market.status === 'open' && !isPlaceholder(market, set),
  }
}

/** A placeholder's meaning is still to come: it is the same question as nothing. */
function isPlaceholder(market: Market, set: OutcomeSet | undefined): boolean {
  const isThis = (member: OutcomeSetMember): boolean => member.market === market.id
  return set?.members.find(isThis)?.role === 'placeholder'
}
