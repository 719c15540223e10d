import type { Nanos } from '../core/units.ts'

/**
 * The numbered record of everything that goes in and everything that comes out.
 *
 * Appending copies and returns; nothing waits for the disk. {@link seal} is for what must be
 * written before the world may see it: an order intent before the order.
 */
export interface Journal {
  /** A raw frame. Copied: the bytes may be reused when the call returns. */
  appendFrame(venueIndex: number, connection: number, bytes: Uint8Array, at: Nanos): void
  /** Any other event, or an effect, as text that reads back to the same value. */
  appendText(type: JournalTextType, text: string, at: Nanos): void
  /** Hands all that was appended to the operating system before it returns. */
  seal(): void
}

export type JournalTextType = 'header' | 'event' | 'effect' | 'note'
