import type { Evidence } from '../../propositions/evidence.ts'
import type { Finding } from '../../propositions/finding.ts'
import type { Listing } from '../../propositions/listing.ts'
import { pairIdOf } from '../../propositions/rule-hash.ts'
import type { ComparedRow } from '../../propositions/side-by-side.ts'
import { gravest, sideBySide } from '../../propositions/side-by-side.ts'
import type { Ink } from '../ink.ts'
import { fit } from '../text-width.ts'

export function evidenceJson(evidence: Evidence): Record<string, unknown> {
  const { first, second, verdict, orientation, lesser, allowances, scenarios } = evidence
  return {
    verdict,
    orientation,
    neverMore: lesser === undefined ? null : evidence[lesser].listing.venue,
    polymarket: listingJson(first.listing),
    kalshi: listingJson(second.listing),
    allow: allowances,
    reasons: gravest(evidence.findings).map(({ kind, dimension, detail }) => ({
      kind,
      dimension,
      detail,
    })),
    scenarios,
  }
}

function listingJson({ market, slug, question, label }: Listing): Record<string, string> {
  return { market, slug, question, label }
}

const headings: Readonly<Record<Evidence['verdict'], string>> = {
  same: 'one question, as far as we can read it',
  complement: 'each other’s complement: YES here is NO there',
  'one-directional': 'one never pays more than the other: tradable one way',
  'not-same': 'different questions: cannot be confirmed',
  unknown: 'not clear: something could not be read or matched',
}

const nameWidth = 12

/** Both listings side by side, what differs marked, and what a person has to settle. */
export function describePair(evidence: Evidence, columns: number, ink: Ink): readonly string[] {
  const [first, second] = [evidence.first.listing, evidence.second.listing]
  const width = Math.floor((columns - nameWidth - 6) / 2)
  const title = `${pairIdOf(first, second)}  ${headings[evidence.verdict]}`
  return [
    paintVerdict(evidence.verdict, ink)(title),
    '',
    ink.bold(`  ${fit('', nameWidth)}  ${fit('POLYMARKET', width)}  KALSHI`),
    ...sideBySide(evidence).flatMap((row) => rowLines(row, width, ink)),
    '',
    ...findingLines(evidence, ink),
    ...scenarioLines(evidence),
    ...nextLines(evidence),
  ]
}

function paintVerdict(verdict: Evidence['verdict'], ink: Ink): (text: string) => string {
  if (verdict === 'not-same') return ink.red
  return verdict === 'unknown' || verdict === 'one-directional' ? ink.yellow : ink.green
}

const marks: Readonly<Record<ComparedRow['mark'], string>> = {
  same: '=',
  differs: '≠',
  only: '!',
  plain: ' ',
}

function rowLines(row: ComparedRow, width: number, ink: Ink): readonly string[] {
  const [left, right] = [wrapped(row.first, width), wrapped(row.second, width)]
  const paint =
    row.mark === 'only' ? ink.yellow : row.mark === 'same' ? ink.dim : (text: string) => text
  return Array.from({ length: Math.max(1, left.length, right.length) }, (_, index) => {
    const mark = index === 0 ? marks[row.mark] : ' '
    const name = fit(index === 0 ? row.what : '', nameWidth)
    const line = `${mark} ${name}  ${fit(left[index] ?? '', width)}  ${right[index] ?? ''}`
    return paint(line.trimEnd())
  })
}

/** A text in lines of at most `width` columns, broken between words where it can be. */
function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = ''
    }
    line = line === '' ? word : `${line} ${word}`
    while (line.length > width) {
      lines.push(line.slice(0, width))
      line = line.slice(width)
    }
  }
  return line === '' ? lines : [...lines, line]
}

const sayings: Readonly<Record<Finding['kind'], string>> = {
  veto: 'different',
  unknown: 'not clear',
  'one-way': 'one way',
  allow: 'to allow',
  same: 'alike',
}

function findingLines({ findings }: Evidence, ink: Ink): readonly string[] {
  const paint = {
    veto: ink.red,
    unknown: ink.yellow,
    'one-way': ink.yellow,
    allow: ink.yellow,
    same: ink.dim,
  }
  const alike = findings.filter(({ kind }) => kind === 'same')
  return [...gravest(findings), ...alike].map(({ kind, dimension, detail }) =>
    paint[kind](`${sayings[kind].padEnd(10)} ${dimension}: ${detail}`),
  )
}

function scenarioLines({ scenarios }: Evidence): readonly string[] {
  if (scenarios.length === 0) return []
  return [
    '',
    'They would settle differently if',
    ...scenarios.map(
      ({ what, first, second }) => `  ${what}: Polymarket ${first}; Kalshi ${second}`,
    ),
  ]
}

function nextLines({ verdict, allowances, first, second }: Evidence): readonly string[] {
  if (verdict === 'not-same') return []
  const allow = allowances.length === 0 ? '' : ` --allow ${allowances.join(',')}`
  const note = verdict === 'unknown' ? ' --note "why that does not matter"' : ''
  return [
    '',
    'Read both rules to the end. If you answer for it that they ask the same:',
    `  prediction-engine pairs confirm ${pairIdOf(first.listing, second.listing)} --by NAME${allow}${note}`,
  ]
}
