import type { ReactNode } from 'react'
import type { Limit, LimitName } from '../../../src/server/schema/run-status.ts'
import { count, money } from '../format.ts'
import { useRun } from '../stream/use-stream.ts'
import { Meter } from './meter.tsx'

export const limitTitles: Readonly<Record<LimitName, string>> = {
  totalExposureMax: 'Total exposure',
  venueExposureMax: 'Most at one venue',
  strategyExposureMax: 'Most of one strategy',
  setExposureMax: 'Most in one set',
  marketExposureMax: 'Most in one market',
  unresolvedExposureMax: 'In unresolved baskets',
  dailyLossMax: 'Lost today',
  orderNotionalMax: 'One order',
  openBasketsMax: 'Baskets at work',
  ordersPerSecondMax: 'Orders in a second',
  ordersPerMinuteMax: 'Orders in a minute',
}

/** Where there is room for some only: what would stop trading first. */
export const mainLimits: readonly LimitName[] = [
  'totalExposureMax',
  'venueExposureMax',
  'setExposureMax',
  'marketExposureMax',
  'dailyLossMax',
  'openBasketsMax',
]

/** How much of each limit is used, or of some. */
export function LimitMeters({ only }: { readonly only?: readonly LimitName[] }): ReactNode {
  const limits = useRun(({ status }) => status.limits)
  const shown = limits.filter(({ name }) => only === undefined || only.includes(name))
  return (
    <div className="meters">
      {shown.map((limit) =>
        limit.used === null ? null : (
          <Meter
            key={limit.name}
            label={limitTitles[limit.name]}
            used={Number(limit.used)}
            max={Number(limit.max)}
            text={`${amount(limit, limit.used)} of ${amount(limit, limit.max)}`}
          />
        ),
      )}
    </div>
  )
}

function amount({ unit }: Limit, text: string): string {
  return unit === 'usd' ? money(text).replace(/\.00$/, '') : count(Number(text))
}
