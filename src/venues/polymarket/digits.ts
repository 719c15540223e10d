/**
 * Reads numbers as they lie in a frame, digit by digit checked, without making a string.
 *
 * The prices and lengths come back packed in one small integer, because a double that crosses a
 * call is allocated. Whatever does not look as expected is `unread`, and a slower layer's business.
 */

/** Not what was expected here. */
export const unread = -1

const quote = 0x22 - 0x30
const point = 0x2e - 0x30

/** `ticks << 4 | length` of "0", "1" or "0.dddd" up to its closing quote, or {@link unread}. */
export function readPrice(view: DataView, p: number): number {
  const word = view.getInt32(p, true)
  if ((word & 0xffff) !== 0x2e30) {
    if ((word & 0xffff) === 0x2230) return 1
    return (word & 0xffff) === 0x2231 ? (10_000 << 4) | 1 : unread
  }
  const first = ((word >>> 16) & 0xff) - 0x30
  const second = (word >>> 24) - 0x30
  if (first >>> 0 > 9) return unread
  if (second >>> 0 > 9) return second === quote ? ((first * 1000) << 4) | 3 : unread

  const two = first * 1000 + second * 100
  const third = view.getUint8((p + 4) | 0) - 0x30
  if (third >>> 0 > 9) return third === quote ? (two << 4) | 4 : unread
  const fourth = view.getUint8((p + 5) | 0) - 0x30
  if (fourth >>> 0 > 9) return fourth === quote ? ((two + third * 10) << 4) | 5 : unread
  return view.getUint8((p + 6) | 0) === 0x22 ? ((two + third * 10 + fourth) << 4) | 6 : unread
}

/** As {@link readPrice}, but `""` is the price of an empty side. */
export function readBestPrice(view: DataView, p: number, empty: number): number {
  return view.getUint8(p) === 0x22 ? empty << 4 : readPrice(view, p)
}

/**
 * Stores a size of at most nine digits and six decimals, in micro-shares, at `row`.
 *
 * Gives its length up to the closing quote, or {@link unread}.
 */
export function readSize(view: DataView, p: number, sizes: Float64Array, row: number): number {
  // What lies behind a frame may be digits up to the end of memory: a look must end before.
  const limit = (p + 10) | 0
  let whole = 0
  let q = p
  let digit = view.getUint8(q) - 0x30
  while (digit >>> 0 <= 9 && q < limit) {
    whole = (whole * 10 + digit) | 0
    q = (q + 1) | 0
    digit = view.getUint8(q) - 0x30
  }
  const length = (q - p) | 0
  if (length === 0 || length > 9) return unread
  if (digit === quote) {
    sizes[row] = whole * 1_000_000
    return length
  }
  if (digit !== point) return unread

  let fraction = 0
  let scale = 1_000_000
  q = (q + 1) | 0
  digit = view.getUint8(q) - 0x30
  while (digit >>> 0 <= 9) {
    if (scale === 1) return unread
    fraction = (fraction * 10 + digit) | 0
    scale = (scale / 10) | 0
    q = (q + 1) | 0
    digit = view.getUint8(q) - 0x30
  }
  if (digit !== quote || scale === 1_000_000) return unread
  sizes[row] = whole * 1_000_000 + fraction * scale
  return (q - p) | 0
}

/** Stores the milliseconds since 1970 that thirteen digits tell. False when they are not. */
export function readTimestamp(
  view: DataView,
  p: number,
  times: Float64Array,
  event: number,
): boolean {
  const first = view.getUint8(p) - 0x30
  const high = readFour(view.getInt32((p + 1) | 0, true))
  const middle = readFour(view.getInt32((p + 5) | 0, true))
  const low = readFour(view.getInt32((p + 9) | 0, true))
  if (first < 1 || first > 9 || (high | middle | low) < 0) return false
  times[event] = first * 1e12 + high * 1e8 + (middle * 10_000 + low)
  return true
}

/** The number that four digits make, lowest byte first, or {@link unread}. */
function readFour(word: number): number {
  if ((word & 0xf0f0f0f0) !== allDigits || ((word + 0x06060606) & 0xf0f0f0f0) !== allDigits) {
    return unread
  }
  const pairs = (Math.imul(word & 0x0f0f0f0f, 2561) >>> 8) & 0x00ff00ff
  return Math.imul(pairs, 6553601) >>> 16
}

const allDigits = 0x30303030

/**
 * Copies the forty characters of a hash as five words. False when one of them cannot be part of it.
 *
 * Lower-case hex has its sixth bit set and its fifth or seventh. So have a few other characters,
 * but none that ends or escapes a string, and a hash with one of those is simply never matched.
 */
export function readHash(view: DataView, p: number, hashes: Float64Array, index: number): boolean {
  let every = -1
  let any = 0
  for (let at = p; at < p + 40; at = (at + 4) | 0) {
    const word = view.getInt32(at, true)
    every &= word & ((word | (word << 2)) >> 1)
    any |= word
  }
  const to = index * 5
  hashes[to] = view.getFloat64(p, true)
  hashes[to + 1] = view.getFloat64((p + 8) | 0, true)
  hashes[to + 2] = view.getFloat64((p + 16) | 0, true)
  hashes[to + 3] = view.getFloat64((p + 24) | 0, true)
  hashes[to + 4] = view.getFloat64((p + 32) | 0, true)
  return (every & 0x20202020) === 0x20202020 && (any & 0x80808080) === 0
}
