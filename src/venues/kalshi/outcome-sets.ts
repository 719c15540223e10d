import type { Market, OutcomeSetId } from '../../core/market.ts'
import type { Claim, OutcomeSet, OutcomeSetMember } from '../../core/outcome-set.ts'
import { unknownClaim } from '../../core/outcome-set.ts'
import type { KalshiEvent } from './listing.ts'

/** What an event holds, and how many of its markets we could not take. */
export type EventParts = {
  readonly event: KalshiEvent
  readonly markets: readonly Market[]
  readonly refusedCount: number
}

/** The catch-all, by its name. */
const otherLabel = /^(any )?other( \w+)?$|^(the )?field$|^none( of (the|these).*)?$/i

/** The set of an event's markets, or undefined when there is only one. */
export function toOutcomeSet(
  parts: EventParts,
  exhaustiveEvents: readonly string[],
): OutcomeSet | undefined {
  const { event, markets, refusedCount } = parts
  if (markets.length + refusedCount < 2 || markets.length === 0) return undefined

  return {
    venue: 'kalshi',
    id: setIdOf(event),
    slug: event.event_ticker,
    title: event.title.trim(),
    members: markets.map(memberOf),
    exclusive: exclusiveClaim(event),
    exhaustive: exhaustiveClaim(parts, exhaustiveEvents),
    conversion: undefined,
  }
}

export function setIdOf(event: KalshiEvent): OutcomeSetId {
  return event.event_ticker as OutcomeSetId
}

function memberOf(market: Market): OutcomeSetMember {
  return {
    market: market.id,
    role: otherLabel.test(market.label) ? 'other' : 'named',
    tradable: market.status === 'open',
  }
}

/** By the rules at most one market of such an event pays YES. docs/venues/kalshi.md, 3.1. */
function exclusiveClaim(event: KalshiEvent): Claim {
  if (!event.mutually_exclusive) return unknownClaim
  return {
    holds: 'proven',
    evidence: `${event.event_ticker} is mutually exclusive by the venue's rules`,
  }
}

/**
 * Whether one outcome must win. The venue never says so, and may list more outcomes later: it
 * needs a person who has read the rules. docs/venues/kalshi.md, 6.
 */
function exhaustiveClaim(parts: EventParts, exhaustiveEvents: readonly string[]): Claim {
  const { event, markets, refusedCount } = parts
  const unknown = (evidence: string): Claim => ({ holds: 'unknown', evidence })
  if (refusedCount > 0) return unknown(`${refusedCount} of its markets could not be taken`)

  const untradable = markets.find(({ status }) => status !== 'open')
  if (untradable !== undefined) return unknown(`${untradable.id} does not trade`)
  if (!exhaustiveEvents.includes(event.event_ticker)) {
    return unknown('the venue does not say so, and nobody has confirmed it')
  }
  return {
    holds: 'assumed',
    evidence: `a person has confirmed ${event.event_ticker} in the config`,
  }
}
