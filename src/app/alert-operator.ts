import { formatSize } from '../core/decimal.ts'
import type { Command } from '../engine/event.ts'
import type { EngineView } from '../engine/engine-view.ts'
import { clip, oneLine } from '../telemetry/alerts/alert-message.ts'
import { wordDuration, wordMoney } from '../telemetry/alerts/word-alert.ts'
import { killTrading } from './kill-trading.ts'
import type { Badge } from './run-view.ts'
import type { Runtime } from './runtime.ts'

/** As many positions as a chat can show. */
const positionsMax = 15
const titleLengthMax = 60

/** What somebody far away may ask of a run: each gives the words of the answer. */
export type AlertOperator = {
  status(): string
  positions(): string
  pnl(): string
  pause(): string
  resume(): string
  /** Waits for what the venues say to it. */
  kill(): string | Promise<string>
}

type Operated = Pick<Runtime, 'view' | 'feeds' | 'marketOf' | 'elapsedMs' | 'kill'> & {
  command(command: Command): void
}

export function operatorOf(runtime: Operated, badge: Badge): AlertOperator {
  const { view } = runtime
  return {
    status: () => statusOf(runtime, badge),
    positions: () => positionsOf(runtime),
    pnl: () =>
      `realized ${wordMoney(view.realised)}, unrealized ${wordMoney(view.unrealised)}, ` +
      `fees ${wordMoney(view.fees).slice(1)}, exposure ${wordMoney(view.exposure).slice(1)}`,
    pause: () => {
      if (view.killed) return 'trading was killed already'
      runtime.command({ kind: 'pause' })
      return 'paused: no new baskets, those at work finish'
    },
    resume: () => {
      if (view.killed) return 'trading was killed; it begins again with a new start'
      runtime.command({ kind: 'resume' })
      return 'trading again'
    },
    kill: async () => (await killTrading(runtime)).message,
  }
}

function statusOf(runtime: Operated, badge: Badge): string {
  const { view } = runtime
  const { broken, proven, unproven } = view.books()
  const feeds = runtime.feeds().map(({ open, venue, wanted }) => `${venue} ${open} of ${wanted}`)
  return [
    `${badge}, ${stateOf(view)}, for ${wordDuration(runtime.elapsedMs())}`,
    `connections: ${feeds.join(', ')}`,
    `books: ${proven} proven, ${unproven} unproven, ${broken} broken`,
    `${view.openBaskets} baskets and ${view.ordersOut} orders at work, ${view.fillCount} legs filled`,
    `exposure ${wordMoney(view.exposure).slice(1)} of ` +
      wordMoney(view.limits.totalExposureMax).slice(1),
  ].join('\n')
}

function stateOf({ killed, paused }: EngineView): string {
  return killed ? 'killed' : paused ? 'paused' : 'trading'
}

function positionsOf(runtime: Operated): string {
  const held = runtime.view.positions().filter(({ position }) => position.size !== 0)
  if (held.length === 0) return 'no positions'
  const shown = held.slice(0, positionsMax).map(({ basis, position, value }) => {
    const { market, outcome, size, venue } = position
    const title = clip(oneLine(runtime.marketOf(venue, market)?.question ?? market), titleLengthMax)
    const money = `cost ${wordMoney(basis).slice(1)}, now ${wordMoney(value).slice(1)}`
    return `${formatSize(size)} ${outcome.toUpperCase()} of "${title}" (${venue}): ${money}`
  })
  const more = held.length - shown.length
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('\n')
}
