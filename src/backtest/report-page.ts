import type { BacktestResult, EquityPoint } from './backtest-result.ts'
import type { ChartPoint } from './svg-chart.ts'
import { escapeHtml, lineChart } from './svg-chart.ts'

/** What the same recording gives with one thing changed. */
export type Curves = {
  readonly latency: readonly { readonly latencyMs: number; readonly equityUsd: number }[]
  readonly size: readonly { readonly factor: number; readonly equityUsd: number }[]
}

/** A backtest as one page that needs nothing else: no script, no font, no network. */
export function reportPage(result: BacktestResult, curves: Curves): string {
  const { recording } = result
  const title = `Backtest of ${recording.directory}`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
<p>${dated(recording.fromMs)} to ${dated(recording.untilMs)}, ${recording.events} events in
${recording.parts} part${recording.parts === 1 ? '' : 's'}; latency ${result.latencyMs} ms,
seed ${result.seed}.</p>
${warnings(result)}
<h2>What came of it</h2>
${figures(result)}
${lineChart(points(result.equity), { title: 'Equity', x: dated, y: dollars })}
${lineChart(drawdown(result.equity), { title: 'Below the best so far', x: dated, y: dollars })}
<h2>By strategy</h2>
${strategies(result)}
<h2>How it would change</h2>
${latencyChart(curves)}
${sizeChart(curves)}
${legFill(result)}
<h2>Episodes</h2>
${episodes(result)}
<h2>Trades</h2>
${trades(result)}
</body>
</html>
`
}

const style = `
body{font:15px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;margin:1rem 0}
th,td{text-align:left;padding:.2rem .6rem;border-bottom:1px solid #d8dee4}
td.n,th.n{text-align:right}
.warn{background:#fff4d6;padding:.6rem 1rem;border-left:4px solid #b98900}
figure{margin:1rem 0}svg{width:100%;height:auto}svg text{font-size:11px;fill:#57606a}
svg .end{text-anchor:end}svg .middle{dominant-baseline:middle}
svg line{stroke:#d8dee4}svg polyline{fill:none;stroke:#0b62d6;stroke-width:1.5}
svg circle{fill:#0b62d6}
@media (prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}th,td{border-color:#30363d}
svg line{stroke:#30363d}.warn{background:#332b12}}`

function warnings({ recording, openPositions, stopped, ledgerBalanced }: BacktestResult): string {
  const texts = [
    ...recording.faults.map((place) => `The recording is damaged: ${place}.`),
    ...stopped.map(({ strategy, reason }) => `${strategy} was stopped: ${reason}.`),
    ...(openPositions > 0
      ? [
          `${openPositions} positions were not resolved when the recording ended; they are marked ` +
            'at what they would bring then.',
        ]
      : []),
    ...(ledgerBalanced ? [] : ['The ledger does not balance: none of this may be believed.']),
    'Orders of a backtest move no market: whoever would have reacted to them does not. Others who ' +
      'race for the same edge are not in it either.',
  ]
  return texts.map((text) => `<p class="warn">${escapeHtml(text)}</p>`).join('\n')
}

function figures(result: BacktestResult): string {
  return table(
    ['', ''],
    [
      ['Capital', `$${result.capitalUsd}`],
      ['Equity at the end', `$${result.finalEquityUsd}`],
      ['Realised, fees paid', `$${result.realizedPnlUsd}`],
      ['Unrealised', `$${result.unrealizedPnlUsd}`],
      ['Fees', `$${result.feesUsd}`],
      ['Deepest fall', `$${result.maxDrawdownUsd}`],
      ['Signals', String(result.signals)],
      ['Baskets', String(result.baskets)],
      ['Legs filled, rejected', `${result.fills}, ${result.rejections}`],
      ['Phantoms', String(result.phantoms)],
      ...Object.entries(result.refusals).map(([reason, count]) => [
        `Refused: ${reason}`,
        String(count),
      ]),
    ],
  )
}

function strategies({ byStrategy }: BacktestResult): string {
  return table(
    ['Strategy', 'Realised', 'Fees', 'Found', 'Taken', 'Missed because', 'Edge seen', 'Captured'],
    Object.entries(byStrategy).map(([name, one]) => [
      name,
      `$${one.realizedUsd}`,
      `$${one.feesUsd}`,
      String(one.episodes),
      String(one.taken),
      Object.entries(one.missed)
        .map(([reason, count]) => `${reason} ${count}`)
        .join(', '),
      `$${one.edgeSeenUsd}`,
      one.captureRate === null ? '' : `${(one.captureRate * 100).toFixed(1)} %`,
    ]),
  )
}

function latencyChart({ latency }: Curves): string {
  return lineChart(
    latency.map(({ latencyMs, equityUsd }) => ({ x: latencyMs, y: equityUsd })),
    { title: 'Equity by latency of orders', x: (ms) => `${Math.round(ms)} ms`, y: dollars },
  )
}

function sizeChart({ size }: Curves): string {
  return lineChart(
    size.map(({ factor, equityUsd }) => ({ x: factor, y: equityUsd })),
    { title: 'Equity by size', x: (factor) => `${factor.toFixed(2)} times`, y: dollars },
  )
}

function legFill({ legFill: bands }: BacktestResult): string {
  return table(
    ['Legs of up to', 'Sent', 'Filled whole', 'In part'],
    bands.map(({ sizeMaxShares, legs, filledWhole, filledPart }) => [
      sizeMaxShares === Number.MAX_SAFE_INTEGER ? 'more' : `${sizeMaxShares} shares`,
      String(legs),
      `${((100 * filledWhole) / legs).toFixed(1)} %`,
      `${((100 * filledPart) / legs).toFixed(1)} %`,
    ]),
  )
}

function episodes({ episodes: rows }: BacktestResult): string {
  return table(
    ['From', 'Lasted', 'Strategy', 'Best edge', 'Tries', 'What became of it'],
    rows.map(({ fromMs, lastedMs, strategy, peakEdgeUsd, attempts, fate }) => [
      dated(fromMs),
      `${lastedMs} ms`,
      strategy,
      `$${peakEdgeUsd}`,
      String(attempts),
      fate,
    ]),
  )
}

function trades({ trades: rows }: BacktestResult): string {
  return table(
    ['At', 'Strategy', 'Basket', 'Market', '', 'Price', 'Size', 'Fee'],
    rows.map(({ atMs, strategy, basket, market, outcome, side, price, size, feeUsd }) => [
      dated(atMs),
      strategy,
      basket,
      market.length > 24 ? `${market.slice(0, 22)}…` : market,
      `${side} ${outcome.toUpperCase()}`,
      price,
      size,
      `$${feeUsd}`,
    ]),
  )
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (row: readonly string[], tag: 'td' | 'th'): string =>
    `<tr>${row.map((text) => `<${tag}>${escapeHtml(text)}</${tag}>`).join('')}</tr>`
  if (rows.length === 0) return '<p>None.</p>'
  return `<table>\n${[cells(heads, 'th'), ...rows.map((row) => cells(row, 'td'))].join('\n')}\n</table>`
}

function points(equity: readonly EquityPoint[]): readonly ChartPoint[] {
  return equity.map(({ atMs, equityUsd }) => ({ x: atMs, y: equityUsd }))
}

function drawdown(equity: readonly EquityPoint[]): readonly ChartPoint[] {
  let best = Number.NEGATIVE_INFINITY
  return equity.map(({ atMs, equityUsd }) => {
    best = Math.max(best, equityUsd)
    return { x: atMs, y: equityUsd - best }
  })
}

function dated(atMs: number): string {
  return new Date(atMs).toISOString().replace('T', ' ').slice(0, 19)
}

function dollars(value: number): string {
  return `$${value.toFixed(2)}`
}
