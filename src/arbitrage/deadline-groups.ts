import type { Market } from '../core/market.ts'
import type { Claim } from '../core/outcome-set.ts'
import type { Relation } from '../core/relation.ts'
import { Group } from './group.ts'

const months = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
]
const words = String.raw`(?:${months.join('|')})\s+\d{1,2}(?:st|nd|rd|th)?(?:,?\s+\d{4})?`
const date = String.raw`${words}|\d{4}-\d{2}-\d{2}`
const deadline = new RegExp(String.raw`\b(by|before|through|until)\s+(${date})`, 'gi')

const sameWords: Claim = {
  holds: 'proven',
  evidence: 'question and rules are word for word the same but for the deadline',
}

type Term = { readonly market: Market; readonly until: number; readonly text: string }

/**
 * Ladders of deadlines: what happens by March has happened by June.
 *
 * Only within one outcome set, with one source, where question and rules are the same words but for
 * the date after "by" or "before", and where the later date also closes later.
 */
export function deadlinesOf(markets: readonly Market[]): readonly Group[] {
  const bySubject = new Map<string, Term[]>()
  for (const market of markets) {
    const term = termOf(market)
    if (term === undefined) continue
    const terms = bySubject.get(term.text)
    if (terms === undefined) bySubject.set(term.text, [term])
    else terms.push(term)
  }
  return [...bySubject.values()].flatMap((terms) => groupOf(terms) ?? [])
}

function termOf(market: Market): Term | undefined {
  const { set, status, fee, rules, closesAt, resolution } = market
  if (set === undefined || status !== 'open' || fee.kind === 'unknown') return undefined
  if (rules.trim() === '' || closesAt === undefined || resolution !== undefined) return undefined

  const found = [...market.question.matchAll(deadline)]
  const [only] = found
  const day = only?.[2]
  if (found.length !== 1 || day === undefined) return undefined
  const until = dayNumber(day, new Date(closesAt).getUTCFullYear())
  if (until === undefined) return undefined

  const text = [
    market.venue,
    set,
    market.resolutionSource,
    withoutDate(market.question, day),
    withoutDate(rules, day),
  ].join('\n')
  return { market, until, text }
}

/**
 * A number that grows with the day: 20270331 for "March 31, 2027". A day without a year is of
 * `year`.
 */
function dayNumber(day: string, year: number): number | undefined {
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day)
  if (iso !== null) return Number(`${iso[1]}${iso[2]}${iso[3]}`)

  const words = /^([a-z]+)\s+(\d{1,2})[a-z]*(?:,?\s+(\d{4}))?$/i.exec(day)
  const month = months.indexOf((words?.[1] ?? '').toLowerCase()) + 1
  if (words === null || month === 0) return undefined
  return Number(words[3] ?? year) * 10_000 + month * 100 + Number(words[2])
}

/** The date goes wherever it stands, with its year or without. Any other date keeps texts apart. */
function withoutDate(text: string, day: string): string {
  const bare = day.replace(/,?\s+\d{4}$/, '')
  const pattern = new RegExp(
    String.raw`${bare.replaceAll(/\s+/g, String.raw`\s+`)}(?:,?\s+\d{4})?(?!\d)`,
    'gi',
  )
  return text.replaceAll(pattern, '#').replaceAll(/\s+/g, ' ').trim().toLowerCase()
}

function groupOf(terms: readonly Term[]): Group | undefined {
  const sorted = terms.toSorted((a, b) => a.until - b.until)
  const isRising = sorted.every((term, index) => {
    const before = sorted[index - 1]
    if (before === undefined) return true
    return term.until > before.until && (term.market.closesAt ?? 0) > (before.market.closesAt ?? 0)
  })
  const first = sorted[0]
  if (first === undefined || sorted.length < 2 || !isRising) return undefined

  const members = sorted.map(({ market }) => market)
  const refs = members.map(({ venue, id }) => ({ venue, market: id }))
  const relations = refs.slice(1).flatMap((conclusion, index): Relation[] => {
    const premise = refs[index]
    return premise === undefined ? [] : [{ kind: 'implies', premise, conclusion, claim: sameWords }]
  })
  return new Group({
    id: `deadlines:${members.map(({ venue, id }) => `${venue}:${id}`).join('+')}`,
    title: first.market.question,
    shape: 'ladder',
    members,
    relations,
    sets: [...new Set(members.flatMap(({ set }) => set ?? []))],
    exhaustive: false,
    conversion: undefined,
  })
}
