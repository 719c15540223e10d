import type { Reading } from './extract.ts'
import type { Finding } from './finding.ts'
import { veto } from './finding.ts'
import { markerGroups } from './markers.ts'

/**
 * What no score can outvote: two listings that ask different things, however alike they sound.
 *
 * Dates and numbers have vetoes of their own where they are compared, in `compare-dates.ts` and
 * `compare-bounds.ts`.
 */
export function vetoesOf(a: Reading, b: Reading): readonly Finding[] {
  return [
    ...subjectVeto(a, b),
    ...sideVeto(a, b),
    ...markerVetoes(a, b),
    ...actVeto(a, b),
    ...sourceVeto(a, b),
    ...overtimeVeto(a, b),
  ]
}

/** Whether the YES of the two go to the two sides of one contest. */
export function areOpponents(a: Reading, b: Reading): boolean {
  const [first, second] = [a.subject?.name, b.subject?.name]
  if (first === undefined || second === undefined || isSameName(first, second)) return false
  const named = [a.sides, b.sides].filter((sides) => sides.length === 2)
  if (named.length === 0) return false
  return [first, second].every((name) =>
    named.every((sides) => sides.some((side) => isSameSide(side, name))),
  )
}

/** Two names of one team or person, as labels write them. */
export function isSameName(a: string, b: string): boolean {
  return bareName(a) === bareName(b)
}

function bareName(name: string): string {
  return name
    .replaceAll(/\b(?:fc|afc|cf|the)\b|[^a-z0-9 '-]/g, ' ')
    .replaceAll(/ {2,}/g, ' ')
    .trim()
}

/** Titles shorten people to their last name: "Sinner vs Alcaraz". */
function isSameSide(side: string, name: string): boolean {
  return isSameName(side, name) || bareName(name).endsWith(` ${bareName(side)}`)
}

function subjectVeto(a: Reading, b: Reading): readonly Finding[] {
  if (a.subject === undefined || b.subject === undefined) return []
  const detail = `${a.subject.name} against ${b.subject.name}`
  if (isSameName(a.subject.name, b.subject.name)) return []
  if (a.subject.kind !== b.subject.kind && [a, b].some((one) => one.subject?.kind === 'party')) {
    return [veto('party or person', detail)]
  }
  return areOpponents(a, b) ? [] : [veto('subject', detail)]
}

/** The same team against another opponent is another contest. */
function sideVeto(a: Reading, b: Reading): readonly Finding[] {
  if (a.sides.length !== 2 || b.sides.length !== 2) return []
  const isListed = (name: string): boolean =>
    b.sides.some((side) => isSameSide(side, name) || isSameSide(name, side))
  const strangers = a.sides.filter((name) => !isListed(name))
  if (strangers.length === 0) return []
  return [veto('contest', `${a.sides.join(' and ')} against ${b.sides.join(' and ')}`)]
}

function markerVetoes(a: Reading, b: Reading): readonly Finding[] {
  return markerGroups.flatMap(({ name }) => {
    const [first, second] = [a.markers.get(name), b.markers.get(name)]
    if (first === undefined || second === undefined) return []
    if (first.size === 0 || second.size === 0) return []
    const differs = [...first].some((value) => !second.has(value)) || second.size > first.size
    const detail = `${[...first].join(' and ')} against ${[...second].join(' and ')}`
    return differs ? [veto(name, detail)] : []
  })
}

function actVeto(a: Reading, b: Reading): readonly Finding[] {
  const onlyA = [...a.acts].filter((act) => !b.acts.has(act))
  const onlyB = [...b.acts].filter((act) => !a.acts.has(act))
  if (onlyA.length === 0 && onlyB.length === 0) return []
  const name = (only: readonly string[], all: ReadonlySet<string>): string =>
    (only.length > 0 ? only : [...all]).join(' and ') || 'nothing of the kind'
  return [veto('what must happen', `${name(onlyA, a.acts)} against ${name(onlyB, b.acts)}`)]
}

/** Where the official result decides, whoever reports it, two sources are no veto. */
export const officialKinds: ReadonlySet<Reading['kind']> = new Set(['contest', 'title', 'election'])

function sourceVeto(a: Reading, b: Reading): readonly Finding[] {
  if (officialKinds.has(a.kind) || a.sources.size === 0 || b.sources.size === 0) return []
  const shared = [...a.sources].filter((source) => b.sources.has(source))
  if (shared.length > 0) return []
  return [veto('source', `${[...a.sources].join(', ')} against ${[...b.sources].join(', ')}`)]
}

/** Overtime may be left out only where both leave it out. */
function overtimeVeto(a: Reading, b: Reading): readonly Finding[] {
  const segment = a.markers.get('segment')
  if (segment !== undefined && !segment.has('whole')) return []
  const leavesOut = ({ clauses }: Reading): boolean =>
    clauses.some(({ kind, effect }) => kind === 'overtime' && effect === 'excluded')
  return leavesOut(a) === leavesOut(b)
    ? []
    : [veto('overtime', 'counts in one and not in the other')]
}
