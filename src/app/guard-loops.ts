import { withoutComments, withoutTexts } from './blank-text.ts'

const call = '__countLoop'

/**
 * The text of a strategy with a call in each of its loops, so that one that never ends is noticed.
 *
 * Words are looked for, not a syntax tree: a loop that is not found, over an iterator without end
 * or within a template, is left to whoever measures time. No line moves.
 */
export function guardLoops(text: string, counterUrl: string): string {
  const bare = withoutTexts(withoutComments(text))
  const insertions = [...bare.matchAll(/(?<![.\w$])(for|while)\s*\(/g)]
    .flatMap((found) => insertionIn(bare, found[1] ?? '', found.index + found[0].length))
    .toSorted((a, b) => b.at - a.at)
  if (insertions.length === 0) return text

  let guarded = text
  for (const { at, text: inserted } of insertions) {
    guarded = `${guarded.slice(0, at)}${inserted}${guarded.slice(at)}`
  }
  return `import { countLoop as ${call} } from ${JSON.stringify(counterUrl)}; ${guarded}`
}

type Insertion = { readonly at: number; readonly text: string }

/** Where the head of a loop takes a call: in a condition, or where a `for` steps on. */
function insertionIn(bare: string, word: string, from: number): readonly Insertion[] {
  const until = closingOf(bare, from)
  if (until === undefined) return []
  if (word === 'while') return [{ at: from, text: `${call}(), ` }]

  const steps = semicolonsIn(bare, from, until)
  const second = steps[1]
  // With none it goes over what is there: that ends by itself.
  if (second === undefined || steps.length !== 2) return []
  const isEmpty = bare.slice(second + 1, until).trim() === ''
  return [{ at: second + 1, text: isEmpty ? `${call}()` : ` ${call}(), ` }]
}

function closingOf(bare: string, from: number): number | undefined {
  let depth = 1
  for (let at = from; at < bare.length; at++) {
    const letter = bare.charAt(at)
    if ('([{'.includes(letter)) depth++
    if (')]}'.includes(letter)) depth--
    if (depth === 0) return at
  }
  return undefined
}

function semicolonsIn(bare: string, from: number, until: number): readonly number[] {
  const found: number[] = []
  let depth = 0
  for (let at = from; at < until; at++) {
    const letter = bare.charAt(at)
    if ('([{'.includes(letter)) depth++
    if (')]}'.includes(letter)) depth--
    if (letter === ';' && depth === 0) found.push(at)
  }
  return found
}
