import type { Certificate } from '../core/certificate.ts'
import type { Market, Outcome, VenueId } from '../core/market.ts'
import { instrumentOf } from '../core/market.ts'
import type { OutcomeBook } from '../core/outcome-book.ts'
import type { Realisation, SignalLeg } from '../core/signal.ts'
import type { EpochMs, MicroShares, MicroUsd, Ppm } from '../core/units.ts'
import { add, annualised, forDays, max, ratio, zeroShares, zeroUsd } from '../core/units.ts'
import type { WalkLimits } from './best-size.ts'
import { certify, type SizedLeg } from './certify.ts'
import type { Group } from './group.ts'
import { sayableSizes } from './sayable-sizes.ts'
import { whatBreaks, type Break } from './what-breaks.ts'

export type OpportunityKind =
  | 'complement'
  | 'yes-basket'
  | 'no-basket'
  | 'conversion'
  | 'implication'
  | 'ladder'
  | 'range'
  | 'same-proposition'
  | 'programme'

/** When a basket becomes money: at once, or when its last market has settled. */
export type RealisationPath = {
  readonly by: Realisation
  /** Undefined for what is realised at once, and where nobody says when the market closes. */
  readonly at: EpochMs | undefined
  readonly lockedDays: number | undefined
}

/** A basket that cannot lose now, with its proof and with what the proof rests on. */
export type Opportunity = {
  /** The same for the same legs of the same group, so that a second sighting is known as one. */
  readonly id: string
  readonly kind: OpportunityKind
  readonly group: string
  readonly title: string
  readonly legs: readonly SignalLeg[]
  /** What people call the market of each leg. */
  readonly names: readonly string[]
  /** Shares of the largest leg. */
  readonly size: MicroShares
  readonly edge: MicroUsd
  /** The edge by dollar of the least payoff. */
  readonly edgeRate: Ppm
  /** What is paid at each venue, fees in. */
  readonly capital: ReadonlyMap<VenueId, MicroUsd>
  readonly certificate: Certificate
  readonly realisation: RealisationPath
  /** Edge by dollar and year of lock-up, simple. Undefined when the date is not known. */
  readonly annualisedReturn: Ppm | undefined
  /** What could break it, and what would be left then. */
  readonly breaks: readonly Break[]
}

/** The two books of a market, as a detector reads them. */
export type BooksOf = (market: Market) => { yes: OutcomeBook; no: OutcomeBook } | undefined

/** What a detector is told besides the group. */
export type DetectOptions = {
  readonly books: BooksOf
  readonly nowMs: EpochMs
  readonly cash: WalkLimits['cash']
  /** What every dollar must earn, the last one too, in ppm. */
  readonly hurdle: Ppm
  /** What locked money must earn by the year, in ppm. */
  readonly hurdlePerYear: Ppm
}

export type Found = {
  readonly group: Group
  readonly kind: OpportunityKind
  readonly by: Realisation
  readonly legs: readonly SizedLeg[]
  readonly nowMs: EpochMs
}

const dayMs = 86_400_000
/** Days from the close of a market to its money: the challenge window, or the settlement timer. */
const settlementDays = 1
/** Days that a merge or a conversion takes, a queue at the relayer included. */
const redemptionDays = 0.01

/** Writes up a basket that a detector has sized. Undefined when it cannot be proven to pay. */
export function opportunityOf(found: Found): Opportunity | undefined {
  const { group, kind, nowMs } = found
  const sized = sayableSizes(found.legs)
  const certificate = sized === undefined ? undefined : certify(group, sized)
  if (sized === undefined || certificate === undefined || certificate.edge <= 0) return undefined

  const legs = sized.filter(({ size }) => size > 0)
  const capital = capitalOf(certificate)
  const spent = [...capital.values()].reduce(add, zeroUsd)
  const realisation = pathOf(group, found.by, nowMs)
  const payoff = add(certificate.edge, spent)
  return {
    id: idOf(group, kind, legs),
    kind,
    group: group.id,
    title: group.facts.title,
    legs: legs.map(signalLeg),
    names: legs.map(({ curve: { market } }) => market.label || market.slug),
    size: legs.reduce((largest, { size }) => max(largest, size), zeroShares),
    edge: certificate.edge,
    edgeRate: ratio(certificate.edge, payoff) ?? (0 as Ppm),
    capital,
    certificate,
    realisation,
    annualisedReturn: annualised(certificate.edge, spent, realisation.lockedDays),
    breaks: whatBreaks(group, certificate),
  }
}

/** Days until the money of a group is back, if it is held to the end. */
export function lockedDays(group: Group, nowMs: EpochMs): number | undefined {
  const { closesAt } = group
  if (closesAt === undefined) return undefined
  return Math.max(0, (closesAt - nowMs) / dayMs) + settlementDays
}

/** What a dollar of this group must earn to be worth its lock-up, in ppm. */
export function hurdleOf(group: Group, by: Realisation, options: DetectOptions): Ppm {
  if (options.hurdlePerYear === 0 || by !== 'settlement') return options.hurdle
  // Money that comes back nobody knows when is charged for a year.
  const locked = forDays(options.hurdlePerYear, lockedDays(group, options.nowMs) ?? 365)
  return max(options.hurdle, locked)
}

function pathOf(group: Group, by: Realisation, nowMs: EpochMs): RealisationPath {
  if (by !== 'settlement') return { by, at: undefined, lockedDays: redemptionDays }
  return { by, at: group.closesAt, lockedDays: lockedDays(group, nowMs) }
}

function capitalOf(certificate: Certificate): ReadonlyMap<VenueId, MicroUsd> {
  const capital = new Map<VenueId, MicroUsd>()
  for (const leg of certificate.legs) {
    const before = capital.get(leg.venue) ?? zeroUsd
    capital.set(leg.venue, add(before, add(leg.cost, leg.fee)))
  }
  return capital
}

function signalLeg({ curve, size }: SizedLeg): SignalLeg {
  const { market, outcome } = curve
  return {
    venue: market.venue,
    market: market.id,
    instrument: instrumentOf(market, outcome).id,
    outcome,
    side: 'buy',
    limit: curve.priceAt(curve.levelOf(size)),
    size,
  }
}

function idOf(group: Group, kind: OpportunityKind, legs: readonly SizedLeg[]): string {
  const names = legs.map(({ curve }) => legName(curve.market, curve.outcome)).toSorted()
  return `${kind}-${hash(`${group.id} ${names.join(' ')}`)}`
}

function legName(market: Market, outcome: Outcome): string {
  return `${market.venue}:${market.id}:${outcome}`
}

/** FNV-1a over two lanes: short, stable and good enough to tell a few thousand baskets apart. */
function hash(text: string): string {
  let a = 0x811c9dc5
  let b = 0x01000193
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    a = Math.imul(a ^ code, 0x01000193) >>> 0
    b = Math.imul(b ^ (code + index), 0x85ebca6b) >>> 0
  }
  return a.toString(36) + b.toString(36)
}
