import type { ReactNode } from 'react'
import { useState } from 'react'
import { z } from 'zod'
import type { Health, LogLine } from '../../../src/server/schema/health.ts'
import { health, logLine } from '../../../src/server/schema/health.ts'
import { HistogramChart } from '../charts/histogram-chart.tsx'
import { clockMs, micros } from '../format.ts'
import { DataTable } from '../parts/data-table.tsx'
import { FeedList } from '../parts/feed-list.tsx'
import { HealthCounts } from '../parts/health-counts.tsx'
import { LimitMeters } from '../parts/limit-meters.tsx'
import { Panel } from '../parts/panel.tsx'
import { Pill } from '../parts/pill.tsx'
import { ProcessFacts } from '../parts/process-facts.tsx'
import { Answered, Empty } from '../parts/states.tsx'
import { Tabs } from '../parts/tabs.tsx'
import { useAnswer } from '../request.ts'
import { HealthTabs } from './health-tabs.tsx'

const pollMs = 1_000

/** How the engine does: how long each stage takes, what was refused, what it logs. */
export function HealthPage(): ReactNode {
  const asked = useAnswer('/api/health', health, pollMs)
  return (
    <div className="page">
      <div className="page-head">
        <h1>Health</h1>
        <HealthTabs chosen="engine" />
      </div>
      <Panel title="Along the path of a frame" note="since the start">
        <Answered asked={asked} rows={6}>
          {(known) => <Path known={known} />}
        </Answered>
      </Panel>
      <div className="grid thirds">
        <Panel title="Feeds and books">
          <FeedList />
        </Panel>
        <Panel title="Limits">
          <LimitMeters />
        </Panel>
        <Panel title="Process">
          <Answered asked={asked}>{(known) => <ProcessFacts known={known} />}</Answered>
        </Panel>
      </div>
      <div className="grid halves">
        <Panel title="What was counted" flush>
          <Answered asked={asked} rows={10}>
            {(known) => <HealthCounts known={known} />}
          </Answered>
        </Panel>
        <Logs />
      </div>
    </div>
  )
}

type Stage = {
  readonly name: string
  /** Which of its series; left out, all of them. */
  readonly stage?: string
  readonly title: string
  /** From the unit of the metric to microseconds. */
  readonly toUs: number
}

/** In the order in which a frame meets them. */
const stages: readonly Stage[] = [
  { name: 'path_stage_us', stage: 'wire', title: 'Wire to decoder', toUs: 1 },
  { name: 'path_stage_us', stage: 'decode', title: 'Decoder to book', toUs: 1 },
  { name: 'path_stage_us', stage: 'decide', title: 'Book to decision', toUs: 1 },
  { name: 'engine_turn_us', title: 'The whole turn', toUs: 1 },
  { name: 'path_stage_us', stage: 'order', title: 'Wire to order', toUs: 1 },
  { name: 'execution_signal_to_fill_us', title: 'Signal to fill', toUs: 1 },
  { name: 'execution_e2e_latency_us', title: 'Wire to fill', toUs: 1 },
  { name: 'book_time_to_proven_ms', title: 'Lost proof to proven again', toUs: 1_000 },
  { name: 'nodejs_gc_duration_seconds', title: 'Pauses for garbage', toUs: 1_000_000 },
]

function Path({ known }: { readonly known: Health }): ReactNode {
  return (
    <div className="histograms">
      {stages.map(({ name, stage, title, toUs }) => (
        <HistogramChart
          key={title}
          title={title}
          series={known.histograms.filter(
            (each) => each.name === name && (stage === undefined || each.labels['stage'] === stage),
          )}
          unitOf={(value) => micros(value * toUs)}
        />
      ))}
    </div>
  )
}

const lines = z.array(logLine)
const levels = ['all', 'warn', 'error'] as const
type LevelFilter = (typeof levels)[number]

function Logs(): ReactNode {
  const asked = useAnswer('/api/logs', lines, 2_000)
  const [level, setLevel] = useState<LevelFilter>('all')
  return (
    <Panel
      title="Log"
      flush
      tools={
        <Tabs
          label="Which lines"
          names={levels}
          titles={{ all: 'All', warn: 'Warnings', error: 'Errors' }}
          chosen={level}
          onChoose={setLevel}
        />
      }
    >
      <Answered asked={asked} rows={8}>
        {(known) => (
          <DataTable
            label="Log"
            rows={known.filter((line) => isShown(line, level))}
            keyOf={(line) => String(line.number)}
            empty={<Empty title="Nothing logged">At this level there was nothing to say.</Empty>}
            columns={[
              {
                title: 'Time',
                width: '92px',
                wide: true,
                cell: ({ atMs }) => <time className="soft">{clockMs(atMs)}</time>,
              },
              { title: 'Level', width: '58px', cell: (line) => <LevelPill level={line.level} /> },
              {
                title: 'Room',
                width: '84px',
                wide: true,
                cell: ({ room }) => <span className="soft">{room}</span>,
              },
              {
                title: 'Line',
                width: 'minmax(180px, 1fr)',
                cell: ({ message, fields }) => (
                  <span title={fields}>
                    {message} <span className="muted mono">{fields}</span>
                  </span>
                ),
              },
            ]}
          />
        )}
      </Answered>
    </Panel>
  )
}

function LevelPill({ level }: { readonly level: string }): ReactNode {
  const tone = level === 'error' || level === 'fatal' ? 'loss' : level === 'warn' ? 'warn' : 'calm'
  return <Pill tone={tone}>{level}</Pill>
}

function isShown({ level }: LogLine, filter: LevelFilter): boolean {
  if (filter === 'all') return true
  const isError = level === 'error' || level === 'fatal'
  return filter === 'error' ? isError : isError || level === 'warn'
}
