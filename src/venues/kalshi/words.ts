/** Pieces of frames as numbers: text is compared, and digits are read, several bytes at a time. */

/** Eight characters of a text, from `at`, as the number that a view reads there. */
export function eight(text: string, at: number): number {
  return viewOf(text).getFloat64(at, true)
}

/** Four characters of a text, from `at`. */
export function four(text: string, at: number = 0): number {
  return viewOf(text).getInt32(at, true)
}

function viewOf(text: string): DataView {
  return new DataView(new TextEncoder().encode(text).buffer)
}

/** Whether all four bytes are decimal digits. */
export function areDigits(word: number): boolean {
  // The high half of a digit is 3, and adding 6 to its low half does not carry into it.
  return (word & 0xf0f0f0f0) === 0x30303030 && ((word + 0x06060606) & 0xf0f0f0f0) === 0x30303030
}

/** "0.9600" or "1.0000" in ticks, or -1. Six bytes are there. */
export function fourDecimals(view: DataView, at: number): number {
  const digits = view.getInt32(at + 2, true)
  if (!areDigits(digits)) return -1
  const whole = view.getUint16(at, true) - zeroPoint
  if (whole !== 0) return whole === 1 && digits === fourZeros ? 10_000 : -1
  return (
    (digits & 15) * 1000 +
    ((digits >> 8) & 15) * 100 +
    ((digits >> 16) & 15) * 10 +
    ((digits >> 24) & 15)
  )
}

const zeroPoint = 0x2e30
const fourZeros = 0x30303030
