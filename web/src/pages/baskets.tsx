import type { ReactNode } from 'react'
import { z } from 'zod'
import type { Basket } from '../../../src/server/schema/basket.ts'
import { ledgerEntry } from '../../../src/server/schema/portfolio.ts'
import type { LedgerEntry, Position } from '../../../src/server/schema/portfolio.ts'
import {
  cents,
  clockMs,
  count,
  exactMoney,
  micros,
  money,
  signClass,
  signedMoney,
  size,
  title,
} from '../format.ts'
import type { Column } from '../parts/data-table.tsx'
import { DataTable } from '../parts/data-table.tsx'
import { MarketTitle, SideText } from '../parts/market-title.tsx'
import { Panel } from '../parts/panel.tsx'
import { BasketPill } from '../parts/pill.tsx'
import { Answered, Empty } from '../parts/states.tsx'
import { Tabs } from '../parts/tabs.tsx'
import { Time } from '../parts/time.tsx'
import { go, useQuery } from '../router.ts'
import { useAnswer } from '../request.ts'
import { useRun } from '../stream/use-stream.ts'
import { BasketDetailView } from './basket-detail.tsx'
import { OperationTable } from './operation-table.tsx'

const views = ['baskets', 'fills', 'positions', 'operations', 'ledger'] as const
const viewTitles = {
  baskets: 'Baskets',
  fills: 'Fills',
  positions: 'Positions',
  operations: 'Settlement',
  ledger: 'Ledger',
} as const

/** What was traded, what we own, and every entry of the books. */
export function Baskets({ id }: { readonly id: string | undefined }): ReactNode {
  const query = useQuery()
  const view = views.find((name) => name === query.get('view')) ?? 'baskets'
  return (
    <div className="page fill">
      <div className="page-head">
        <h1>Baskets and orders</h1>
        <Tabs
          label="What is shown"
          names={views}
          titles={viewTitles}
          chosen={view}
          onChoose={(name) => go(name === 'baskets' ? '/baskets' : `/baskets?view=${name}`)}
        />
      </div>
      <div className={`beside${id === undefined ? '' : ' opened'}`}>
        {view === 'baskets' ? <BasketTable selected={id} /> : null}
        {view === 'fills' ? <FillTable /> : null}
        {view === 'positions' ? <PositionTable /> : null}
        {view === 'operations' ? <OperationTable /> : null}
        {view === 'ledger' ? <LedgerTable /> : null}
        {id === undefined ? null : <BasketDetailView key={id} id={id} />}
      </div>
    </div>
  )
}

function BasketTable({ selected }: { readonly selected: string | undefined }): ReactNode {
  const baskets = useRun((run) => run.baskets)
  const atWork = useRun(({ status }) => status.counts.openBaskets)
  const stuck = baskets.filter(({ state }) => state === 'quarantined').length
  return (
    <Panel
      title="Baskets"
      note={`${count(atWork)} at work, the latest first`}
      tools={
        stuck === 0 ? null : <span className="loss">{count(stuck)} in quarantine wait for you</span>
      }
      flush
    >
      <DataTable
        label="Baskets"
        rows={baskets}
        columns={basketColumns}
        keyOf={({ id }) => id}
        selected={selected}
        onOpen={({ id }) => go(`/baskets/${encodeURIComponent(id)}`)}
        empty={<Empty title="No baskets yet">An approved opportunity becomes one.</Empty>}
      />
    </Panel>
  )
}

const basketColumns: readonly Column<Basket>[] = [
  { title: 'Time', width: '58px', wide: true, cell: ({ receivedMs }) => <Time ms={receivedMs} /> },
  {
    title: 'Basket',
    width: '74px',
    cell: ({ id }) => <span className="soft">{id}</span>,
    wide: true,
  },
  {
    title: 'What',
    width: 'minmax(120px, 1fr)',
    cell: (row) => <span title={row.title}>{row.title}</span>,
  },
  {
    title: 'Strategy',
    width: '112px',
    wide: true,
    cell: ({ strategy }) => <span className="soft">{title(strategy)}</span>,
    order: ({ strategy }) => strategy,
  },
  { title: 'Legs', width: '40px', right: true, wide: true, cell: ({ legs }) => legs.length },
  {
    title: 'Promised',
    width: '70px',
    right: true,
    cell: ({ edge }) => signedMoney(edge),
    order: ({ edge }) => Number(edge),
  },
  {
    title: 'Paid',
    width: '80px',
    right: true,
    wide: true,
    cell: ({ paid }) => money(paid),
    order: ({ paid }) => Number(paid),
  },
  {
    title: 'Took',
    width: '74px',
    right: true,
    wide: true,
    cell: ({ closedAfterUs }) => micros(closedAfterUs),
    order: ({ closedAfterUs }) => closedAfterUs ?? 0,
  },
  {
    title: 'State',
    width: '86px',
    cell: (row) => <BasketPill basket={row} />,
    order: ({ result, state }) => result ?? state,
  },
]

