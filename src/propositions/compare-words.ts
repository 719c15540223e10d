import type { Reading } from './extract.ts'
import type { Finding } from './finding.ts'
import { unknown } from './finding.ts'
import { stemsOf } from './normalise.ts'

/** Words that ask nothing: grammar, and how each venue words a market. */
const emptyWords: ReadonlySet<string> = new Set(
  stemsOf(
    `a an the of to in on at by for from with as and or is are be been was were has have had it its
    this that these those there their his her he she they who whom which what when where if then
    will would shall may can do does did not no yes otherwise any each every both either
    market resolve resolves resolved resolution outcome following refers about according
    us vs against beat within season title fc avoid avoids fails fail never
    scheduled schedule scheduled official officially result results named name final
    win wins won winner winning win? game games match next new end following time times date dated day
    after before during between until since than more over above below under less least most exactly
    at or higher lower greater fewer up down get gets make makes s u o upper level
    published reported report reports announced according source resolution using based decided decision
    pm am et est edt utc`,
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
  const strange = [...a.claimWords].filter(
    (word) => !b.allWords.has(word) && !emptyWords.has(word) && !named.has(word),
  )
  if (strange.length === 0) return []
  return [unknown('words', `only ${a.listing.venue} says: ${strange.join(', ')}`)]
}
