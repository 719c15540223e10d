import { evidenceJson } from './pairs-show.ts'
import { gravest } from '../../propositions/side-by-side.ts'
import type { Suggestion } from '../../propositions/suggest.ts'
import { writeTable } from '../write-table.ts'

export type Hidden = { readonly byLimit: number; readonly rest: number }

export function suggestionJson(
  { id, candidate, evidence, isAssigned }: Suggestion,
  isConfirmed: boolean,
): Record<string, unknown> {
  return {
    id,
    ...evidenceJson(evidence),
    score: Math.round(candidate.score.total * 1_000) / 1_000,
    scoreParts: candidate.score.parts,
    setsMatched: isAssigned,
    confirmed: isConfirmed,
  }
}

/** A line a pair, with the gravest thing that was found in it. */
export function describeSuggestions(
  shown: readonly Suggestion[],
  confirmed: ReadonlySet<string>,
  { byLimit, rest }: Hidden,
): readonly string[] {
  const rows = shown.map(({ id, candidate, evidence }) => ({
    pair: id,
    reading: confirmed.has(id) ? 'confirmed' : evidence.verdict,
    score: candidate.score.total.toFixed(2),
    polymarket: candidate.first.listing.question,
    kalshi: candidate.second.listing.slug,
    'to settle': gravest(evidence.findings)[0]?.detail ?? '',
  }))
  const columns = ['pair', 'reading', 'score', 'polymarket', 'kalshi', 'to settle']
  const more = [
    ...(byLimit > 0 ? [`${byLimit} more: --limit`] : []),
    ...(rest > 0 ? [`${rest} that ask something else or are hardly alike: --all`] : []),
  ]
  return [
    ...writeTable(rows, columns),
    '',
    `${shown.length} pairs${more.length > 0 ? `; ${more.join('; ')}` : ''}`,
    'Nothing here trades. `pairs show <pair>` puts both rules side by side.',
  ]
}
