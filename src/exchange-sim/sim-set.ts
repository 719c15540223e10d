import type { FeeCategory } from './fee-terms.ts'
import type { SimMarket } from './sim-market.ts'

/**
 * How the markets of a set hang together.
 *
 * - `single`: one market.
 * - `outright`: at most one wins. A `fixed` list has a catch-all, so one must win; an `open` one
 *   has none; a `growing` one keeps room for names, and with each its catch-all means less.
 * - `ranges`: neighbouring ranges of one number, of which exactly one holds it.
 * - `strikes`: "above k": each implies the ones below.
 * - `dates`: "by then": each implies the later ones.
 */
export type SetStructure =
  | { readonly kind: 'single' }
  | { readonly kind: 'outright'; readonly list: 'fixed' | 'open' | 'growing' }
  | { readonly kind: 'ranges'; readonly line: string }
  | { readonly kind: 'strikes'; readonly line: string }
  | { readonly kind: 'dates' }

export type Tag = { readonly id: string; readonly label: string; readonly slug: string }

/** What the venue calls an event: markets about one question. */
export type SimSet = {
  readonly id: string
  readonly slug: string
  readonly title: string
  readonly rules: string
  readonly source: string
  readonly category: FeeCategory
  readonly tags: readonly Tag[]
  readonly structure: SetStructure
  /** Settled by the neg-risk contracts: the market id there. Undefined for a standard set. */
  readonly negRiskId: string | undefined
  /** How long after the start the winners are known; undefined when not within a run. */
  readonly resolvesAfterMs: number | undefined
  readonly markets: SimMarket[]
}

/** At most one member wins, by the contract that settles it. */
export function isExclusive({ structure }: SimSet): boolean {
  return structure.kind === 'outright' || structure.kind === 'ranges'
}

/** At least one member wins, by the meaning of the questions. */
export function isExhaustive({ structure }: SimSet): boolean {
  if (structure.kind === 'outright') return structure.list === 'fixed'
  return structure.kind === 'ranges'
}
