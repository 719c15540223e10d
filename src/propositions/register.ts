import { Document, isMap, isSeq, LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import type { MarketId, VenueId } from '../core/market.ts'
import type { Proposition, PropositionId } from '../core/proposition.ts'
import type { EpochMs } from '../core/units.ts'
import { allowances, type Allowance } from './finding.ts'

/** One market of a confirmed pair, as it was when a person read it. */
export type ConfirmedMarket = {
  readonly market: MarketId
  /** For people: the venue's readable name of it. */
  readonly slug: string
  readonly rulesHash: string
  readonly sourceHash: string
  readonly closesAt: EpochMs | undefined
}

/** A pair in the register: what a person has confirmed, having seen what. */
export type RegisterEntry = {
  readonly id: PropositionId
  readonly title: string
  readonly polymarket: ConfirmedMarket
  readonly kalshi: ConfirmedMarket
  readonly orientation: Proposition['orientation']
  /** The venue whose side is never worth more, where they are not alike. */
  readonly lesser: VenueId | undefined
  /** What the gate found, and what the person accepted beside it. */
  readonly verdict: string
  readonly allow: readonly Allowance[]
  readonly by: string
  readonly at: EpochMs
  readonly note: string | undefined
  /** Set once it no longer holds; only a new confirmation takes it away. */
  readonly withdrawn: { readonly at: EpochMs; readonly because: string } | undefined
  readonly line: number
}

type RegisterProblem = { readonly line: number; readonly what: string }

export type RegisterRead =
  | { readonly kind: 'read'; readonly entries: readonly RegisterEntry[] }
  | { readonly kind: 'refused'; readonly problems: readonly RegisterProblem[] }

const hash = z.string().regex(/^[0-9a-f]{32}$/, 'expected a hash of 32 hexadecimal digits')
const text = z.string().trim().min(1)
/** YAML reads a bare date as a date; quoted or not, an instant is ISO 8601 with its zone. */
const instant = z
  .union([z.string(), z.date().transform((date) => date.toISOString())])
  .pipe(z.iso.datetime({ offset: true, error: 'expected an instant such as 2026-12-01T09:00:00Z' }))
  .transform((iso) => Date.parse(iso) as EpochMs)

const Market = z.strictObject({
  market: text.transform((id) => id as MarketId),
  slug: text,
  rules: hash,
  source: hash,
  closes: instant.optional(),
})

const Entry = z
  .strictObject({
    id: text.transform((id) => id as PropositionId),
    title: text,
    polymarket: Market,
    kalshi: Market,
    orientation: z.enum(['same', 'complement']),
    'never-more': z.enum(['polymarket', 'kalshi']).optional(),
    verdict: z.enum(['same', 'complement', 'one-directional', 'unknown']),
    allow: z.array(z.enum(allowances)).default([]),
    by: text,
    at: instant,
    note: text.optional(),
    withdrawn: z.strictObject({ at: instant, because: text }).optional(),
  })
  .refine((entry) => (entry.verdict === 'one-directional') <= (entry['never-more'] !== undefined), {
    path: ['never-more'],
    message: 'expected the venue whose side never pays more, since the pair is one-directional',
  })

const Register = z.strictObject({ propositions: z.array(Entry).nullable() })

/**
 * Reads the register. All or nothing: a register with a mistake trades nothing, and each mistake is
 * told with its line.
 */
export function readRegister(file: string): RegisterRead {
  if (file.trim() === '') return { kind: 'read', entries: [] }
  const lines = new LineCounter()
  const document = parseDocument(file, { lineCounter: lines, uniqueKeys: true })
  const lineOf = (path: readonly PropertyKey[]): number => lineAt(document, lines, path)
  const syntax = document.errors.map(({ message, pos }) => ({
    line: lines.linePos(pos[0]).line,
    what: message.split('\n')[0] ?? message,
  }))
  if (syntax.length > 0) return { kind: 'refused', problems: syntax }

  const parsed = Register.safeParse(document.toJS())
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => ({
      line: lineOf(issue.path),
      what: `${issue.path.slice(2).join('.')}: ${issue.message}`.replace(/^: /, ''),
    }))
    return { kind: 'refused', problems }
  }
  const entries = (parsed.data.propositions ?? []).map((entry, index) =>
    entryOf(entry, lineOf(['propositions', index])),
  )
  const problems = duplicates(entries)
  return problems.length > 0 ? { kind: 'refused', problems } : { kind: 'read', entries }
}

function entryOf(entry: z.output<typeof Entry>, line: number): RegisterEntry {
  const { id, title, orientation, verdict, allow, by, at, note, withdrawn } = entry
  return {
    id,
    title,
    polymarket: marketOf(entry.polymarket),
    kalshi: marketOf(entry.kalshi),
    orientation,
    lesser: entry['never-more'],
    verdict,
    allow,
    by,
    at,
    note,
    withdrawn,
    line,
  }
}

