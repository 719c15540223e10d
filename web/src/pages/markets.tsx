import type { ReactNode } from 'react'
import { useEffect, useState } from 'react'
import type { MarketRow } from '../../../src/server/schema/market.ts'
import { marketList } from '../../../src/server/schema/market.ts'
import { cents, count, dash, date, shortMoney, size } from '../format.ts'
import type { Column } from '../parts/data-table.tsx'
import { DataTable } from '../parts/data-table.tsx'
import { marketPath } from '../parts/market-title.tsx'
import { Panel } from '../parts/panel.tsx'
import { ProofPill } from '../parts/pill.tsx'
import { SearchField } from '../parts/search-field.tsx'
import { Answered, Empty } from '../parts/states.tsx'
import { Tabs } from '../parts/tabs.tsx'
import { go, replaceQuery, useQuery } from '../router.ts'
import { useAnswer } from '../request.ts'
import { MarketDetailView } from './market-detail.tsx'
import { SetDetailView } from './set-detail.tsx'
import { SetTable } from './set-table.tsx'

const views = ['markets', 'sets'] as const
const viewTitles = { markets: 'Markets', sets: 'Outcome sets' } as const
const pollMs = 1_000
/** A list of more is searched, not scrolled. */
const listedMax = 500

export type MarketsProps = { readonly chosen: readonly string[] }

/** What the venues list: searched, in sets, and one of them with its book. */
export function Markets({ chosen }: MarketsProps): ReactNode {
  const query = useQuery()
  const isSet = chosen[0] === 'set'
  const [venue, id] = isSet ? chosen.slice(1) : chosen
  const view = isSet || query.get('view') === 'sets' ? 'sets' : 'markets'
  const [words, setWords] = useState(query.get('q') ?? '')
  const settled = useSettled(words)
  const opened = venue !== undefined && id !== undefined
  const choose = (name: (typeof views)[number]): void => {
    setWords('')
    go(name === 'markets' ? '/markets' : '/markets?view=sets')
  }
  useEffect(() => {
    const next = new URLSearchParams(location.search)
    if (settled === '') next.delete('q')
    else next.set('q', settled)
    replaceQuery(next)
  }, [settled])

  return (
    <div className="page fill">
      <div className="page-head">
        <h1>Markets</h1>
        <Tabs
          label="What is listed"
          names={views}
          titles={viewTitles}
          chosen={view}
          onChoose={choose}
        />
        <SearchField label={`Search ${view}`} value={words} onChange={setWords} />
      </div>
      <div className={`beside${opened ? ' opened' : ''}`}>
        {view === 'markets' ? (
          <MarketTable words={settled} selected={id} />
        ) : (
          <SetTable words={settled} selected={id} compact={opened} />
        )}
        {!opened ? null : isSet ? (
          <SetDetailView key={id} venue={venue} id={id} />
        ) : (
          <MarketDetailView key={id} venue={venue} id={id} />
        )}
      </div>
    </div>
  )
}

/** What was typed, once nothing more is typed. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text.trim()), 150)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}

type MarketTableProps = { readonly words: string; readonly selected: string | undefined }

function MarketTable({ words, selected }: MarketTableProps): ReactNode {
  const path = `/api/markets?limit=${listedMax}&query=${encodeURIComponent(words)}`
  const asked = useAnswer(path, marketList, pollMs)
  const found = asked.data
  const note =
    found === undefined ? '' : `${count(found.found)} of ${count(found.listed)}, most traded first`
  return (
    <Panel
      title="Listed"
      note={words === '' ? note : note.replace(', most traded first', '')}
      flush
    >
      <Answered asked={asked} rows={12}>
        {({ markets }) => (
          <DataTable
            label="Markets"
            rows={markets}
            columns={columns}
            keyOf={({ id }) => id}
            selected={selected}
            onOpen={(row) => go(`${marketPath(row)}${location.search}`)}
            empty={<Empty title="Nothing fits">Fewer words find more.</Empty>}
          />
        )}
      </Answered>
    </Panel>
  )
}

const columns: readonly Column<MarketRow>[] = [
  {
    title: 'Market',
    width: 'minmax(150px, 1fr)',
    cell: ({ question }) => <span title={question}>{question}</span>,
    order: ({ question }) => question,
  },
  {
    title: 'Book',
    width: '78px',
    cell: ({ state }) => <ProofPill state={state} />,
    order: ({ state }) => state,
  },
  {
    title: 'Bid',
    width: '52px',
    right: true,
    cell: ({ bid }) => (bid === null ? dash : <span className="gain">{cents(bid)}</span>),
    order: ({ bid }) => Number(bid ?? 0),
  },
  {
    title: 'Ask',
    width: '52px',
    right: true,
    cell: ({ ask }) => (ask === null ? dash : <span className="loss">{cents(ask)}</span>),
    order: ({ ask }) => Number(ask ?? 1),
  },
  { title: 'Bid size', width: '72px', right: true, wide: true, cell: (row) => size(row.bidSize) },
  { title: 'Ask size', width: '72px', right: true, wide: true, cell: (row) => size(row.askSize) },
  {
    title: 'Volume 24 h',
    width: '84px',
    right: true,
    wide: true,
    cell: ({ volume24h }) => (volume24h === null ? dash : shortMoney(volume24h)),
    order: ({ volume24h }) => Number(volume24h ?? 0),
  },
  {
    title: 'Closes',
    width: '92px',
    right: true,
    wide: true,
    cell: ({ closesAtMs }) => (
      <span className="soft">{closesAtMs === null ? dash : date(closesAtMs)}</span>
    ),
    order: ({ closesAtMs }) => closesAtMs ?? 0,
  },
  {
    title: 'Status',
    width: '66px',
    wide: true,
    cell: ({ status }) => <span className="soft">{status}</span>,
    order: ({ status }) => status,
  },
]
