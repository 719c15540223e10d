import type { Clause } from './clauses.ts'
import type { Evidence } from './evidence.ts'
import type { Reading } from './extract.ts'
import type { Finding } from './finding.ts'

/** One line of a comparison: what is compared, both sides, and what they are to each other. */
export type ComparedRow = {
  readonly what: string
  readonly first: string
  readonly second: string
  /** `only`: a sentence that the other side does not have, or not alike. */
  readonly mark: 'same' | 'differs' | 'only' | 'plain'
}

/** Both listings, side by side, so that a person reads what differs and skips what does not. */
export function sideBySide({ first, second }: Evidence): readonly ComparedRow[] {
  const [a, b] = [first.listing, second.listing]
  return [
    row('market', a.slug, b.slug, 'plain'),
    row('question', a.question, b.question),
    row('outcome', a.label, b.label),
    row('YES, NO', a.outcomes.join(' / '), b.outcomes.join(' / '), 'plain'),
    row('belongs to', a.setTitle, b.setTitle),
    row('closes', instant(a.closesAt), instant(b.closesAt)),
    row('source', a.source, b.source),
    ...clauseRows(first, second),
  ]
}

function row(what: string, first: string, second: string, mark?: ComparedRow['mark']): ComparedRow {
  return { what, first, second, mark: mark ?? (first === second ? 'same' : 'differs') }
}

function instant(at: number | undefined): string {
  return at === undefined ? 'not said' : new Date(at).toISOString().replace('.000Z', 'Z')
}

/** Rules of one kind beside rules of the same kind, in the order in which they matter. */
const kinds: readonly (readonly [Clause['kind'], string])[] = [
  ['claim', 'YES when'],
  ['condition', 'but'],
  ['tie', 'a tie'],
  ['overtime', 'overtime'],
  ['postponement', 'postponed'],
  ['void', 'cancelled'],
  ['not-held', 'not held'],
  ['no-show', 'no-show'],
  ['revision', 'corrections'],
  ['early-no', 'early NO'],
  ['source', 'who decides'],
  ['boilerplate', 'besides'],
]

function clauseRows(first: Reading, second: Reading): readonly ComparedRow[] {
  return kinds.flatMap(([kind, what]) => {
    const [a, b] = [first, second].map((reading) =>
      reading.clauses.filter((clause) => clause.kind === kind),
    )
    if (a === undefined || b === undefined) return []
    return Array.from({ length: Math.max(a.length, b.length) }, (_, index) =>
      clauseRow(what, a[index], b[index]),
    )
  })
}

function clauseRow(what: string, a: Clause | undefined, b: Clause | undefined): ComparedRow {
  const isOnly = a === undefined || b === undefined
  const mark = isOnly ? 'only' : a.canonical === b.canonical ? 'same' : 'differs'
  return { what, first: a?.text ?? '', second: b?.text ?? '', mark }
}

/** The findings that a person has to think about, the gravest first. */
export function gravest(findings: readonly Finding[]): readonly Finding[] {
  const order: readonly Finding['kind'][] = ['veto', 'unknown', 'one-way', 'allow']
  return order.flatMap((kind) => findings.filter((finding) => finding.kind === kind))
}
