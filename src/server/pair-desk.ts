import { noAsk, noBid } from '../core/units.ts'
import type { Clock } from '../ports/clock.ts'
import type { Confirmation } from '../propositions/confirm.ts'
import { confirmPair } from '../propositions/confirm.ts'
import { allowances } from '../propositions/finding.ts'
import type { Listing } from '../propositions/listing.ts'
import { listingOf } from '../propositions/listing.ts'
import type { RegisterEntry } from '../propositions/register.ts'
import type { Suggestion } from '../propositions/suggest.ts'
import type { CommandOutcome } from './command-outcome.ts'
import { askText, bidText } from './replica-books.ts'
import type { Replica } from './replica.ts'
import type {
  ConfirmPairRequest,
  Pair,
  PairDetail,
  PairList,
  PairSide,
  PairState,
  RejectPairRequest,
} from './schema/pair.ts'

/** Suggestions are made anew when they are older than this. */
const freshMs = 5 * 60_000
/** More candidates nobody reads. */
const shownMax = 500
/** Of each venue so many are compared, those with the most volume first: the work is quadratic. */
const comparedMax = 3_000

/** A word against a pair, and whose. */
export type Rejection = {
  readonly id: string
  readonly by: string
  readonly because: string
  readonly atMs: number
}

export type PairDeskOptions = {
  readonly replica: Replica
  readonly clock: Clock
  readonly register: readonly RegisterEntry[]
  readonly rejections: readonly Rejection[]
  /** Compares two venues. It may take seconds, and takes them in another thread. */
  readonly suggest: (
    first: readonly Listing[],
    second: readonly Listing[],
  ) => Promise<readonly Suggestion[]>
  /** Keeps what a person has said. Gives a sentence on where, and from when it holds. */
  readonly keep: {
    readonly confirm: (entry: RegisterEntry) => string
    readonly reject: (rejection: Rejection) => string
  }
}

type Made = {
  readonly atMs: number
  readonly looked: readonly number[]
  readonly suggestions: readonly Suggestion[]
}

/** Pairs of markets that may be the same question, and what people say of them. */
export class PairDesk {
  readonly #options: PairDeskOptions
  readonly #confirmed: Map<string, RegisterEntry>
  readonly #rejected: Map<string, Rejection>
  #making: { readonly atMs: number; readonly made: Promise<Made> } | undefined

  constructor(options: PairDeskOptions) {
    this.#options = options
    this.#confirmed = new Map(options.register.map((entry) => [entry.id, entry]))
    this.#rejected = new Map(options.rejections.map((rejection) => [rejection.id, rejection]))
  }

