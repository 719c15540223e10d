import { LineCounter, parseDocument, type Document } from 'yaml'
import { z } from 'zod'
import type { MarketName, RelationEntry, StrikeEntry } from '../arbitrage/relation-entry.ts'
import type { Strike } from '../core/market.ts'

/** A mistake in a relations file: where, and what would be right. */
export type RelationsProblem = { readonly line: number; readonly what: string }

export type RelationsRead =
  | { readonly kind: 'read'; readonly entries: readonly RelationEntry[] }
  | { readonly kind: 'refused'; readonly problems: readonly RelationsProblem[] }

/**
 * Reads what a person keeps of how markets hang together. docs/strategies/relations.md.
 *
 * All or nothing: a file with a mistake in it is refused whole, with the line of each mistake,
 * since half of what was meant may be the half that makes the rest wrong.
 */
export function readRelations(text: string): RelationsRead {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true })
  const syntax = document.errors.map(({ message, pos }) => ({
    line: lines.linePos(pos[0]).line,
    what: message.split('\n')[0] ?? message,
  }))
  if (syntax.length > 0) return { kind: 'refused', problems: syntax }

  const parsed = RelationsDocument.safeParse(document.toJS())
  const lineOf = (path: readonly PropertyKey[]): number => lineAt(document, lines, path)
  if (!parsed.success) {
    return {
      kind: 'refused',
      problems: parsed.error.issues.flatMap((issue) => problemsOf(issue, lineOf)),
    }
  }
  const entries = parsed.data.relations.map((entry, index) => ({
    ...entryOf(entry),
    because: entry.because,
    line: lineOf(['relations', index]),
  }))
  return { kind: 'read', entries }
}

const venues = ['polymarket', 'kalshi'] as const

/** "polymarket/will-it-rain": a venue, and the slug or the id of a market or set there. */
const name = z.string().transform((text, context): MarketName => {
  const slash = text.indexOf('/')
  const venue = venues.find((known) => known === text.slice(0, slash))
  if (venue !== undefined && slash < text.length - 1) return { venue, name: text.slice(slash + 1) }
  const example = `a venue and a name, such as ${venues[0]}/will-it-rain`
  context.addIssue({ code: 'custom', message: `expected ${example}, was "${text}"` })
  return z.NEVER
})

/** The same, where it is the key of a mapping. */
const nameKey = z.string().refine((text) => name.safeParse(text).success, {
  message: `expected a venue and a name, such as ${venues[0]}/will-it-rain`,
})

const comparison = /^(above|at least|below|at most) (-?[\d.]+)$|^between (-?[\d.]+) and (-?[\d.]+)$/

const strikeWords =
  '"above 100", "at least 100", "below 100", "at most 100" or "between 100 and 110"'

/** "above 100", "between 100 and 110". */
const strike = z.string().transform((text, context): Strike => {
  const parts = comparison.exec(text)
  const [, word, bound, floor, cap] = parts ?? []
  if (floor !== undefined && cap !== undefined) return { kind: 'between', floor, cap }
  if (word === 'above' || word === 'at least') {
    return { kind: word === 'above' ? 'above' : 'at-least', floor: bound, cap: undefined }
  }
  if (word === 'below' || word === 'at most') {
    return { kind: word === 'below' ? 'below' : 'at-most', floor: undefined, cap: bound }
  }
  context.addIssue({
    code: 'custom',
    message: `expected ${strikeWords}, was "${text}"`,
  })
  return z.NEVER
})

const some = z.array(name).min(2)
const reason = { because: z.string().min(1) }
const inOrOut = z.enum(['in', 'out']).transform((word) => word === 'in')

const AtMostOne = z.strictObject({ 'at-most-one': some, ...reason })
const AtLeastOne = z.strictObject({ 'at-least-one': some, ...reason })
const OneOf = z.strictObject({ 'one-of': some, ...reason })
// A key of the file, which nobody awaits.
// oxlint-disable-next-line unicorn/no-thenable
const Implies = z.strictObject({ implies: z.strictObject({ if: name, then: name }), ...reason })
const Same = z.strictObject({ same: z.tuple([name, name]), ...reason })
const Count = z.strictObject({
  count: z
    .strictObject({
      of: z.union([z.array(name).min(1), z.record(nameKey, z.int())]),
      'at-least': z.int().optional(),
      'at-most': z.int().optional(),
    })
    .refine((count) => count['at-least'] !== undefined || count['at-most'] !== undefined, {
      message: 'expected "at-least", "at-most" or both',
    }),
  ...reason,
})
const Line = z.strictObject({
  line: z.string().min(1),
  sets: z.array(name).default([]),
  strikes: z.record(nameKey, strike).default({}),
  bounds: z.strictObject({ floor: inOrOut.optional(), cap: inOrOut.optional() }).default({}),
  ...reason,
})
const KnownSet = z
  .strictObject({
    set: name,
    exclusive: z.literal(true).optional(),
    exhaustive: z.literal(true).optional(),
    ...reason,
  })
  .refine((set) => set.exclusive === true || set.exhaustive === true, {
    message: 'expected "exclusive: true", "exhaustive: true" or both',
  })

