import type { Machine } from './machine.ts'
import { Rate } from './rate.ts'
import type { Badge, OpportunityView, RunView } from './run-view.ts'
import type { Runtime } from './runtime.ts'
import type { Serving } from './serving.ts'

/** As many as fit a large terminal. */
const shownMax = 30
/** Long enough to be calm, short enough to follow a burst. */
const rateWindowMs = 2_000

export type ViewOptions = {
  readonly runtime: Runtime
  readonly badge: Badge
  readonly title: string
  readonly server: Pick<Serving, 'url' | 'loginUrl'>
  readonly forMs: number | undefined
  readonly machine: Machine
}

/** Puts together what a person sees of a run. */
export class ViewBuilder {
  readonly #options: ViewOptions
  readonly #frames: Rate = new Rate(rateWindowMs)
  readonly #events: Rate = new Rate(rateWindowMs)

  constructor(options: ViewOptions) {
    this.#options = options
    // The first samples: what the first view compares with.
    this.build()
  }

  build(): RunView {
    const { runtime, badge, title, server, forMs, machine } = this.#options
    const { view, record, turns } = runtime
    const now = machine.clock.nanos()
    const open = view.openEpisodes().map(({ signal }) => record.describe(signal, 'open'))
    return {
      badge,
      title,
      forMs,
      metricsUrl: `${server.url}/metrics`,
      loginUrl: server.loginUrl,
      elapsedMs: runtime.elapsedMs(),
      feeds: runtime.feeds(),
      books: view.books(),
      phantoms: view.phantomCount,
      framesReceived: view.framesReceived,
      framesRefused: view.framesRefused,
      framesPerSecond: this.#frames.sample(now, view.framesReceived),
      eventsPerSecond: this.#events.sample(now, runtime.eventCount()),
      turnP50Us: turns.quantile(0.5),
      turnP99Us: turns.quantile(0.99),
      signals: view.signalCount,
      fills: view.fillCount,
      rejections: view.rejectionCount,
      realized: view.realised,
      unrealized: view.unrealised,
      fees: view.fees,
      ledgerBalanced: view.ledgerBalanced,
      openCount: open.length,
      opportunities: withoutRepeats([...open, ...record.opportunities]).slice(0, shownMax),
      lastFills: record.fills.slice(0, shownMax),
    }
  }
}

/** What lasts was noted when it began: a line for each mispricing, the latest word on it. */
function withoutRepeats(list: readonly OpportunityView[]): readonly OpportunityView[] {
  const seen = new Set<string>()
  return list.filter(({ strategy, title }) => {
    const key = `${strategy} ${title}`
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}
