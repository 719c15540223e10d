import type { ReactNode } from 'react'
import type { Feed } from '../../../src/server/schema/run-status.ts'
import { count, micros, shortCount, title } from '../format.ts'
import { useRun } from '../stream/use-stream.ts'

/** The feeds, and how many of the books may be believed. */
export function FeedList(): ReactNode {
  const feeds = useRun(({ status }) => status.feeds)
  const traffic = useRun(({ status }) => status.traffic)
  return (
    <div className="feeds">
      <ul>
        {feeds.map((feed) => (
          <li key={feed.venue} className="feed">
            <span className={`dot ${toneOf(feed)}`} />
            <span className="strong">{title(feed.venue)}</span>
            <span className="soft">{describe(feed)}</span>
            <span className="muted">{count(feed.markets)} markets</span>
          </li>
        ))}
      </ul>
      <Books />
      <dl className="facts">
        <dt>Frames</dt>
        <dd>
          {shortCount(traffic.framesPerSecond)} a second, {count(traffic.framesRefused)} refused
        </dd>
        <dt>Turn</dt>
        <dd>
          {micros(traffic.turnP50Us)} median, {micros(traffic.turnP99Us)} p99
        </dd>
      </dl>
    </div>
  )
}

/** One bar, in the proportion of what may be believed. */
function Books(): ReactNode {
  const { proven, unproven, broken } = useRun(({ status }) => status.books)
  const parts = [
    ['proven', proven, 'gain'],
    ['unproven', unproven, 'warn'],
    ['broken', broken, 'loss'],
  ] as const
  return (
    <div className="books-bar">
      <div className="split" aria-hidden="true">
        {parts
          .filter(([, value]) => value > 0)
          .map(([name, value, tone]) => (
            <span key={name} className={tone} style={{ flexGrow: value }} />
          ))}
      </div>
      <ul className="legend">
        {parts.map(([name, value, tone]) => (
          <li key={name} className={value === 0 ? 'muted' : ''}>
            <span className={`dot ${value === 0 ? '' : tone}`} />
            {count(value)} {name}
          </li>
        ))}
      </ul>
    </div>
  )
}

function toneOf({ connectionsOpen, connectionsWanted }: Feed): string {
  if (connectionsOpen === 0) return 'loss'
  return connectionsOpen < connectionsWanted ? 'warn' : 'gain'
}

function describe({ mode, connectionsOpen, connectionsWanted, reconnects }: Feed): string {
  const sockets =
    mode === 'polling' ? 'polling' : `${connectionsOpen} of ${connectionsWanted} sockets`
  return reconnects === 0 ? sockets : `${sockets}, ${count(reconnects)} reconnects`
}
