import { formatPrice, formatSize, formatUsd } from '../core/decimal.ts'
import type { RunEvent, RunView } from '../app/run-view.ts'
import type { Io } from './io.ts'
import type { Presenter } from './presenter.ts'

/** One JSON object a line. Money, prices and sizes are decimal text, instants ISO 8601. */
export class JsonPresenter implements Presenter {
  readonly viewEveryMs = 5_000
  readonly #io: Io

  constructor(io: Io) {
    this.#io = io
  }

  event(event: RunEvent): void {
    this.#io.print(JSON.stringify(encode(event)))
  }

  view(view: RunView): void {
    const { elapsedMs, books, signals, fills, rejections, framesReceived, eventsPerSecond } = view
    const status = {
      elapsedMs: Math.round(elapsedMs),
      books,
      signals,
      fills,
      rejections,
      framesReceived,
      eventsPerSecond: Math.round(eventsPerSecond),
    }
    this.#io.print(JSON.stringify({ event: 'status', ...status }))
  }

  log(line: string): void {
    this.#io.complain(line)
  }

  close(): void {
    // Standard output is all there is, and it stays as it is.
  }
}

function encode(event: RunEvent): Record<string, unknown> {
  switch (event.kind) {
    case 'progress':
      return { event: 'progress', text: event.text }
    case 'serving':
      return {
        event: 'serving',
        metricsUrl: event.metricsUrl,
        url: event.url,
        loginUrl: event.loginUrl,
      }
    case 'signal': {
      const { edge, edgeRate, size, atMs, ...rest } = event.signal
      const money = { edgeUsd: formatUsd(edge), edgePpm: edgeRate, size: formatSize(size) }
      return { event: 'signal', at: iso(atMs), approved: event.approved, ...rest, ...money }
    }
    case 'fill': {
      const { price, size, fee, atMs, ...rest } = event.fill
      const money = { price: formatPrice(price), size: formatSize(size), feeUsd: formatUsd(fee) }
      return { event: 'fill', at: iso(atMs), ...rest, ...money }
    }
    case 'rejection':
    case 'connection':
    case 'judged': {
      const { kind, atMs, ...rest } = event
      return { event: kind, at: iso(atMs), ...rest }
    }
  }
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString()
}
