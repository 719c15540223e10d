/** A stretch of a text, and whether the other text has it too. */
export type Stretch = { readonly text: string; readonly isOwn: boolean }

/**
 * Longer texts are not compared word by word: the table grows with the product of their lengths.
 */
const wordsMax = 900

/**
 * Both texts in stretches, with what only one of them says marked.
 *
 * By words and not by letters: a person reads words. The longest common sequence decides what both
 * say; case and punctuation make no difference.
 */
export function markDifferences(
  first: string,
  second: string,
): readonly [readonly Stretch[], readonly Stretch[]] {
  const [a, b] = [wordsOf(first), wordsOf(second)]
  if (a.length > wordsMax || b.length > wordsMax) return [whole(first), whole(second)]
  const shared = sharedWords(a.map(bare), b.map(bare))
  return [stretchesOf(a, shared.first), stretchesOf(b, shared.second)]
}

function wordsOf(text: string): readonly string[] {
  return text.match(/\S+\s*/g) ?? []
}

function bare(word: string): string {
  return word.toLowerCase().replaceAll(/[^\p{L}\p{N}%$]/gu, '')
}

function whole(text: string): readonly Stretch[] {
  return [{ text, isOwn: false }]
}

type Shared = { readonly first: ReadonlySet<number>; readonly second: ReadonlySet<number> }

/** The places of the words of a longest common sequence, in each of both. */
function sharedWords(a: readonly string[], b: readonly string[]): Shared {
  const width = b.length + 1
  const lengths = new Uint16Array((a.length + 1) * width)
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const first = new Set<number>()
  const second = new Set<number>()
  let [i, j] = [0, 0]
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      first.add(i)
      second.add(j)
      i++
      j++
    } else if (at(i + 1, j) >= at(i, j + 1)) i++
    else j++
  }
  return { first, second }
}

function stretchesOf(words: readonly string[], shared: ReadonlySet<number>): readonly Stretch[] {
  const stretches: { text: string; isOwn: boolean }[] = []
  for (const [place, word] of words.entries()) {
    const isOwn = !shared.has(place)
    const last = stretches.at(-1)
    if (last?.isOwn === isOwn) last.text += word
    else stretches.push({ text: word, isOwn })
  }
  return stretches
}
