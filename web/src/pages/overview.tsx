import type { ReactNode } from 'react'
import type { Fill } from '../../../src/server/schema/portfolio.ts'
import { EquityChart } from '../charts/equity-chart.tsx'
import {
  cents,
  count,
  millis,
  money,
  shortCount,
  signClass,
  signedMoney,
  size,
  title,
} from '../format.ts'
import type { Column } from '../parts/data-table.tsx'
import { DataTable } from '../parts/data-table.tsx'
import { Figure, Figures } from '../parts/figure.tsx'
import { LimitMeters, mainLimits } from '../parts/limit-meters.tsx'
import { FeedList } from '../parts/feed-list.tsx'
import { MarketTitle, SideText } from '../parts/market-title.tsx'
import { Panel } from '../parts/panel.tsx'
import { Empty } from '../parts/states.tsx'
import { Link } from '../parts/link.tsx'
import { Time } from '../parts/time.tsx'
import { OpportunityTable } from '../parts/opportunity-table.tsx'
import { go } from '../router.ts'
import { useRun } from '../stream/use-stream.ts'

/** How the run stands, at one look. */
export function Overview(): ReactNode {
  return (
    <div className="page overview">
      <h1 className="visually-hidden">Overview</h1>
      <Panel title="Profit and loss" className="area-equity" tools={<Elapsed />}>
        <Money />
        <EquityChart />
      </Panel>
      <Panel
        title="Exposure and limits"
        className="area-limits"
        tools={
          <Link to="/health" className="link">
            All
          </Link>
        }
      >
        <LimitMeters only={mainLimits} />
      </Panel>
      <Panel title="Feeds and books" className="area-feeds">
        <FeedList />
      </Panel>
      <Opportunities />
      <Fills />
    </div>
  )
}

function Money(): ReactNode {
  const { equity, capital, realised, unrealised, fees, ledgerBalanced } = useRun(
    ({ status }) => status.money,
  )
  const counts = useRun(({ status }) => status.counts)
  return (
    <Figures>
      <Figure hero label="Equity" value={money(equity)} note={`of ${money(capital)} put in`} />
      <Figure
        label="Realised"
        value={signedMoney(realised)}
        tone={signClass(realised)}
        note={`after ${money(fees)} fees`}
      />
      <Figure
        label="Unrealised"
        value={signedMoney(unrealised)}
        tone={signClass(unrealised)}
        note="if all were sold now"
      />
      <Figure
        label="Signals"
        value={count(counts.signals)}
        note={`${count(counts.phantoms)} phantoms`}
      />
      <Figure
        label="Fills"
        value={count(counts.fills)}
        note={`${count(counts.rejections)} rejected`}
      />
      <Figure
        label="Ledger"
        value={ledgerBalanced ? 'Balances' : 'Is off'}
        tone={ledgerBalanced ? '' : 'loss'}
        note="to the micro-dollar"
      />
    </Figures>
  )
}

function Elapsed(): ReactNode {
  const startedAtMs = useRun(({ status }) => status.run.startedAtMs)
  const seconds = useRun(({ status }) => Math.floor((status.nowMs - startedAtMs) / 1_000))
  return <span className="note">running for {millis(Math.max(0, seconds) * 1_000)}</span>
}

function Opportunities(): ReactNode {
  const rows = useRun(({ opportunities }) => opportunities)
  const open = useRun(({ status }) => status.counts.openOpportunities)
  return (
    <Panel
      title="Opportunities"
      note={open === 0 ? 'none at this moment' : `${open} at this moment`}
      className="area-opportunities"
      tools={
        <Link to="/opportunities" className="link">
          All
        </Link>
      }
      flush
    >
      <OpportunityTable rows={rows.slice(0, 60)} compact />
    </Panel>
  )
}

function Fills(): ReactNode {
  const fills = useRun((run) => run.fills)
  const rate = useRun(({ status }) => status.traffic.eventsPerSecond)
  return (
    <Panel
      title="Last fills"
      note={`${shortCount(rate)} book events a second`}
      className="area-fills"
      flush
    >
      <DataTable
        label="Last fills"
        rows={fills.slice(0, 60)}
        keyOf={({ id }) => id}
        onOpen={({ basket }) => go(`/baskets/${encodeURIComponent(basket)}`)}
        empty={<Empty title="No fills yet">What the strategies find is filled on its book.</Empty>}
        columns={fillColumns}
      />
    </Panel>
  )
}

const fillColumns: readonly Column<Fill>[] = [
  { title: 'Time', width: '58px', wide: true, cell: ({ atMs }) => <Time ms={atMs} /> },
  {
    title: 'Market',
    width: 'minmax(110px, 1fr)',
    cell: ({ market }) => <MarketTitle market={market} />,
  },
  { title: 'Leg', width: '68px', cell: (fill) => <SideText {...fill} /> },
  { title: 'Shares', width: '60px', right: true, cell: (fill) => size(fill.size) },
  { title: 'Price', width: '54px', right: true, cell: ({ price }) => cents(price) },
  {
    title: 'Strategy',
    width: '104px',
    wide: true,
    cell: ({ strategy }) => <span className="soft">{title(strategy)}</span>,
  },
]