  async list(): Promise<PairList> {
    const { suggestions, looked } = await this.#suggestions()
    return { pairs: suggestions.map((suggestion) => this.#row(suggestion)), looked }
  }

  async detail(id: string): Promise<PairDetail | undefined> {
    const { suggestions } = await this.#suggestions()
    const found = suggestions.find((suggestion) => suggestion.id === id)
    return found === undefined ? undefined : this.#detail(found)
  }

  /** Undefined when there is no such pair. */
  async confirm(id: string, asked: ConfirmPairRequest): Promise<CommandOutcome | undefined> {
    const { suggestions } = await this.#suggestions()
    const found = suggestions.find((suggestion) => suggestion.id === id)
    if (found === undefined) return undefined
    const confirmation: Confirmation = {
      by: asked.by,
      at: this.#options.clock.epochMs(),
      allow: allowances.filter((allowance) => asked.allow.includes(allowance)),
      note: asked.note.trim() === '' ? undefined : asked.note.trim(),
    }
    const result = confirmPair(found.evidence, confirmation)
    if (result.kind === 'refused') return { done: false, message: result.reasons.join('; ') }
    const message = this.#options.keep.confirm(result.entry)
    this.#confirmed.set(id, result.entry)
    this.#rejected.delete(id)
    return { done: true, message }
  }

  async reject(id: string, asked: RejectPairRequest): Promise<CommandOutcome | undefined> {
    const { suggestions } = await this.#suggestions()
    if (!suggestions.some((suggestion) => suggestion.id === id)) return undefined
    if (this.#confirmed.get(id)?.withdrawn === undefined && this.#confirmed.has(id)) {
      return { done: false, message: 'it is confirmed; take it out of the register first' }
    }
    const rejection = { id, ...asked, atMs: this.#options.clock.epochMs() }
    const message = this.#options.keep.reject(rejection)
    this.#rejected.set(id, rejection)
    return { done: true, message }
  }

  /** One comparison at a time, however many ask. One that failed is tried again. */
  #suggestions(): Promise<Made> {
    const nowMs = this.#options.clock.epochMs()
    if (this.#making === undefined || nowMs - this.#making.atMs > freshMs) {
      const made = this.#make(nowMs)
      this.#making = { atMs: nowMs, made }
      made.catch((error: unknown) => {
        this.#making = undefined
        return error
      })
    }
    return this.#making.made
  }

  async #make(atMs: number): Promise<Made> {
    const first = this.#listings('polymarket')
    const second = this.#listings('kalshi')
    const looked = [first.length, second.length]
    if (first.length === 0 || second.length === 0) return { atMs, looked, suggestions: [] }
    const suggestions = await this.#options.suggest(first, second)
    return { atMs, looked, suggestions: suggestions.slice(0, shownMax) }
  }

  #listings(venue: string): readonly Listing[] {
    const { catalogue } = this.#options.replica
    return [...catalogue.markets()]
      .map(({ market }) => market)
      .filter((market) => market.venue === venue && market.status === 'open')
      .toSorted((a, b) => (b.volume24h ?? 0) - (a.volume24h ?? 0))
      .slice(0, comparedMax)
      .map((market) => listingOf(market, catalogue.setOf(market)))
  }

  #stateOf(id: string): PairState {
    const entry = this.#confirmed.get(id)
    if (entry !== undefined) return entry.withdrawn === undefined ? 'confirmed' : 'withdrawn'
    return this.#rejected.has(id) ? 'rejected' : 'candidate'
  }

  #row({ id, candidate, evidence }: Suggestion): Pair {
    const { catalogue } = this.#options.replica
    const [first, second] = [candidate.first.listing, candidate.second.listing]
    return {
      id,
      state: this.#stateOf(id),
      verdict: evidence.verdict,
      first: catalogue.name(first.venue, first.market),
      second: catalogue.name(second.venue, second.market),
      score: candidate.score.total,
    }
  }

  #detail(suggestion: Suggestion): PairDetail {
    const { candidate, evidence, id } = suggestion
    const entry = this.#confirmed.get(id)
    const rejection = this.#rejected.get(id)
    return {
      ...this.#row(suggestion),
      orientation: evidence.orientation,
      sides: [candidate.first.listing, candidate.second.listing].map((side) => this.#side(side)),
      findings: evidence.findings.map((finding) => ({
        dimension: finding.dimension,
        detail: finding.detail,
        kind: finding.kind,
        allowance: finding.kind === 'allow' ? finding.allowance : null,
      })),
      allowances: evidence.allowances,
      scenarios: evidence.scenarios,
      decidedBy: entry?.by ?? rejection?.by ?? null,
      decidedAtMs: entry?.at ?? rejection?.atMs ?? null,
      note: entry?.withdrawn?.because ?? entry?.note ?? rejection?.because ?? null,
    }
  }

  #side(listing: Listing): PairSide {
    const { replica } = this.#options
    const { venue, market, outcomes, rules, source, closesAt } = listing
    const top = replica.books.top(replica.catalogue.find(venue, market)?.index ?? -1)
    return {
      market: replica.catalogue.name(venue, market),
      outcomes,
      rules,
      source,
      closesAtMs: closesAt ?? null,
      bid: bidText(top?.bid ?? noBid),
      ask: askText(top?.ask ?? noAsk),
    }
  }
}
