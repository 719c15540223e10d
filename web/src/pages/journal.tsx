import type { ReactNode } from 'react'
import { useEffect, useState } from 'react'
import type { JournalEntry, JournalPage } from '../../../src/server/schema/journal.ts'
import { journalPage, recordTypes } from '../../../src/server/schema/journal.ts'
import { bytes, clockMs, count, dash, title, words } from '../format.ts'
import type { Column } from '../parts/data-table.tsx'
import { DataTable } from '../parts/data-table.tsx'
import { DetailFrame } from '../parts/detail-frame.tsx'
import { Figure, Figures } from '../parts/figure.tsx'
import { Panel } from '../parts/panel.tsx'
import { Pill } from '../parts/pill.tsx'
import { SearchField } from '../parts/search-field.tsx'
import { Answered, Empty } from '../parts/states.tsx'
import { Tabs } from '../parts/tabs.tsx'
import { go, replaceQuery, useQuery } from '../router.ts'
import { useAnswer } from '../request.ts'
import { HealthTabs } from './health-tabs.tsx'

/** Each look reads the end of the journal from disk. */
const pollMs = 5_000
const pageSize = 200
const typeNames = ['all', ...recordTypes] as const
type TypeName = (typeof typeNames)[number]

const typeTitles: Readonly<Record<TypeName, string>> = {
  all: 'All',
  header: 'Header',
  frame: 'Frames',
  event: 'Events',
  effect: 'Effects',
  note: 'Notes',
}

/** What was written down of this run: searched, paged, and one record opened. */
export function Journal({ number }: { readonly number: string | undefined }): ReactNode {
  const query = useQuery()
  const type = typeNames.find((name) => name === query.get('type')) ?? 'all'
  const from = query.get('from') ?? ''
  const [text, setText] = useState(query.get('text') ?? '')
  const settled = query.get('text') ?? ''
  useEffect(() => {
    const timer = setTimeout(() => change({ text: text.trim(), from: '' }), 250)
    return () => clearTimeout(timer)
  }, [text])
  const path = pathOf({ type, text: settled, from })
  const asked = useAnswer(path, journalPage, from === '' ? pollMs : undefined)
  return (
    <div className="page fill">
      <div className="page-head">
        <h1>Health</h1>
        <HealthTabs chosen="journal" />
        <Tabs
          label="Which records"
          names={typeNames}
          titles={typeTitles}
          chosen={type}
          onChoose={(name) => change({ type: name === 'all' ? '' : name, from: '' })}
        />
        <SearchField label="Search the journal" value={text} onChange={setText} />
      </div>
      <div className={`beside${number === undefined ? '' : ' opened'}`}>
        <Panel
          title="Journal"
          note={from === '' ? 'the latest records' : `from record ${count(Number(from))} on`}
          tools={<Paging next={asked.data?.next ?? null} from={from} />}
          flush
        >
          <Answered asked={asked} rows={12}>
            {(page) => <Records page={page} number={number} newestFirst={from === ''} />}
          </Answered>
        </Panel>
        {number === undefined ? null : <RecordView key={number} number={number} />}
      </div>
    </div>
  )
}

type Asking = { readonly type: TypeName; readonly text: string; readonly from: string }

function pathOf({ type, text, from }: Asking): string {
  const asked = new URLSearchParams({ limit: String(pageSize) })
  if (type !== 'all') asked.set('type', type)
  if (text !== '') asked.set('text', text)
  if (from !== '') asked.set('from', from)
  return `/api/journal?${asked.toString()}`
}

function Paging({
  next,
  from,
}: {
  readonly next: number | null
  readonly from: string
}): ReactNode {
  return (
    <div className="paging">
      <button
        type="button"
        className="button"
        disabled={from === '1'}
        onClick={() => change({ from: '1' })}
      >
        First
      </button>
      <button
        type="button"
        className="button"
        disabled={next === null}
        onClick={() => change({ from: String(next) })}
      >
        Next
      </button>
      <button
        type="button"
        className="button"
        disabled={from === ''}
        onClick={() => change({ from: '' })}
      >
        Latest
      </button>
    </div>
  )
}

