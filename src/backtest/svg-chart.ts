/** A point of a line: where it lies, in the chart's own units. */
export type ChartPoint = { readonly x: number; readonly y: number }

export type ChartLabels = {
  readonly title: string
  readonly x: (value: number) => string
  readonly y: (value: number) => string
}

const width = 720
const height = 240
const left = 80
const bottom = 28
const top = 12
const right = 12
const gridLines = 4

/** A line as an SVG that stands by itself. */
export function lineChart(points: readonly ChartPoint[], labels: ChartLabels): string {
  if (points.length === 0) return `<p class="none">${escapeHtml(labels.title)}: no points</p>`

  const xs = range(points.map(({ x }) => x))
  const ys = range(points.map(({ y }) => y))
  const at = ({ x, y }: ChartPoint): string => `${place(x, xs)},${level(y, ys)}`
  const line = points.map(at).join(' ')
  return [
    `<figure><figcaption>${escapeHtml(labels.title)}</figcaption>`,
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(labels.title)}">`,
    ...ticksOf(ys).map((y) => gridLine(level(y, ys), labels.y(y))),
    `<text x="${left}" y="${height - 8}">${escapeHtml(labels.x(xs.low))}</text>`,
    `<text x="${width - right}" y="${height - 8}" class="end">${escapeHtml(labels.x(xs.high))}</text>`,
    `<polyline points="${line}"/>`,
    ...(points.length <= 24 ? points.map((point) => dot(at(point))) : []),
    '</svg></figure>',
  ].join('\n')
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

type Range = { readonly low: number; readonly high: number }

/** Never empty: a flat line lies in the middle. */
function range(values: readonly number[]): Range {
  const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const high = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  return low === high ? { low: low - 1, high: high + 1 } : { low, high }
}

function ticksOf({ low, high }: Range): readonly number[] {
  const step = (high - low) / gridLines
  return Array.from({ length: gridLines + 1 }, (_, index) => low + index * step)
}

function place(x: number, { low, high }: Range): string {
  return (left + ((x - low) / (high - low)) * (width - left - right)).toFixed(1)
}

function level(y: number, { low, high }: Range): string {
  return (top + (1 - (y - low) / (high - low)) * (height - top - bottom)).toFixed(1)
}

function gridLine(y: string, label: string): string {
  return (
    `<line x1="${left}" x2="${width - right}" y1="${y}" y2="${y}"/>` +
    `<text x="${left - 6}" y="${y}" class="end middle">${escapeHtml(label)}</text>`
  )
}

function dot(at: string): string {
  const [x = '0', y = '0'] = at.split(',')
  return `<circle cx="${x}" cy="${y}" r="3"/>`
}
