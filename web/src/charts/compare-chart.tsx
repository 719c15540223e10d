import type { ReactNode } from 'react'
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import type { BacktestDetail } from '../../../src/server/schema/backtest.ts'
import { colorOf, useIsDark } from '../theme.ts'

/** The colours of the first and of the second curve. */
export const curveColors = ['--accent', '--warn'] as const

/** Seconds: minutes, hours and days as a clock has them, not as ten fingers do. */
const roundSteps = [60, 300, 900, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400, 604_800]

/** Equity curves over the time of their recordings, one above the other to compare. */
export function CompareChart({ runs }: { readonly runs: readonly BacktestDetail[] }): ReactNode {
  const frame = useRef<HTMLDivElement>(null)
  const dark = useIsDark()
  useEffect(() => {
    const element = frame.current
    if (element === null || runs.length === 0) return undefined
    const made = new uPlot(optionsOf(element, runs.length), dataOf(runs), element)
    const watch = new ResizeObserver(() =>
      made.setSize({ width: element.clientWidth, height: element.clientHeight }),
    )
    watch.observe(element)
    return () => {
      watch.disconnect()
      made.destroy()
    }
  }, [runs, dark])
  return (
    <figure className="chart-figure">
      <figcaption className="legend">
        {runs.map((run, index) => (
          <span key={run.id}>
            <i className={`line ${index === 0 ? 'accent' : 'second'}`} /> {run.id}
          </span>
        ))}
      </figcaption>
      <div
        ref={frame}
        className="chart compare-chart"
        role="img"
        aria-label={`Equity of ${runs.map(({ id }) => id).join(' and ')}`}
      />
    </figure>
  )
}

/** Seconds since the start of each recording, so that different days lie on one axis. */
function dataOf(runs: readonly BacktestDetail[]): uPlot.AlignedData {
  const joined = uPlot.join(
    runs.map(({ equity, fromMs }) => [
      equity.map(({ atMs }) => (atMs - fromMs) / 1_000),
      equity.map(({ equityUsd }) => equityUsd),
    ]),
  )
  return joined
}

function optionsOf(element: HTMLElement, curves: number): uPlot.Options {
  const font = `11px ${getComputedStyle(document.body).fontFamily}`
  const axis = { stroke: colorOf('--ink-3'), font, ticks: { show: false } }
  const grid = { stroke: colorOf('--line'), width: 1 }
  return {
    width: element.clientWidth,
    height: element.clientHeight,
    legend: { show: false },
    padding: [8, 8, 0, 0],
    cursor: { y: false },
    scales: { x: { time: false } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 24,
        space: 70,
        incrs: [...roundSteps],
        values: (_, ticks) => ticks.map(elapsed),
      },
      { ...axis, grid, size: 66, values: (_, ticks) => ticks.map((value) => `$${value}`) },
    ],
    series: [
      {},
      ...Array.from({ length: curves }, (_, index) => ({
        stroke: colorOf(curveColors[index] ?? '--ink-3'),
        width: 2,
        spanGaps: true,
        points: { show: false },
      })),
    ],
  }
}

function elapsed(seconds: number): string {
  const hours = Math.floor(seconds / 3_600)
  const minutes = Math.floor((seconds % 3_600) / 60)
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')} h` : `${minutes} min`
}
