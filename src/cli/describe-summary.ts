import type { DemoSummary, RunSummary } from '../app/summary.ts'
import { formatCount } from './format-number.ts'

/** The end of a run for a person: a few lines that can be read at a glance. */
export function describeSummary(summary: RunSummary | DemoSummary): readonly string[] {
  const { signals, fills, rejections, phantoms } = summary
  return [
    `${summary.mode === 'simulated' ? 'SIMULATED' : 'PAPER'}  ${seconds(summary.durationMs)} s on ` +
      `${summary.venues.join(', ')}, ${formatCount(summary.framesReceived)} frames, ` +
      `${formatCount(summary.framesRefused)} refused, ${formatCount(summary.reconnects)} reconnects`,
    `books      ${summary.booksProven} proven, ${summary.booksUnproven} unproven, ` +
      `${summary.booksBroken} broken`,
    `trading    ${signals} signals, ${fills} fills, ${rejections} rejections, ${phantoms} phantoms`,
    `money      ${dollars(summary.realizedPnlUsd)} realized, ` +
      `${dollars(summary.unrealizedPnlUsd)} unrealized, ${dollars(summary.feesUsd)} fees, ledger ` +
      (summary.ledgerBalanced ? 'balances' : 'DOES NOT BALANCE'),
    ...('planted' in summary ? judgement(summary) : []),
  ]
}

function judgement(summary: DemoSummary): readonly string[] {
  const kinds = Object.entries(summary.plantedByKind).map(
    ([kind, count]) => `${kind} ${summary.foundByKind[kind] ?? 0}/${count}`,
  )
  return [
    `judged     found ${summary.plantedFound} of ${summary.planted} planted mispricings ` +
      `(${kinds.join(', ')}), ${summary.falseSignals} false signals`,
    `again      --seed ${summary.seed}` +
      (summary.faults.length === 0 ? '' : ` --faults ${summary.faults.join(',')}`),
  ]
}

function dollars(text: string): string {
  return text.startsWith('-') ? `-$${text.slice(1)}` : `$${text}`
}

function seconds(durationMs: number): string {
  return (durationMs / 1000).toFixed(1)
}