function FillTable(): ReactNode {
  const fills = useRun((run) => run.fills)
  return (
    <Panel title="Fills" note="executions of our orders, the latest first" flush>
      <DataTable
        label="Fills"
        rows={fills}
        keyOf={({ id }) => id}
        onOpen={({ basket }) => go(`/baskets/${encodeURIComponent(basket)}`)}
        empty={<Empty title="No fills yet">An order that meets another becomes one.</Empty>}
        columns={[
          {
            title: 'Time',
            width: '92px',
            wide: true,
            cell: ({ atMs }) => <time className="soft">{clockMs(atMs)}</time>,
          },
          {
            title: 'Market',
            width: 'minmax(120px, 1fr)',
            cell: ({ market }) => <MarketTitle market={market} />,
          },
          { title: 'Leg', width: '74px', cell: (fill) => <SideText {...fill} /> },
          { title: 'Shares', width: '70px', right: true, cell: (fill) => size(fill.size) },
          { title: 'Price', width: '60px', right: true, cell: ({ price }) => cents(price) },
          { title: 'Fee', width: '70px', right: true, wide: true, cell: ({ fee }) => money(fee) },
          {
            title: 'Purpose',
            width: '70px',
            wide: true,
            cell: ({ purpose }) => <span className="soft">{purpose}</span>,
          },
          {
            title: 'Basket',
            width: '80px',
            wide: true,
            cell: ({ basket }) => <span className="soft">{basket}</span>,
          },
        ]}
      />
    </Panel>
  )
}

function PositionTable(): ReactNode {
  const positions = useRun((run) => run.positions)
  const { exposure } = useRun(({ status }) => status.money)
  return (
    <Panel
      title="Positions"
      note={`${money(exposure)} at cost, valued at what a sale would bring`}
      flush
    >
      <DataTable
        label="Positions"
        rows={positions}
        columns={positionColumns}
        keyOf={({ market, outcome }) => `${market.venue} ${market.id} ${outcome}`}
        empty={<Empty title="Nothing is held">What merges or settles leaves no position.</Empty>}
      />
    </Panel>
  )
}

const positionColumns: readonly Column<Position>[] = [
  {
    title: 'Market',
    width: 'minmax(120px, 1fr)',
    cell: ({ market }) => <MarketTitle market={market} />,
  },
  {
    title: 'Holds',
    width: '44px',
    cell: ({ outcome }) => <span className={`outcome ${outcome}`}>{outcome.toUpperCase()}</span>,
  },
  {
    title: 'Shares',
    width: '80px',
    right: true,
    cell: (row) => size(row.size),
    order: (row) => Number(row.size),
  },
  {
    title: 'Cost',
    width: '84px',
    right: true,
    wide: true,
    cell: ({ cost }) => money(cost),
    order: ({ cost }) => Number(cost),
  },
  {
    title: 'Value now',
    width: '84px',
    right: true,
    wide: true,
    cell: ({ value }) => money(value),
    order: ({ value }) => Number(value),
  },
  {
    title: 'Unrealised',
    width: '84px',
    right: true,
    cell: ({ unrealised }) => (
      <span className={signClass(unrealised)}>{signedMoney(unrealised)}</span>
    ),
    order: ({ unrealised }) => Number(unrealised),
  },
  {
    title: 'Strategy',
    width: '112px',
    wide: true,
    cell: ({ strategy }) => <span className="soft">{title(strategy)}</span>,
    order: ({ strategy }) => strategy,
  },
]

const ledger = z.array(ledgerEntry)

function LedgerTable(): ReactNode {
  const asked = useAnswer('/api/ledger?limit=500', ledger, 2_000)
  const balanced = useRun(({ status }) => status.money.ledgerBalanced)
  return (
    <Panel
      title="Ledger"
      note={balanced ? 'balances to the micro-dollar' : 'is off: trading should not go on'}
      flush
    >
      <Answered asked={asked} rows={12}>
        {(entries) => (
          <DataTable
            label="Ledger"
            rows={entries}
            columns={ledgerColumns}
            keyOf={(entry) => String(entry.number)}
            rowHeight={44}
            empty={<Empty title="No entries yet">The first is the capital.</Empty>}
          />
        )}
      </Answered>
    </Panel>
  )
}

const ledgerColumns: readonly Column<LedgerEntry>[] = [
  { title: 'No.', width: '52px', right: true, cell: ({ number }) => count(number) },
  {
    title: 'Time',
    width: '92px',
    wide: true,
    cell: ({ atMs }) => <time className="soft">{clockMs(atMs)}</time>,
  },
  {
    title: 'What',
    width: 'minmax(110px, 0.6fr)',
    cell: ({ memo }) => <span title={memo}>{memo}</span>,
  },
  {
    title: 'Postings',
    width: 'minmax(160px, 1.4fr)',
    cell: ({ postings }) => (
      <span className="postings">
        {postings.map(({ account, amount }) => (
          <span key={account} title={account}>
            <span className="soft">{account.replace(/:(\d{6})\d{10,}/, ':$1…')}</span>{' '}
            {exactMoney(amount)}
          </span>
        ))}
      </span>
    ),
  },
]
