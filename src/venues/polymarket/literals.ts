import { unread } from './digits.ts'

/**
 * The text between values, as the venue writes it, to be compared eight bytes at a time.
 *
 * Words are doubles: ASCII is never NaN and never zero, so any difference shows, and what lies
 * behind a frame can be compared without harm. A literal has its words from the left and, last,
 * the word that ends it, which overlaps the one before.
 */
export type Literals = Float64Array

/** A literal by its place in the table, with its length when written without spaces. */
const texts = [
  '","price":"',
  '","size":"',
  '","side":"BUY","hash":"',
  '","side":"SELL","hash":"',
  '","best_bid":"',
  '","best_ask":"',
  '"},{"asset_id":"',
  '"}],"timestamp":"',
  '","event_type":"price_change"}',
  '","price_changes":[{"asset_id":"',
  '","asset_id":"',
  '","timestamp":"',
  '","hash":"',
  '","bids":[',
  '],"asks":[',
  '],"tick_size":"',
  '","event_type":"book","last_trade_price":"',
  '],"hash":"',
  '","event_type":"book"}',
  '"},{"price":"',
  '","spread":"',
  '","event_type":"best_bid_ask"}',
  '","fee_rate_bps":"',
  '","side":"BUY","timestamp":"',
  '","side":"SELL","timestamp":"',
  '","event_type":"last_trade_price"',
  ',"transaction_hash":"0x',
] as const

export type Literal = (typeof texts)[number]

/** Words of a literal, the last one always in the last place. */
const stride = 7
const lastWord = stride - 1

/** Where the words of a literal begin. */
export function placeOf(literal: Literal): number {
  return texts.indexOf(literal) * stride
}

/** As the first dump is written. */
export const compactLiterals: Literals = tableOf(texts)
/** As single messages are written, a space after each comma. docs/venues/polymarket.md, 4.2. */
export const spacedLiterals: Literals = tableOf(
  texts.map((text) => text.replaceAll(/,(?=["{])/g, ', ')),
)

/**
 * Whether a literal of nine to sixteen bytes stands at `p`, whose last eight are `tail` further on.
 *
 * A place is kept an integer by `| 0` wherever it is computed: the compiler then needs no check
 * for an overflow, which costs a sixth of the whole.
 */
export function is16(
  view: DataView,
  p: number,
  literals: Literals,
  place: number,
  tail: number,
): boolean {
  return (
    view.getFloat64(p, true) === literals[place] &&
    view.getFloat64((p + tail) | 0, true) === literals[(place + lastWord) | 0]
  )
}

/** The place after a literal of nine to sixteen bytes when it stands at `p`, else `unread`. */
export function after16(
  view: DataView,
  p: number,
  literals: Literals,
  place: number,
  length: number,
): number {
  return view.getFloat64(p, true) === literals[place] &&
    view.getFloat64((p + length - 8) | 0, true) === literals[(place + lastWord) | 0]
    ? (p + length) | 0
    : unread
}

/** The same for a literal of seventeen to twenty-four bytes. */
export function after24(
  view: DataView,
  p: number,
  literals: Literals,
  place: number,
  length: number,
): number {
  return view.getFloat64(p, true) === literals[place] &&
    view.getFloat64((p + 8) | 0, true) === literals[(place + 1) | 0] &&
    view.getFloat64((p + length - 8) | 0, true) === literals[(place + lastWord) | 0]
    ? (p + length) | 0
    : unread
}

/** The same for a literal of twenty-five to thirty-two bytes. */
export function after32(
  view: DataView,
  p: number,
  literals: Literals,
  place: number,
  length: number,
): number {
  return view.getFloat64(p, true) === literals[place] &&
    view.getFloat64((p + 8) | 0, true) === literals[(place + 1) | 0] &&
    view.getFloat64((p + 16) | 0, true) === literals[(place + 2) | 0] &&
    view.getFloat64((p + length - 8) | 0, true) === literals[(place + lastWord) | 0]
    ? (p + length) | 0
    : unread
}

/** The same for a literal of thirty-two to forty bytes. */
export function after40(
  view: DataView,
  p: number,
  literals: Literals,
  place: number,
  length: number,
): number {
  return view.getFloat64(p, true) === literals[place] &&
    view.getFloat64((p + 8) | 0, true) === literals[(place + 1) | 0] &&
    view.getFloat64((p + 16) | 0, true) === literals[(place + 2) | 0] &&
    view.getFloat64((p + 24) | 0, true) === literals[(place + 3) | 0] &&
    view.getFloat64((p + length - 8) | 0, true) === literals[(place + lastWord) | 0]
    ? (p + length) | 0
    : unread
}

/** The same for a literal of any length. */
export function afterAny(
  view: DataView,
  p: number,
  literals: Literals,
  place: number,
  length: number,
): number {
  for (let word = 0; 8 * word + 8 <= length; word++) {
    if (view.getFloat64((p + 8 * word) | 0, true) !== literals[place + word]) return unread
  }
  return view.getFloat64((p + length - 8) | 0, true) === literals[(place + lastWord) | 0]
    ? p + length
    : unread
}

/** The eight bytes of a text at an offset, as a double. */
export function wordAt(text: string, offset: number): number {
  return Buffer.from(text, 'latin1').readDoubleLE(offset)
}

function tableOf(written: readonly string[]): Literals {
  const words = new Float64Array(written.length * stride)
  for (const [index, text] of written.entries()) {
    for (let word = 0; 8 * word + 8 <= text.length; word++) {
      words[index * stride + word] = wordAt(text, 8 * word)
    }
    words[index * stride + lastWord] = wordAt(text, text.length - 8)
  }
  return words
}
