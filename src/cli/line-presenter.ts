import type { RunEvent, RunView } from '../app/run-view.ts'
import { formatPrice, formatSize, formatUsd } from '../core/decimal.ts'
import { formatCount, formatMicros, formatMoney, formatRate } from './format-number.ts'
import type { Io } from './io.ts'
import { formatClock } from './parse-duration.ts'
import type { Presenter } from './presenter.ts'

/** More lines than this between two statuses nobody reads: the rest is counted. */
const linesMax = 50

/** Plain lines, for pipes and logs. */
export class LinePresenter implements Presenter {
  readonly viewEveryMs = 5_000
  readonly #io: Io
  #lines = 0

  constructor(io: Io) {
    this.#io = io
  }

  event(event: RunEvent): void {
    this.#lines++
    if (this.#lines <= linesMax) this.#io.print(describeEvent(event))
  }

  view(view: RunView): void {
    if (this.#lines > linesMax) this.#io.print(`… and ${this.#lines - linesMax} more`)
    this.#lines = 0
    this.#io.print(describeView(view))
  }

  log(line: string): void {
    this.#io.complain(line)
  }

  close(): void {
    // Standard output is all there is, and it stays as it is.
  }
}

export function describeEvent(event: RunEvent): string {
  switch (event.kind) {
    case 'progress':
      return event.text
    case 'serving':
      return `dashboard on ${event.loginUrl} (good for one use), metrics on ${event.metricsUrl}`
    case 'signal': {
      const { strategy, title, edge, edgeRate, verdict, atMs } = event.signal
      const earns = `${formatRate(edgeRate)}  ${formatMoney(edge)}`
      return `${time(atMs)} signal  ${strategy}  ${earns}  ${verdict}  ${title}`
    }
    case 'fill': {
      const { title, side, outcome, size, price, fee, atMs } = event.fill
      const what = `${side} ${outcome.toUpperCase()} ${formatSize(size)} at ${formatPrice(price)}`
      return `${time(atMs)} fill    ${what}  fee ${formatUsd(fee)}  ${title}`
    }
    case 'rejection':
      return `${time(event.atMs)} reject  ${event.reason}  ${event.title}`
    case 'judged': {
      const { verdict, what, markets, atMs } = event
      return `${time(atMs)} ${verdict}  ${what}  ${markets.join(' ')}`
    }
    case 'connection': {
      const { venue, change, reason, markets, atMs } = event
      const why = change === 'lost' ? ` (${reason})` : ''
      return `${time(atMs)} feed    ${venue} connection ${change}${why}, ${markets} markets`
    }
  }
}

export function describeView(view: RunView): string {
  const { proven, unproven, broken } = view.books
  return [
    `${formatClock(view.elapsedMs)} ${view.badge}`,
    `books ${proven} proven ${unproven} unproven ${broken} broken`,
    `${formatCount(view.eventsPerSecond)} events/s`,
    `turn p50 ${formatMicros(view.turnP50Us)} p99 ${formatMicros(view.turnP99Us)}`,
    `${view.signals} signals ${view.fills} fills ${view.rejections} rejections`,
    `${formatMoney(view.realized)} realized ${formatMoney(view.unrealized)} open`,
  ].join('  ')
}

function time(atMs: number): string {
  return new Date(atMs).toISOString().slice(11, 23)
}
