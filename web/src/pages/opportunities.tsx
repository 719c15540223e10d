import type { ReactNode } from 'react'
import type { Opportunity } from '../../../src/server/schema/opportunity.ts'
import { count, title } from '../format.ts'
import { Icon } from '../icon.tsx'
import { OpportunityTable } from '../parts/opportunity-table.tsx'
import { Panel } from '../parts/panel.tsx'
import { SearchField } from '../parts/search-field.tsx'
import { Tabs } from '../parts/tabs.tsx'
import { replaceQuery, useQuery } from '../router.ts'
import { useRun } from '../stream/use-stream.ts'
import { OpportunityDetailView } from './opportunity-detail.tsx'

const states = ['all', 'open', 'traded', 'refused'] as const
type StateFilter = (typeof states)[number]

const stateTitles: Readonly<Record<StateFilter, string>> = {
  all: 'All',
  open: 'Open now',
  traded: 'Traded',
  refused: 'Not traded',
}

/** Mispricings, live and past; one of them opens beside the list. */
export function Opportunities({ id }: { readonly id: string | undefined }): ReactNode {
  const query = useQuery()
  const rows = useRun(({ opportunities }) => opportunities)
  const strategies = useRun(({ status }) => status.strategies)
  const state = states.find((name) => name === query.get('show')) ?? 'all'
  const strategy = query.get('strategy') ?? ''
  const words = query.get('q') ?? ''
  const shown = rows.filter(
    (row) =>
      fits(row, state) && (strategy === '' || row.strategy === strategy) && holds(row, words),
  )
  const search = query.toString()
  return (
    <div className="page fill">
      <div className="page-head">
        <h1>Opportunities</h1>
        <Tabs
          label="Which opportunities"
          names={states}
          titles={stateTitles}
          chosen={state}
          onChoose={(name) => change(query, 'show', name === 'all' ? '' : name)}
        />
        <label>
          <span className="visually-hidden">Strategy</span>
          <select
            className="field"
            value={strategy}
            onChange={({ target }) => change(query, 'strategy', target.value)}
          >
            <option value="">Every strategy</option>
            {strategies.map(({ name }) => (
              <option key={name} value={name}>
                {title(name)}
              </option>
            ))}
          </select>
        </label>
        <SearchField
          label="Search opportunities"
          value={words}
          onChange={(text) => change(query, 'q', text)}
        />
      </div>
      <div className={`beside${id === undefined ? '' : ' opened'}`}>
        <Panel title="Seen" note={`${count(shown.length)} of the last ${count(rows.length)}`} flush>
          <OpportunityTable
            rows={shown}
            selected={id}
            query={search === '' ? '' : `?${search}`}
            compact={id !== undefined}
          />
        </Panel>
        {id === undefined ? <Hint /> : <OpportunityDetailView key={id} id={id} />}
      </div>
    </div>
  )
}

/** On a wide screen there is room to say what a click would do. */
function Hint(): ReactNode {
  return (
    <p className="beside-hint muted">
      <Icon name="keyboard" /> Move with <kbd>j</kbd> <kbd>k</kbd>, open with <kbd>Enter</kbd>: each
      opens to its certificate.
    </p>
  )
}

function fits({ state, verdict }: Opportunity, filter: StateFilter): boolean {
  switch (filter) {
    case 'all':
      return true
    case 'open':
      return state === 'open'
    case 'traded':
      return verdict === 'traded' || verdict === 'working'
    case 'refused':
      return verdict !== 'traded' && verdict !== 'working'
  }
}

function holds(row: Opportunity, words: string): boolean {
  const text = `${row.title} ${row.strategy} ${row.verdict} ${row.id}`.toLowerCase()
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}

function change(query: URLSearchParams, name: string, value: string): void {
  const next = new URLSearchParams(query)
  if (value === '') next.delete(name)
  else next.set(name, value)
  replaceQuery(next)
}
