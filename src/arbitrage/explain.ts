import type { Certificate, CertificateLeg } from '../core/certificate.ts'
import { formatPrice, formatSize, formatUsd } from '../core/decimal.ts'
import type { Ppm } from '../core/units.ts'
import { add, asFraction, zeroUsd } from '../core/units.ts'
import type { Opportunity } from './opportunity.ts'

/** States written out before the rest is summed up in a line: nobody reads further. */
const statesShown = 40

/** The certificate of an opportunity as lines that a person can follow with a pencil. */
export function explain(found: Opportunity): readonly string[] {
  const { certificate, breaks } = found
  return [
    `${found.id}: ${found.title}`,
    headline(found),
    '',
    ...explainCertificate(certificate, found.names),
    ...(breaks.length === 0 ? [] : ['What would break it, and what is left then:']),
    ...breaks.map(({ what, profit }) => `  ${what}: ${formatUsd(profit)}`),
  ]
}

/** The proof alone: what is bought, what it is worth in each state, and what must be true for it. */
export function explainCertificate(
  certificate: Certificate,
  names: readonly string[],
): readonly string[] {
  return [
    ...table(
      ['buy', 'shares', 'at', 'costs', 'fee at most'],
      [
        ...certificate.legs.flatMap((leg, index) => legLines(leg, names[index] ?? leg.market)),
        totalLine(certificate.legs),
      ],
    ),
    '',
    ...table(['if', 'it pays', 'costs', 'fee at most', 'leaves'], stateLines(certificate)),
    '',
    'This holds as long as:',
    ...certificate.assumptions.map((text) => `  ${text}`),
  ]
}

function headline(found: Opportunity): string {
  const spent = [...found.capital.values()].reduce(add, zeroUsd)
  const parts = [
    `earns $${formatUsd(found.edge)} at the least on $${formatUsd(spent)}`,
    `${percent(found.edgeRate)} of what it pays`,
    pathOf(found),
  ]
  const { annualisedReturn } = found
  if (annualisedReturn !== undefined) parts.push(`${percent(annualisedReturn)} a year`)
  return parts.join(', ')
}

function pathOf({ realisation }: Opportunity): string {
  const { by, at } = realisation
  if (by !== 'settlement') return `cash at once by ${by === 'convert' ? 'conversion' : by}`
  if (at === undefined) return 'cash at settlement, on a day nobody has named'
  return `cash at settlement, after ${new Date(at).toISOString().slice(0, 10)}`
}

function legLines(leg: CertificateLeg, called: string): readonly string[][] {
  const name = `${leg.venue} ${called} ${leg.outcome.toUpperCase()}`
  return leg.taken.map(({ price, size }, index) => [
    index === 0 ? name : '',
    formatSize(size),
    formatPrice(price),
    index === 0 ? formatUsd(leg.cost) : '',
    index === 0 ? formatUsd(leg.fee) : '',
  ])
}

function totalLine(legs: readonly CertificateLeg[]): string[] {
  const cost = legs.reduce((sum, leg) => add(sum, leg.cost), zeroUsd)
  const fee = legs.reduce((sum, leg) => add(sum, leg.fee), zeroUsd)
  return ['together', '', '', formatUsd(cost), formatUsd(fee)]
}

function stateLines({ states }: Certificate): readonly string[][] {
  const lines = states
    .slice(0, statesShown)
    .map(({ name, payoff, cost, fee, profit }) => [
      name,
      formatUsd(payoff),
      formatUsd(cost),
      formatUsd(fee),
      formatUsd(profit),
    ])
  const more = states.length - lines.length
  return more === 0 ? lines : [...lines, [`and ${more} states more, none worse`, '', '', '', '']]
}

/** Words to the left, numbers to the right, each column as wide as its widest. */
function table(head: readonly string[], lines: readonly (readonly string[])[]): readonly string[] {
  const all = [head, ...lines]
  const widths = head.map((_, column) =>
    Math.max(...all.map((line) => (line[column] ?? '').length)),
  )
  return all.map((line) =>
    line
      .map((cell, column) => {
        const width = widths[column] ?? 0
        return column === 0 ? cell.padEnd(width) : cell.padStart(width)
      })
      .join('  ')
      .trimEnd(),
  )
}

/** 12 345 ppm as "1.23 %", cut off: a return is not rounded up. */
function percent(rate: Ppm): string {
  return `${(Math.floor(10_000 * asFraction(rate)) / 100).toFixed(2)} %`
}
