import type { Market, OutcomeSetId } from '../../core/market.ts'
import type { Claim, OutcomeSet, OutcomeSetMember } from '../../core/outcome-set.ts'
import { unknownClaim } from '../../core/outcome-set.ts'
import type { GammaEvent, GammaMarket } from './gamma.ts'

/** A market of an event, with what Gamma says of its part in it. */
export type Child = { readonly gamma: GammaMarket; readonly market: Market }

/** What an event holds, and how many of its markets we could not take. */
export type EventParts = {
  readonly event: GammaEvent
  readonly children: readonly Child[]
  readonly refusedCount: number
}

/**
 * Outcomes that Polymarket keeps unnamed until somebody is to be named: "Team AM", "Person B".
 *
 * docs/venues/polymarket.md, 2.2, augmented neg risk.
 */
const placeholderTitle =
  /^(person|candidate|team|player|option|outcome|party|country|company|other) [a-z]{1,2}$/i

/** The catch-all, by its name. */
const otherTitle = /^(any )?other( \w+)?$/i

/** The set of an event's markets, or undefined when there is only one. */
export function toOutcomeSet(
  parts: EventParts,
  exhaustiveSets: readonly string[],
): OutcomeSet | undefined {
  const { event, children, refusedCount } = parts
  if (children.length + refusedCount < 2 || children.length === 0) return undefined

  return {
    venue: 'polymarket',
    id: setIdOf(event),
    slug: event.slug,
    title: event.title.trim(),
    members: children.map(memberOf),
    exclusive: exclusiveClaim(event, children),
    exhaustive: exhaustiveClaim(parts, exhaustiveSets),
    conversion: isNegRiskSet(event, children)
      ? { id: event.negRiskMarketID ?? '', feeBips: event.negRiskFeeBips ?? 0 }
      : undefined,
  }
}

export function setIdOf(event: GammaEvent): OutcomeSetId {
  return event.id as OutcomeSetId
}

/** Placeholders are not yet active; a named outcome that merely looks like one is. */
function memberOf({ gamma, market }: Child): OutcomeSetMember {
  const title = (gamma.groupItemTitle ?? '').trim()
  const isOther = gamma.negRiskOther === true || otherTitle.test(title)
  const isPlaceholder = !isOther && (title === '' || placeholderTitle.test(title))
  return {
    market: market.id,
    role: isOther ? 'other' : isPlaceholder ? 'placeholder' : 'named',
    tradable: market.status === 'open',
  }
}

/** The event says so, and every market of it. */
function isNegRiskSet(event: GammaEvent, children: readonly Child[]): boolean {
  const hasContract = event.enableNegRisk === true && (event.negRiskMarketID ?? '') !== ''
  return hasContract && children.every(({ market }) => market.negRisk)
}

/** The neg-risk contract pays at most one YES of a set. docs/venues/polymarket.md, 10.4. */
function exclusiveClaim(event: GammaEvent, children: readonly Child[]): Claim {
  if (!isNegRiskSet(event, children)) return unknownClaim
  return {
    holds: 'proven',
    evidence: `neg-risk market ${event.negRiskMarketID}: its contract pays at most one YES`,
  }
}

/**
 * Whether one outcome must win. The contract does not say so: it needs every outcome listed, and
 * a catch-all among them or a person who has read the rules. docs/strategies, exhaustiveness.
 */
function exhaustiveClaim(parts: EventParts, exhaustiveSets: readonly string[]): Claim {
  const { event, children, refusedCount } = parts
  const unknown = (evidence: string): Claim => ({ holds: 'unknown', evidence })
  if (!isNegRiskSet(event, children)) return unknown('not a neg-risk set')
  if (refusedCount > 0) return unknown(`${refusedCount} of its markets could not be taken`)

  const members = children.map(memberOf)
  const placeholder = members.find(({ role }) => role === 'placeholder')
  if (placeholder !== undefined) return unknown(`${placeholder.market} is a placeholder`)
  const untradable = members.find(({ tradable }) => !tradable)
  if (untradable !== undefined) return unknown(`${untradable.market} does not trade`)

  const other = members.find(({ role }) => role === 'other')
  if (event.negRiskAugmented === true && other === undefined) {
    return unknown('outcomes may be added, and there is no catch-all')
  }
  if (exhaustiveSets.includes(event.slug)) {
    return { holds: 'assumed', evidence: `a person has confirmed ${event.slug} in the config` }
  }
  if (event.negRiskAugmented === true) {
    return unknown('outcomes may be added, and then the catch-all means less')
  }
  if (other === undefined) return unknown('no catch-all, and nobody has confirmed it')
  const list = `a fixed list of ${members.length} outcomes, all trading`
  return { holds: 'proven', evidence: `${list}, with ${other.market} as catch-all` }
}