const shapes = {
  'at-most-one': AtMostOne,
  'at-least-one': AtLeastOne,
  'one-of': OneOf,
  implies: Implies,
  same: Same,
  count: Count,
  line: Line,
  set: KnownSet,
} as const
type Written = z.output<(typeof shapes)[keyof typeof shapes]>

/**
 * One shape is chosen by the key that names it, so that a mistake is told in that shape's words.
 */
const Entry = z.unknown().transform((value, context): Written => {
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : []
  const found = keys.find((key) => key in shapes)
  const shape = Object.entries(shapes).find(([key]) => key === found)?.[1]
  if (shape === undefined) {
    const expected = `expected one of ${Object.keys(shapes).join(', ')}`
    context.addIssue({ code: 'custom', message: `${expected}, and a "because"` })
    return z.NEVER
  }
  const read = shape.safeParse(value)
  if (read.success) return read.data
  for (const issue of read.error.issues) {
    const message = issue.code === 'unrecognized_keys' ? messageOf(issue) : issue.message
    context.addIssue({ code: 'custom', message, path: [...issue.path] })
  }
  return z.NEVER
})

const RelationsDocument = z.strictObject({ relations: z.array(Entry) })

type EntryBody = RelationEntry extends infer One
  ? One extends RelationEntry
    ? Omit<One, 'because' | 'line'>
    : never
  : never

function entryOf(written: Written): EntryBody {
  if ('at-most-one' in written) return { kind: 'at-most-one', members: written['at-most-one'] }
  if ('at-least-one' in written) return { kind: 'at-least-one', members: written['at-least-one'] }
  if ('one-of' in written) return { kind: 'one-of', members: written['one-of'] }
  if ('same' in written) return { kind: 'same', members: written.same }
  if ('implies' in written) {
    return { kind: 'implies', premise: written.implies.if, conclusion: written.implies.then }
  }
  if ('count' in written) {
    return {
      kind: 'count',
      terms: termsOf(written.count.of),
      atLeast: written.count['at-least'],
      atMost: written.count['at-most'],
    }
  }
  if ('line' in written) {
    const { floor, cap } = written.bounds
    return {
      kind: 'line',
      subject: written.line,
      sets: written.sets,
      strikes: strikesOf(written.strikes),
      included: { floor, cap },
    }
  }
  const { set, exclusive, exhaustive } = written
  return { kind: 'set', set, exclusive: exclusive === true, exhaustive: exhaustive === true }
}

type CountBody = Extract<EntryBody, { kind: 'count' }>

function termsOf(of: readonly MarketName[] | Readonly<Record<string, number>>): CountBody['terms'] {
  if (isList(of)) return of.map((member) => ({ member, weight: 1 }))
  return Object.entries(of).map(([text, weight]) => ({ member: name.parse(text), weight }))
}

function isList(of: readonly MarketName[] | object): of is readonly MarketName[] {
  return Array.isArray(of)
}

function strikesOf(strikes: Readonly<Record<string, Strike>>): readonly StrikeEntry[] {
  return Object.entries(strikes).map(([text, one]) => ({ member: name.parse(text), strike: one }))
}

type Issue = z.core.$ZodIssue

function problemsOf(
  issue: Issue,
  lineOf: (path: readonly PropertyKey[]) => number,
): readonly RelationsProblem[] {
  if (issue.code !== 'unrecognized_keys') {
    return [{ line: lineOf(issue.path), what: messageOf(issue) }]
  }
  return issue.keys.map((key) => ({
    line: lineOf([...issue.path, key]),
    what: `"${key}" is not a key here`,
  }))
}

function messageOf(issue: Issue): string {
  const last = issue.path.at(-1)
  const where = typeof last === 'string' ? `"${last}": ` : ''
  return issue.code === 'unrecognized_keys'
    ? `"${issue.keys.join('", "')}" is not a key here`
    : `${where}${issue.message}`
}

/** The line of the value at a path, or of the nearest thing around it that is written down. */
function lineAt(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true)
    const range = hasRange(node) ? node.range : undefined
    if (range !== undefined && range !== null) return lines.linePos(range[0]).line
  }
  return 1
}

function hasRange(node: unknown): node is { range: readonly [number, number, number] | null } {
  return typeof node === 'object' && node !== null && 'range' in node
}
