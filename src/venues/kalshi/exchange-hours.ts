import { z } from 'zod'
import type { EpochMs } from '../../core/units.ts'

/** Whether the exchange trades now. docs/venues/kalshi.md, 1.4. */
export type ExchangeStatus = {
  readonly exchange_active: boolean
  readonly trading_active: boolean
  readonly exchange_index_statuses?:
    | readonly {
        readonly exchange_index: number
        readonly exchange_active: boolean
        readonly trading_active: boolean
      }[]
    | null
    | undefined
}
export const ExchangeStatus: z.ZodType<ExchangeStatus> = z.object({
  exchange_active: z.boolean(),
  trading_active: z.boolean(),
  exchange_index_statuses: z
    .array(
      z.object({
        exchange_index: z.int(),
        exchange_active: z.boolean(),
        trading_active: z.boolean(),
      }),
    )
    .nullish(),
})

type Session = { readonly open_time: string; readonly close_time: string }
const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const
type Day = (typeof days)[number]

/** A week's sessions, in US Eastern time, and the span of time they hold for. */
export type StandardHours = Readonly<
  Partial<Record<Day, readonly Session[] | null | undefined>>
> & {
  readonly start_time?: string | null | undefined
  readonly end_time?: string | null | undefined
}
export type ExchangeSchedule = {
  readonly schedule: {
    readonly standard_hours?: readonly StandardHours[] | null | undefined
    readonly maintenance_windows?:
      | readonly { readonly start_datetime: string; readonly end_datetime: string }[]
      | null
      | undefined
  }
}

const sessions = z.array(z.object({ open_time: z.string(), close_time: z.string() })).nullish()
export const ExchangeSchedule: z.ZodType<ExchangeSchedule> = z.object({
  schedule: z.object({
    standard_hours: z
      .array(
        z.object({
          start_time: z.string().nullish(),
          end_time: z.string().nullish(),
          monday: sessions,
          tuesday: sessions,
          wednesday: sessions,
          thursday: sessions,
          friday: sessions,
          saturday: sessions,
          sunday: sessions,
        }),
      )
      .nullish(),
    maintenance_windows: z
      .array(z.object({ start_datetime: z.string(), end_datetime: z.string() }))
      .nullish(),
  }),
})

/** What the exchange says of itself, as last asked. */
export type ExchangeHours = {
  readonly status: ExchangeStatus
  readonly schedule: ExchangeSchedule['schedule']
}

/**
 * Whether a shard trades through all of the time from `now` until `until`.
 *
 * The end counts because we ask only now and then: a pause that begins before we ask again must
 * already keep us out. The pauses send no message. docs/venues/kalshi.md, 1.4.
 */
export function tradesThrough(
  { status, schedule }: ExchangeHours,
  shard: number,
  now: EpochMs,
  until: EpochMs,
): boolean {
  const own = status.exchange_index_statuses?.find(({ exchange_index: index }) => index === shard)
  const { exchange_active: isUp, trading_active: isTrading } = own ?? status
  if (!isUp || !isTrading) return false

  const isMaintained = (schedule.maintenance_windows ?? []).some((window) => {
    const from = Date.parse(window.start_datetime)
    const to = Date.parse(window.end_datetime)
    return from <= until && to > now
  })
  if (isMaintained) return false
  return isInSession(schedule, now) && isInSession(schedule, until)
}

/** What stands for a bound that is not told. */
const beginning = '1970-01-01T00:00:00Z'
const end = '9999-12-31T00:00:00Z'

/** A week without sessions, or none that holds now, says nothing against trading. */
function isInSession(schedule: ExchangeHours['schedule'], at: EpochMs): boolean {
  const hours = (schedule.standard_hours ?? []).find(
    ({ start_time: from, end_time: to }) =>
      Date.parse(from ?? beginning) <= at && Date.parse(to ?? end) > at,
  )
  if (hours === undefined) return true

  const { day, minute } = easternTime(at)
  const sessions = hours[day] ?? []
  if (sessions.length === 0) return days.every((each) => (hours[each] ?? []).length === 0)
  return sessions.some(({ open_time: open, close_time: close }) => {
    const from = minuteOf(open)
    const to = minuteOf(close)
    // Midnight closes the day it ends, and a minute that is named is still open.
    return minute >= from && (to <= from || minute <= to)
  })
}

function minuteOf(text: string): number {
  const [hour = 0, minute = 0] = text.split(':').map(Number)
  return hour * 60 + minute
}

const eastern = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/New_York',
  weekday: 'long',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})

function easternTime(at: EpochMs): { day: Day; minute: number } {
  const parts = new Map(eastern.formatToParts(at).map(({ type, value }) => [type, value]))
  const name = parts.get('weekday')?.toLowerCase()
  const day = days.find((each) => each === name) ?? 'monday'
  return { day, minute: minuteOf(`${parts.get('hour')}:${parts.get('minute')}`) }
}
