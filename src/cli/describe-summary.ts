import type { DemoSummary, RunSummary } from '../app/summary.ts'
import { formatCount } from './format-number.ts'

/** The end of a run for a person: a few lines that can be read at a glance. */
export function describeSummary(summary: RunSummary | DemoSummary): readonly string[] {
  const { signals, fills, rejections, phantoms } = summary
  const badge = summary.mode.toUpperCase()
  const took = `${seconds(summary.durationMs)} s on ${summary.venues.join(', ')}`
  const frames = [
    `${formatCount(summary.framesReceived)} frames`,
    `${formatCount(summary.framesRefused)} refused`,
    `${formatCount(summary.reconnects)} reconnects`,
  ]
  return [
    `${badge}  ${took}, ${frames.join(', ')}`,
    `books      ${summary.booksProven} proven, ${summary.booksUnproven} unproven, ` +
      `${summary.booksBroken} broken`,
    `trading    ${signals} signals, ${fills} fills, ${rejections} rejections, ${phantoms} phantoms`,
    `money      ${dollars(summary.realizedPnlUsd)} realized, ` +
      `${dollars(summary.unrealizedPnlUsd)} unrealized, ${dollars(summary.feesUsd)} fees`,
    `ledger     ${summary.ledgerBalanced ? 'balances to the micro-dollar' : 'DOES NOT BALANCE'}`,
    ...('planted' in summary ? judgement(summary) : []),
  ]
}

function judgement(summary: DemoSummary): readonly string[] {
  const kinds = Object.entries(summary.plantedByKind).map(
    ([kind, count]) => `           ${kind} ${summary.foundByKind[kind] ?? 0} of ${count}`,
  )
  return [
    `judged     found ${summary.plantedFound} of ${summary.planted} planted mispricings, ` +
      `${summary.falseSignals} false signals`,
    ...kinds,
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
