/** A fixed piece of a frame, ready to be compared eight bytes at a time. */
export type ByteLiteral = {
  readonly length: number
  /** The whole words of eight bytes, read as numbers. Plain text is never NaN and never ±0. */
  readonly words: Float64Array
  /** The last eight bytes, which may overlap the word before; of a short literal the last four. */
  readonly tail: number
  /** The first four bytes, for a literal too short for words. */
  readonly head: number
}

/** Makes a literal of plain ASCII text, at least four characters long. */
export function byteLiteral(text: string): ByteLiteral {
  const bytes = new TextEncoder().encode(text)
  const view = new DataView(bytes.buffer)
  const { length } = bytes
  const words = new Float64Array(Math.floor(length / 8))
  for (let index = 0; index < words.length; index++) words[index] = view.getFloat64(8 * index, true)
  const tail = length < 8 ? view.getInt32(length - 4, true) : view.getFloat64(length - 8, true)
  return { length, words, tail, head: view.getInt32(0, true) }
}

/** Whether the literal stands at `at`. The caller has seen that so many bytes are there. */
export function matches(view: DataView, at: number, literal: ByteLiteral): boolean {
  const { length, words, tail } = literal
  if (length < 8) {
    return view.getInt32(at, true) === literal.head && view.getInt32(at + length - 4, true) === tail
  }
  for (let index = 0; index < words.length; index++) {
    if (view.getFloat64(at + 8 * index, true) !== words[index]) return false
  }
  return view.getFloat64(at + length - 8, true) === tail
}