function marketOf({
  market,
  slug,
  rules,
  source,
  closes,
}: z.output<typeof Market>): ConfirmedMarket {
  return { market, slug, rulesHash: rules, sourceHash: source, closesAt: closes }
}

/** An id stands for one pair, and one pair stands once: two entries could say opposite things. */
function duplicates(entries: readonly RegisterEntry[]): readonly RegisterProblem[] {
  const seen = new Map<string, number>()
  return entries.flatMap(({ id, polymarket, kalshi, line }) => {
    const names = [`id ${id}`, `pair ${polymarket.market} and ${kalshi.market}`]
    return names.flatMap((name) => {
      const before = seen.get(name)
      seen.set(name, line)
      return before === undefined ? [] : [{ line, what: `${name} stands on line ${before} too` }]
    })
  })
}

const heading = ` Which markets of two venues are the same question, and who has read both rules.
 Written by \`prediction-engine pairs confirm\`; docs/propositions.md says what each key means.`

/**
 * The register with an entry added, or put in the place of the one with its id. Comments and
 * everything else that a person wrote stay as they are.
 */
export function writeEntry(file: string, entry: RegisterEntry): string {
  const document = file.trim() === '' ? new Document({ propositions: [] }) : parseDocument(file)
  if (file.trim() === '') document.commentBefore = heading
  if (!isSeq(document.get('propositions', true)))
    document.set('propositions', document.createNode([]))
  const list = document.get('propositions', true)
  if (isSeq(list)) {
    list.flow = false
    const place = list.items.findIndex((item) => isMap(item) && item.get('id') === entry.id)
    const node = document.createNode(writtenOf(entry))
    if (place === -1) list.add(node)
    else list.set(place, node)
  }
  return document.toString({ lineWidth: 100 })
}

/** The register with an entry taken out of trading. Everything else stays. */
export function writeWithdrawal(
  file: string,
  id: PropositionId,
  withdrawn: { readonly at: EpochMs; readonly because: string },
): string {
  const document = parseDocument(file)
  const list = document.get('propositions', true)
  if (!isSeq(list)) return file
  for (const item of list.items) {
    if (!isMap(item) || item.get('id') !== id) continue
    item.set(
      'withdrawn',
      document.createNode({ at: iso(withdrawn.at), because: withdrawn.because }),
    )
  }
  return document.toString({ lineWidth: 100 })
}

function writtenOf(entry: RegisterEntry): Record<string, unknown> {
  return {
    id: entry.id,
    title: entry.title,
    polymarket: writtenMarket(entry.polymarket),
    kalshi: writtenMarket(entry.kalshi),
    orientation: entry.orientation,
    ...(entry.lesser === undefined ? {} : { 'never-more': entry.lesser }),
    verdict: entry.verdict,
    allow: [...entry.allow],
    by: entry.by,
    at: iso(entry.at),
    ...(entry.note === undefined ? {} : { note: entry.note }),
    ...(entry.withdrawn === undefined
      ? {}
      : { withdrawn: { at: iso(entry.withdrawn.at), because: entry.withdrawn.because } }),
  }
}

function writtenMarket({
  market,
  slug,
  rulesHash,
  sourceHash,
  closesAt,
}: ConfirmedMarket): Record<string, string> {
  return {
    market,
    slug,
    rules: rulesHash,
    source: sourceHash,
    ...(closesAt === undefined ? {} : { closes: iso(closesAt) }),
  }
}

function iso(at: EpochMs): string {
  return new Date(at).toISOString()
}

/** What the engine may trade of an entry: nothing once it is withdrawn. */
export function propositionOf(entry: RegisterEntry): Proposition | undefined {
  if (entry.withdrawn !== undefined) return undefined
  const { id, title, polymarket, kalshi, orientation, lesser } = entry
  const allowed = entry.allow.length === 0 ? '' : `, allowing ${entry.allow.join(', ')}`
  return {
    id,
    title,
    first: { venue: 'polymarket', market: polymarket.market },
    second: { venue: 'kalshi', market: kalshi.market },
    orientation,
    holds:
      lesser === undefined
        ? 'alike'
        : lesser === 'polymarket'
          ? 'first-never-more'
          : 'second-never-more',
    because: `proposition ${id}, "${title}": confirmed by ${entry.by} on ${iso(entry.at).slice(0, 10)}${allowed}`,
  }
}

/** The line of the value at a path, or of the nearest thing around it that is written down. */
function lineAt(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true)
    const range =
      typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined
    if (Array.isArray(range) && typeof range[0] === 'number') return lines.linePos(range[0]).line
  }
  return 1
}