type RecordsProps = {
  readonly page: JournalPage
  readonly number: string | undefined
  readonly newestFirst: boolean
}

function Records({ page, number, newestFirst }: RecordsProps): ReactNode {
  if (page.directory === null) {
    return (
      <Empty title="This run keeps no journal">
        Started with --journal and a directory, everything that comes in and goes out is written
        down.
      </Empty>
    )
  }
  return (
    <>
      {page.faults.length === 0 ? null : (
        <p className="journal-faults warn">{page.faults.join('; ')}</p>
      )}
      <DataTable
        label="Records"
        rows={newestFirst ? page.entries.toReversed() : page.entries}
        columns={columns}
        keyOf={(entry) => String(entry.number)}
        selected={number}
        onOpen={(entry) => go(`/journal/${entry.number}${location.search}`)}
        empty={<Empty title="Nothing fits">Other words, or all kinds of records, find more.</Empty>}
      />
    </>
  )
}

const columns: readonly Column<JournalEntry>[] = [
  { title: 'No.', width: '78px', right: true, cell: (entry) => count(entry.number) },
  {
    title: 'Time',
    width: '92px',
    wide: true,
    cell: ({ atMs }) => <time className="soft">{atMs === null ? dash : clockMs(atMs)}</time>,
  },
  { title: 'Kind', width: '72px', cell: ({ type }) => <TypePill type={type} /> },
  {
    title: 'From',
    width: '96px',
    wide: true,
    cell: ({ venue, connection }) => (
      <span className="soft">{venue === null ? '' : `${title(venue)} ${connection ?? ''}`}</span>
    ),
  },
  {
    title: 'What it says',
    width: 'minmax(160px, 1fr)',
    cell: ({ text }) => <Saying text={text} />,
  },
]

/** What kind of event or effect it is comes first, where it says so. */
function Saying({ text }: { readonly text: string }): ReactNode {
  const [whole = '', kind] = /^\{"kind":"([\w-]+)",?/.exec(text) ?? []
  return (
    <>
      {kind === undefined ? null : <span className="strong">{words(kind)} </span>}
      <span className="mono soft">{text.slice(whole.length, whole.length + 300)}</span>
    </>
  )
}

function TypePill({ type }: { readonly type: JournalEntry['type'] }): ReactNode {
  return <Pill tone={type === 'effect' ? 'accent' : 'calm'}>{type}</Pill>
}

function RecordView({ number }: { readonly number: string }): ReactNode {
  const asked = useAnswer(`/api/journal?limit=1&from=${encodeURIComponent(number)}`, journalPage)
  return (
    <DetailFrame title={`Record ${number}`} back={`/journal${location.search}`}>
      <Answered asked={asked}>
        {({ entries: [entry] }) =>
          entry === undefined ? <Empty title="There is no such record" /> : <Record entry={entry} />
        }
      </Answered>
    </DetailFrame>
  )
}

function Record({ entry }: { readonly entry: JournalEntry }): ReactNode {
  const { type, atMs, venue, connection, bytes: size, text } = entry
  return (
    <div className="sections">
      <Figures>
        <Figure label="Kind" value={title(type)} note={bytes(size)} />
        <Figure
          label={type === 'effect' ? 'Of the event at' : 'At'}
          value={atMs === null ? dash : clockMs(atMs)}
          note=""
        />
        {venue === null ? null : (
          <Figure label="From" value={title(venue)} note={`connection ${connection ?? dash}`} />
        )}
      </Figures>
      <pre className="mono journal-text">{pretty(text)}</pre>
    </div>
  )
}

/** JSON with its lines, anything else as it is. */
function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2)
  } catch {
    // Cut short, or no JSON: it is shown as it came.
    return text
  }
}

function change(values: Readonly<Record<string, string>>): void {
  const next = new URLSearchParams(location.search)
  for (const [name, value] of Object.entries(values)) {
    if (value === '') next.delete(name)
    else next.set(name, value)
  }
  if (next.toString() !== new URLSearchParams(location.search).toString()) replaceQuery(next)
}
