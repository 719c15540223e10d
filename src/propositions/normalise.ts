/**
 * One spelling for what venues write in many ways, so that texts can be compared.
 *
 * Only spelling changes here: "$110,000", "$110k" and "$110 thousand" become one token, a dash is a
 * dash. What words mean is the business of `phrases.ts`.
 */
export function fold(text: string): string {
  return spellNumbers(
    text
      .normalize('NFKD')
      .replaceAll(/\p{M}/gu, '')
      .toLowerCase()
      .replaceAll(/[‘’`´]/g, "'")
      .replaceAll(/[“”«»]/g, '"')
      .replaceAll(/[‐‑‒–—−]/g, '-')
      .replaceAll('≥', '>=')
      .replaceAll('≤', '<=')
      .replaceAll(/[↑↓]/g, ' ')
      .replaceAll(/\b([ap])\.m\.?/g, '$1m')
      .replaceAll(/\bu\.s\.(a\.)?/g, 'us')
      .replaceAll(/\bvs\./g, 'vs')
      .replaceAll(/[ \t]+/g, ' '),
  )
}

const magnitudes: Readonly<Record<string, number>> = {
  k: 1e3,
  thousand: 1e3,
  m: 1e6,
  million: 1e6,
  bn: 1e9,
  b: 1e9,
  billion: 1e9,
  trillion: 1e12,
}

const numberWords: readonly string[] = [
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
]

const ordinals: Readonly<Record<string, string>> = {
  '1st': 'first',
  '2nd': 'second',
  '3rd': 'third',
  '4th': 'fourth',
}

function spellNumbers(text: string): string {
  return text
    .replaceAll(/(?<=\d),(?=\d{3}\b)/g, '')
    .replaceAll(/\b(per ?cent)\b/g, '%')
    .replaceAll(/ %/g, '%')
    .replaceAll(/\bbasis[ -]points?\b/g, 'bps')
    .replaceAll(/(?<=\d)bps\b/g, ' bps')
    .replaceAll(/\bdegrees? (fahrenheit|celsius)\b/g, (_, scale: string) => `°${scale[0] ?? ''}`)
    .replaceAll(
      /(\$|[<>]=? ?|)(\d+(?:\.\d+)?)(?: ?(thousand|million|billion|trillion)|(k|bn)|(m|b))\b/g,
      (
        all: string,
        sign: string,
        digits: string,
        word?: string,
        short?: string,
        letter?: string,
      ) => {
        // A bare "m" is metres or minutes as often as it is millions; after a dollar it is money.
        if (letter !== undefined && sign === '') return all
        const magnitude = magnitudes[word ?? short ?? letter ?? ''] ?? 1
        return sign + String(Number((Number(digits) * magnitude).toFixed(4)))
      },
    )
    .replaceAll(/\b(1st|2nd|3rd|4th)\b/g, (word: string) => ordinals[word] ?? word)
    .replaceAll(/\b[a-z]+\b/g, (word: string) => {
      const index = numberWords.indexOf(word)
      return index === -1 ? word : String(index + 2)
    })
}

/**
 * The sentences of a text, in order. A dot inside a number, a name or an abbreviation ends none.
 */
export function sentencesOf(text: string): readonly string[] {
  return text.split('\n').flatMap((paragraph) =>
    paragraph
      .split(/(?<=[.?!]["')]?)\s+(?=["'(]?[A-Z0-9])/)
      .map((sentence) => sentence.trim())
      .filter((sentence) => sentence !== '')
      .reduce<string[]>(joinAbbreviations, []),
  )
}

/** "Ohio St. wins" and "Vitality vs. Spirit" are one sentence, whatever follows the dot. */
function joinAbbreviations(sentences: string[], sentence: string): string[] {
  const last = sentences.at(-1)
  if (last !== undefined && /\b(st|vs|dr|mr|mrs|ms|jr|sr|jan|feb|dec|nov|oct)\.$/i.test(last)) {
    sentences[sentences.length - 1] = `${last} ${sentence}`
  } else {
    sentences.push(sentence)
  }
  return sentences
}

const token = /\$?\d+(?:\.\d+)?%?|[a-z0-9][a-z0-9'&-]*/g

/** The words of folded text, each reduced to a stem, so that "wins" and "win" meet. */
export function stemsOf(text: string): readonly string[] {
  return (text.match(token) ?? []).map(stem).filter((word) => word !== '')
}

/** A rough stem. Two words that share one wrongly only cost a warning, never a trade. */
export function stem(word: string): string {
  if (/\d/.test(word)) return word.replace(/^\$/, '').replace(/\.0+(?=%|$)/, '')
  const bare = word.replace(/'s?$/, '').replace(/-+$/, '')
  if (bare.length <= 3) return bare
  const singular = bare.replace(/ies$/, 'y').replace(/(?<=[^siu])s$/, '')
  const root = singular.replace(/(ing|ed|e|(?<=\w{4})ion)$/, '')
  if (root.length < 3) return singular
  return root.length > 3 ? root.replace(/([bdglmnprt])\1$/, '$1') : root
}
