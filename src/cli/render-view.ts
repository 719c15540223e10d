import type { FillView, OpportunityView, RunView } from '../app/run-view.ts'
import { formatPrice, formatSize } from '../core/decimal.ts'
import { formatCount, formatMicros, formatMoney, formatRate } from './format-number.ts'
import type { Ink } from './ink.ts'
import { formatClock } from './parse-duration.ts'
import { fit, fitRight, textWidth } from './text-width.ts'

export type Frame = { readonly columns: number; readonly rows: number; readonly ink: Ink }

/** The lines of the live view: never more than `rows`, none wider than `columns`. */
export function renderView(view: RunView, notice: string, frame: Frame): readonly string[] {
  const { columns, rows, ink } = frame
  const head = [
    header(view, frame),
    ...view.feeds.map((feed) => feedLine(view, feed, frame)),
    booksLine(view, frame),
    turnLine(view, frame),
    tradeLine(view, frame),
  ]
  const hint = `${view.loginUrl}   Ctrl-C stops and sums up`
  const foot = [notice === '' ? ink.dim(fit(hint, columns)) : ink.yellow(fit(notice, columns))]

  // Two titles and two gaps; opportunities get the larger half of what is left.
  const room = Math.max(0, rows - head.length - foot.length - 4)
  const opportunityRows = Math.ceil(room / 2)
  const body = [
    '',
    ink.bold(
      fit(
        opportunityColumns('signal', 'edge', 'shares', 'earns', `${view.openCount} open`, columns),
        columns,
      ),
    ),
    ...padded(
      view.opportunities.map((each) => opportunityLine(each, frame)),
      opportunityRows,
    ),
    '',
    ink.bold(fit(fillColumns('fill', 'what', 'shares', 'price', columns), columns)),
    ...padded(
      view.lastFills.map((fill) => fillLine(fill, frame)),
      room - opportunityRows,
    ),
  ]
  return [...head, ...body, ...foot].slice(0, rows)
}

function header(view: RunView, { columns, ink }: Frame): string {
  const time =
    view.forMs === undefined
      ? formatClock(view.elapsedMs)
      : `${formatClock(Math.min(view.elapsedMs, view.forMs))} / ${formatClock(view.forMs)}`
  const badge = ink.badge(view.badge)
  const room = columns - textWidth(badge) - textWidth(time) - 2
  return `${badge} ${ink.bold(fit(view.title, room))} ${time}`
}

function feedLine(view: RunView, feed: RunView['feeds'][number], { columns, ink }: Frame): string {
  const whole = feed.open === feed.wanted && feed.open > 0
  const light = whole ? ink.green('●') : feed.open > 0 ? ink.yellow('◐') : ink.red('○')
  const sockets = feed.mode === 'polling' ? 'polling' : `${feed.open}/${feed.wanted} sockets`
  const text = [
    sockets,
    `${formatCount(feed.markets)} markets`,
    `${formatCount(view.framesPerSecond)} frames/s`,
    `${formatCount(view.eventsPerSecond)} events/s`,
    ...(feed.reconnects > 0 ? [`${formatCount(feed.reconnects)} reconnects`] : []),
  ].join('  ')
  return `${fit(feed.venue, 11)}${light} ${fit(text, columns - 13)}`
}

function booksLine(view: RunView, { columns, ink }: Frame): string {
  const { proven, unproven, broken } = view.books
  const parts: Painted[] = [
    [`${formatCount(proven)} proven`, ink.green],
    [`${formatCount(unproven)} unproven`, unproven > 0 ? ink.yellow : ink.dim],
    [`${formatCount(broken)} broken`, broken > 0 ? ink.red : ink.dim],
    [
      `${formatCount(view.framesRefused)} frames refused`,
      view.framesRefused > 0 ? ink.yellow : ink.dim,
    ],
    [`${formatCount(view.phantoms)} phantoms`, view.phantoms > 0 ? ink.yellow : ink.dim],
  ]
  return labelled('books', parts, columns)
}

function turnLine(view: RunView, { columns, ink }: Frame): string {
  const parts: Painted[] = [
    [`p50 ${formatMicros(view.turnP50Us)}`, ink.bold],
    [`p99 ${formatMicros(view.turnP99Us)}`, ink.bold],
    [`${formatCount(view.framesReceived)} frames so far`, ink.dim],
  ]
  return labelled('turn', parts, columns)
}

function tradeLine(view: RunView, { columns, ink }: Frame): string {
  const pnl = (money: RunView['realized']): ((text: string) => string) =>
    money < 0 ? ink.red : money > 0 ? ink.green : ink.dim
  const parts: Painted[] = [
    [`${formatCount(view.signals)} signals`, ink.bold],
    [`${formatCount(view.fills)} fills`, ink.bold],
    [`${formatCount(view.rejections)} rejections`, view.rejections > 0 ? ink.yellow : ink.dim],
    [`${formatMoney(view.realized)} realized`, pnl(view.realized)],
    [`${formatMoney(view.unrealized)} open`, pnl(view.unrealized)],
    ...(view.ledgerBalanced ? [] : [['LEDGER OFF', ink.red] satisfies Painted]),
  ]
  return labelled('trade', parts, columns)
}

function opportunityLine(each: OpportunityView, { columns, ink }: Frame): string {
  const text = opportunityColumns(
    `${each.strategy}  ${each.title}`,
    formatRate(each.edgeRate),
    formatSize(each.size),
    formatMoney(each.edge),
    each.verdict,
    columns,
  )
  if (each.verdict === 'open') return ink.green(text)
  return each.verdict === 'taken' ? text : ink.dim(text)
}

function opportunityColumns(
  title: string,
  edge: string,
  size: string,
  earns: string,
  verdict: string,
  columns: number,
): string {
  const numbers = [fitRight(edge, 8), fitRight(size, 8), fitRight(earns, 9), fit(verdict, 14)]
  return [fit(title, Math.max(1, columns - 43)), ...numbers].join(' ')
}

function fillLine(fill: FillView, { columns, ink }: Frame): string {
  const time = new Date(fill.atMs).toISOString().slice(11, 23)
  const what = `${fill.side} ${fill.outcome.toUpperCase()}  ${fill.title}`
  const text = fillColumns(time, what, formatSize(fill.size), formatPrice(fill.price), columns)
  return text.replace(time, ink.dim(time))
}

function fillColumns(
  time: string,
  what: string,
  size: string,
  price: string,
  columns: number,
): string {
  const room = Math.max(1, columns - 32)
  return [fit(time, 12), fit(what, room), fitRight(size, 8), fitRight(price, 8)].join(' ')
}

type Painted = readonly [text: string, paint: (text: string) => string]

/** A label and parts in a row; parts that do not fit any more are left out whole. */
function labelled(label: string, parts: readonly Painted[], columns: number): string {
  let line = fit(label, 11)
  let left = columns - 11
  for (const [text, paint] of parts) {
    const width = textWidth(text) + 2
    if (width > left) break
    line += `${paint(text)}  `
    left -= width
  }
  return line
}

function padded(lines: readonly string[], count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => lines[index] ?? '')
}
