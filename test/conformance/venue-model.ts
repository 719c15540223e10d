import type { Market } from '../../src/core/market.ts'
import type { FeedCodec } from '../../src/ports/feed-codec.ts'

/** A level of a book in YES terms: ticks, and hundredths of a share. */
export type ModelLevel = readonly [ticks: number, hundredths: number]
export type ModelSide = 'bid' | 'ask'
export type ModelChange = {
  readonly side: ModelSide
  readonly ticks: number
  /** The whole size of the level afterwards; 0 removes it. */
  readonly hundredths: number
}

/** What the venue sends: a frame of its socket, or the body of an answer. */
export type Told = { readonly way: 'frame' | 'body'; readonly bytes: Uint8Array }

/**
 * The venue's side of a connection: it keeps books, and tells of them in the venue's own words.
 *
 * Written from the venue's documents alone. It shares no code with the adapter it is to test.
 */
export type VenueModel = {
  /** The whole book of a market, as it comes after subscribing. */
  snapshot(market: Market): Told
  /** The whole book, as it comes when an adapter asks for it to mend its own. */
  repair(market: Market): Told
  /** Changes the venue's book, and tells of it. */
  change(market: Market, change: ModelChange): Told
  /** A change told from the other outcome's side. */
  changeFromNo(market: Market, change: ModelChange): Told
  trade(market: Market, trade: ModelLevel): Told
  resolved(market: Market, outcome: 'yes' | 'no'): Told
  /** The levels of the venue's own book, best first. */
  levels(market: Market, side: ModelSide): readonly ModelLevel[]
}

/** All that the suite needs to know of a venue. */
export type VenueUnderTest = {
  readonly name: string
  makeCodec(): FeedCodec
  makeModel(): VenueModel
  /** The n-th market: mirrored, in whole cents. */
  market(number: number): Market
  /** What this venue cannot do, by the name of the test: why it is skipped. */
  readonly skips: Readonly<Record<string, string>>
}

/** The books of a model, which every venue's model keeps alike. */
export class ModelBooks {
  readonly #sizes: Map<string, Map<number, number>> = new Map()

  set({ id }: Market, { side, ticks, hundredths }: ModelChange): number {
    const levels = this.#side(id, side)
    const before = levels.get(ticks) ?? 0
    if (hundredths === 0) levels.delete(ticks)
    else levels.set(ticks, hundredths)
    return hundredths - before
  }

  levels({ id }: Market, side: ModelSide): readonly ModelLevel[] {
    const sign = side === 'bid' ? -1 : 1
    return [...this.#side(id, side)].toSorted((a, b) => sign * (a[0] - b[0]))
  }

  #side(id: string, side: ModelSide): Map<number, number> {
    const key = `${id} ${side}`
    const known = this.#sizes.get(key)
    if (known !== undefined) return known
    const made = new Map<number, number>()
    this.#sizes.set(key, made)
    return made
  }
}
