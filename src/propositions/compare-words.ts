import type { Reading } from './extract.ts'
import type { Finding } from './finding.ts'
import { unknown } from './finding.ts'
import { negations } from './negation.ts'
import { stemsOf } from './normalise.ts'

/**
 * Words that ask nothing: grammar, and how each venue words a market.
 *
 * "Or", "before", "either" and the like are not among them: they turn a question round.
 */
const emptyWords: ReadonlySet<string> = new Set(
  stemsOf(
    `a an the of to in on at by for from with as and is are be been was were has have had it its
    this that these those there their his her he she they who whom which what when where if then
    will would shall can do does did yes otherwise following refers about according within
    market resolve resolves resolved resolution outcome next new end ending
    us vs against beat season title fc scheduled schedule official officially result results
    named name final win wins won winner winning game games match time times date dated day
    get gets make makes s u o published reported report reports announced source using based
    decided decision pm am et est edt utc`,
  ),
)

/** Words of a comparison. They are empty where both numbers were read and compared as ranges. */
const comparisonWords: ReadonlySet<string> = new Set(
  stemsOf(
    `more over above below under less least most exactly higher lower greater fewer than between`,
  ),
)

/**
 * Words of what one listing asks that the other never says.
 *
 * This is the net under everything else: a difference that no rule here knows of shows up as a word
 * that only one side uses, and then the answer is that we do not know.
 */
export function compareWords(a: Reading, b: Reading): readonly Finding[] {
  return [...strangeWords(a, b), ...strangeWords(b, a)]
}

function strangeWords(a: Reading, b: Reading): readonly Finding[] {
  // Where both sides of a contest agree, one venue's fuller names say nothing new.
  const named = new Set(
    a.sides.length === 2 && b.sides.length === 2 ? stemsOf(a.sides.join(' ')) : [],
  )
  const areBounded = a.bound !== undefined && b.bound !== undefined
  const strange = [...a.claimWords].filter(
    (word) =>
      !b.saidWords.has(word) &&
      !emptyWords.has(word) &&
      !named.has(word) &&
      !(areBounded && comparisonWords.has(word)) &&
      // How often either denies is compared apart.
      !negations.has(word),
  )
  if (strange.length === 0) return []
  return [unknown('words', `only ${a.listing.venue} says: ${strange.join(', ')}`)]
}
