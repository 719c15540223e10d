import type { ReactNode } from 'react'
import { useState } from 'react'
import type { Pair } from '../../../src/server/schema/pair.ts'
import { pairList } from '../../../src/server/schema/pair.ts'
import { count, words } from '../format.ts'
import { DataTable } from '../parts/data-table.tsx'
import { Panel } from '../parts/panel.tsx'
import { SearchField } from '../parts/search-field.tsx'
import type { Tone } from '../parts/pill.tsx'
import { Pill } from '../parts/pill.tsx'
import { Answered, Empty } from '../parts/states.tsx'
import { Tabs } from '../parts/tabs.tsx'
import { go } from '../router.ts'
import { useAnswer } from '../request.ts'
import { PairPill } from '../parts/pair-pill.tsx'
import { PairDetailView } from './pair-detail.tsx'

const filters = ['open', 'confirmed', 'rejected', 'all'] as const
type Filter = (typeof filters)[number]
const filterTitles = {
  open: 'To read',
  confirmed: 'Confirmed',
  rejected: 'Rejected',
  all: 'All',
} as const

/** Which markets of two venues are the same question: found by us, decided by a person. */
export function Pairs({ id }: { readonly id: string | undefined }): ReactNode {
  const asked = useAnswer('/api/pairs', pairList)
  const [filter, setFilter] = useState<Filter>('all')
  const [text, setText] = useState('')
  const looked = asked.data?.looked ?? []
  return (
    <div className="page fill">
      <div className="page-head">
        <h1>Pairs</h1>
        <Tabs
          label="Which pairs"
          names={filters}
          titles={filterTitles}
          chosen={filter}
          onChoose={setFilter}
        />
        <SearchField label="Search pairs" value={text} onChange={setText} />
      </div>
      <div className={`beside${id === undefined ? '' : ' opened'}`}>
        <Panel
          title="Candidates"
          note={looked.length === 0 ? '' : `${looked.map(count).join(' and ')} markets compared`}
          flush
        >
          <Answered asked={asked} rows={10}>
            {({ pairs }) => (
              <PairTable pairs={pairs.filter((pair) => fits(pair, filter, text))} selected={id} />
            )}
          </Answered>
        </Panel>
        {id === undefined ? null : (
          <PairDetailView key={id} id={id} onDecided={() => asked.again()} />
        )}
      </div>
    </div>
  )
}

type PairTableProps = { readonly pairs: readonly Pair[]; readonly selected: string | undefined }

function PairTable({ pairs, selected }: PairTableProps): ReactNode {
  return (
    <DataTable
      label="Pairs"
      rows={pairs}
      keyOf={({ id }) => id}
      selected={selected}
      rowHeight={46}
      onOpen={({ id }) => go(`/pairs/${encodeURIComponent(id)}`)}
      empty={
        <Empty title="No pairs">
          Pairs need markets of two venues. With one venue there is nothing to compare.
        </Empty>
      }
      columns={[
        {
          title: 'The two questions',
          width: 'minmax(180px, 1fr)',
          cell: ({ first, second }) => (
            <span className="two-lines">
              <span title={first.question}>{first.question}</span>
              <span className="soft" title={second.question}>
                {second.question}
              </span>
            </span>
          ),
          order: ({ first }) => first.question,
        },
        {
          title: 'Rules',
          width: '118px',
          wide: true,
          cell: ({ verdict }) => <Pill tone={verdictTones[verdict]}>{words(verdict)}</Pill>,
          order: ({ verdict }) => verdict,
        },
        {
          title: 'Alike',
          width: '52px',
          right: true,
          wide: true,
          cell: ({ score }) => score.toFixed(2),
          order: ({ score }) => score,
        },
        {
          title: 'State',
          width: '90px',
          cell: ({ state }) => <PairPill state={state} />,
          order: ({ state }) => state,
        },
      ]}
    />
  )
}

export const verdictTones: Readonly<Record<Pair['verdict'], Tone>> = {
  same: 'gain',
  complement: 'gain',
  'one-directional': 'accent',
  unknown: 'warn',
  'not-same': 'loss',
}

function fits({ state, verdict, first, second }: Pair, filter: Filter, text: string): boolean {
  const isShown =
    filter === 'all' ||
    (filter === 'open' ? state === 'candidate' && verdict !== 'not-same' : state === filter)
  const both = `${first.question} ${second.question}`.toLowerCase()
  return (
    isShown &&
    text
      .toLowerCase()
      .split(/\s+/)
      .every((word) => both.includes(word))
  )
}
