import type { ReactNode } from 'react'
import { useEffect, useRef, useState } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { z } from 'zod'
import type { EquityPoint } from '../../../src/server/schema/run-status.ts'
import { equityPoint } from '../../../src/server/schema/run-status.ts'
import { clock, signedMoney } from '../format.ts'
import { useAnswer } from '../request.ts'
import { useRun } from '../stream/use-stream.ts'
import { colorOf, useIsDark } from '../theme.ts'

const curve = z.array(equityPoint)
const reloadMs = 10_000

/** Profit and loss over the run: what is realised, and with what is still open. */
export function EquityChart(): ReactNode {
  const frame = useRef<HTMLDivElement>(null)
  const dark = useIsDark()
  const { data } = useAnswer('/api/equity', curve, reloadMs)
  const points = useGrowing(data)
  const chart = useRef<uPlot | undefined>(undefined)

  useEffect(() => {
    const element = frame.current
    if (element === null) return undefined
    const made = new uPlot(optionsOf(element), [[], [], []], element)
    chart.current = made
    const watch = new ResizeObserver(() =>
      made.setSize({ width: element.clientWidth, height: element.clientHeight }),
    )
    watch.observe(element)
    return () => {
      watch.disconnect()
      made.destroy()
      chart.current = undefined
    }
  }, [dark])

  useEffect(() => {
    chart.current?.setData(seriesOf(points))
  }, [points, dark])

  return (
    <figure className="chart-figure">
      <figcaption className="legend">
        <span>
          <i className="line accent" /> Realised
        </span>
        <span>
          <i className="line" /> With what is open
        </span>
      </figcaption>
      <div ref={frame} className="chart equity-chart" role="img" aria-label={describe(points)} />
    </figure>
  )
}

/** The curve as it was loaded, and what has come since. */
function useGrowing(loaded: readonly EquityPoint[] | undefined): readonly EquityPoint[] {
  const { realised, unrealised } = useRun(({ status }) => status.money)
  const second = useRun(({ status }) => Math.floor(status.nowMs / 1_000))
  const [points, setPoints] = useState<readonly EquityPoint[]>([])
  useEffect(() => {
    if (loaded !== undefined) setPoints(loaded)
  }, [loaded])
  useEffect(() => {
    setPoints((known) => {
      const atMs = second * 1_000
      const last = known.at(-1)
      return last !== undefined && last.atMs >= atMs
        ? known
        : [...known, { atMs, realised, unrealised }]
    })
    // A point a second is enough: the figures above it move as they come.
  }, [second])
  return points
}

function seriesOf(points: readonly EquityPoint[]): uPlot.AlignedData {
  return [
    points.map(({ atMs }) => atMs / 1_000),
    points.map(({ realised, unrealised }) => Number(realised) + Number(unrealised)),
    points.map(({ realised }) => Number(realised)),
  ]
}

function describe(points: readonly EquityPoint[]): string {
  const last = points.at(-1)
  if (last === undefined) return 'Profit and loss over time: nothing yet'
  return `Profit and loss over time: ${signedMoney(last.realised)} realised at ${clock(last.atMs)}`
}

function optionsOf(element: HTMLElement): uPlot.Options {
  const font = `11px ${getComputedStyle(document.body).fontFamily}`
  const axis = {
    stroke: colorOf('--ink-3'),
    font,
    grid: { stroke: colorOf('--line'), width: 1 },
    ticks: { show: false },
  }
  return {
    width: element.clientWidth,
    height: element.clientHeight,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { size: 6 } },
    scales: { y: { range: (_, low, high) => rangeOf(low, high) } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 24,
        space: 90,
        values: (_, ticks) => ticks.map(tick),
      },
      { ...axis, size: 58, space: 34, values: (_, ticks) => ticks.map(dollars) },
    ],
    series: [
      {},
      { stroke: colorOf('--ink-3'), width: 1.25, points: { show: false } },
      {
        stroke: colorOf('--accent'),
        width: 2,
        fill: `color-mix(in srgb, ${colorOf('--accent')} 10%, transparent)`,
        points: { show: false },
      },
    ],
  }
}

/** Zero is always in sight, and a flat line is not drawn as a mountain range. */
function rangeOf(low: number | null, high: number | null): [number, number] {
  const from = Math.min(low ?? 0, 0)
  const to = Math.max(high ?? 0, 1)
  const room = (to - from) * 0.08
  return [from === 0 ? 0 : from - room, to + room]
}

function tick(seconds: number): string {
  return clock(seconds * 1_000)
}

function dollars(value: number): string {
  return `${value < 0 ? '\u2212' : ''}$${Math.abs(value)}`
}
