import type { ReactNode } from 'react'
import { useEffect, useRef } from 'react'
import type { IChartApi, ISeriesApi, LineData, UTCTimestamp } from 'lightweight-charts'
import { ColorType, createChart, LineSeries, LineType } from 'lightweight-charts'
import type { PricePoint } from '../../../src/server/schema/market.ts'
import { colorOf, useIsDark } from '../theme.ts'

export type PriceChartProps = { readonly history: readonly PricePoint[]; readonly label: string }

type Lines = {
  readonly chart: IChartApi
  readonly bid: ISeriesApi<'Line'>
  readonly ask: ISeriesApi<'Line'>
}

/** The best prices of YES over the last minutes: what one could sell at, and buy at. */
export function PriceChart({ history, label }: PriceChartProps): ReactNode {
  const frame = useRef<HTMLDivElement>(null)
  const lines = useRef<Lines | undefined>(undefined)
  const dark = useIsDark()

  useEffect(() => {
    if (frame.current === null) return undefined
    const made = draw(frame.current)
    lines.current = made
    return () => {
      lines.current = undefined
      made.chart.remove()
    }
  }, [dark])

  useEffect(() => {
    lines.current?.bid.setData(dataOf(history, ({ bid }) => bid))
    lines.current?.ask.setData(dataOf(history, ({ ask }) => ask))
    lines.current?.chart.timeScale().fitContent()
  }, [history, dark])

  return (
    <figure className="chart-figure">
      <figcaption className="legend">
        <span>
          <i className="line gain" /> Bid
        </span>
        <span>
          <i className="line loss" /> Ask
        </span>
        {/* The library's licence asks for this line. */}
        <a className="attribution" href="https://www.tradingview.com/" rel="noreferrer">
          Charts by TradingView
        </a>
      </figcaption>
      <div ref={frame} className="chart price-chart" role="img" aria-label={label} />
    </figure>
  )
}

function draw(element: HTMLElement): Lines {
  const line = colorOf('--line')
  const chart = createChart(element, {
    autoSize: true,
    layout: {
      background: { type: ColorType.Solid, color: 'transparent' },
      textColor: colorOf('--ink-3'),
      fontFamily: getComputedStyle(document.body).fontFamily,
      fontSize: 11,
      // The mark of the library brings a style of its own, which the content policy refuses.
      attributionLogo: false,
    },
    grid: { vertLines: { visible: false }, horzLines: { color: line } },
    rightPriceScale: { borderVisible: false, scaleMargins: { top: 0.12, bottom: 0.12 } },
    timeScale: { borderVisible: false, timeVisible: true, secondsVisible: true },
    crosshair: { horzLine: { labelVisible: true }, vertLine: { labelVisible: true } },
    localization: { priceFormatter: (price: number) => `${(price * 100).toFixed(1)}\u00a2` },
  })
  const options = {
    lineWidth: 2 as const,
    lineType: LineType.WithSteps,
    priceLineVisible: false,
    lastValueVisible: true,
  }
  return {
    chart,
    bid: chart.addSeries(LineSeries, { ...options, color: colorOf('--gain') }),
    ask: chart.addSeries(LineSeries, { ...options, color: colorOf('--loss') }),
  }
}

function dataOf(
  history: readonly PricePoint[],
  priceOf: (point: PricePoint) => string | null,
): LineData<UTCTimestamp>[] {
  const data = new Map<number, number>()
  for (const point of history) {
    const price = priceOf(point)
    if (price !== null) data.set(Math.floor(point.atMs / 1_000), Number(price))
  }
  const offset = new Date().getTimezoneOffset() * 60
  return [...data].map(([seconds, value]) => ({
    // The library knows no time zones: its clock is told the local time as if it were UTC.
    time: (seconds - offset) as UTCTimestamp,
    value,
  }))
}
