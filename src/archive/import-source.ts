import type { Market, MarketId, VenueId } from '../core/market.ts'

/** Something that a source does not tell, and what cannot be had for want of it. */
export type Lack = { readonly what: string; readonly makesImpossible: string }

/** What an archive holds, in the order in which it was received. Instants are µs since 1970. */
export type ImportedItem =
  | {
      readonly kind: 'frame'
      readonly venue: VenueId
      readonly bytes: Uint8Array
      readonly atMicros: number
    }
  | {
      /** A whole book as REST tells it, which proves nothing. */
      readonly kind: 'snapshot'
      readonly venue: VenueId
      readonly market: MarketId
      readonly bytes: Uint8Array
      readonly atMicros: number
    }
  /** The recorder of the archive was not connected from here on. */
  | { readonly kind: 'disconnect'; readonly atMicros: number }

/** An archive that has been looked through once, and can be read. */
export type ImportSource = {
  readonly format: string
  /**
   * `as-sent`: the venue's own bytes. `reserialised`: its messages, written anew.
   * `made`: in the venue's shape, from what the archive tells.
   */
  readonly frames: 'as-sent' | 'reserialised' | 'made'
  readonly lacks: readonly Lack[]
  /** What is known of the markets it is about. */
  readonly markets: readonly Market[]
  /** How the NO side of Kalshi's frames reads. */
  readonly kalshiNoSide: 'yes' | 'own'
  /** From its beginning. */
  items(): AsyncIterable<ImportedItem>
  /** Lines or rows that were passed by while reading, by reason. */
  readonly skipped: ReadonlyMap<string, number>
}

/** Facts about markets that somebody has, by venue and name: better than what an archive shows. */
export type KnownMarkets = ReadonlyMap<string, Market>

export function marketKey(venue: VenueId, id: string): string {
  return `${venue} ${id}`
}

/** The archive is not of the format that it should be. */
export class ImportError extends Error {
  override readonly name = 'ImportError'
}
