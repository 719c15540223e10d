import type { EpochMs } from '../core/units.ts'
import type { LocalTime, Zone } from './zones.ts'
import { zoneOf, zonePattern } from './zones.ts'

/** How a date stands in its sentence. */
type DateRole = 'by' | 'before' | 'from' | 'on'

/** A date that a text names, as exactly as the text says it. */
export type DateMention = {
  readonly role: DateRole
  readonly precision: 'day' | 'month' | 'quarter' | 'year' | 'season'
  readonly year: number
  /** 1 to 12; for a quarter its first month, for a year 1. */
  readonly month: number
  readonly day: number
  /** The last day of a span of days: "December 8-9". Equal to `day` for a single one. */
  readonly lastDay: number
  /** Minutes since midnight, where a time is named. */
  readonly minute: number | undefined
  readonly zone: Zone | undefined
}

/** The dates of a text, and the text without them. */
export type DatedText = { readonly dates: readonly DateMention[]; readonly rest: string }

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const monthPattern =
  '(?<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|' +
  'sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?'
const anyMonth = monthPattern.replace('?<month>', '?:')
// "3 PM", "3:30 pm ET", and on a clock of 24 hours "15:30 UTC".
const timePattern =
  `(?<hour>\\d{1,2})(?::(?<min>\\d\\d))?` +
  `(?: ?(?<half>am|pm)(?: (?<zone>${zonePattern})\\b)?|(?<=:\\d\\d) (?<zone3>${zonePattern})\\b)`
const noonPattern = `(?<noon>noon|midnight)(?: (?<zone2>${zonePattern})\\b)?`
const clock = `(?:${timePattern}|${noonPattern})`
const rolePattern =
  '(?<role>\\b(?:by the end of|by|before|until|between|from|prior to|after)\\b )?(?:the )?'
const dayPattern = `${monthPattern} (?<day>\\d{1,2})(?!\\d|:|%|\\+)(?:th|st|nd|rd)?(?:-(?<last>\\d{1,2})(?!\\d))?`
const yearPattern = '(?:,? (?<year>20\\d\\d)\\b(?!-\\d))?'

const dayForms: readonly RegExp[] = [
  // "12:00 PM ET on December 31, 2026", then "December 31, 2026 at 12:00 PM ET".
  new RegExp(`${rolePattern}${clock},? (?:on )?${dayPattern}${yearPattern}`, 'g'),
  new RegExp(`${rolePattern}\\b${dayPattern}${yearPattern}(?:,?(?: at)? ${clock})?`, 'g'),
]
const isoForm = new RegExp(
  `${rolePattern}\\b(?<year>20\\d\\d)-(?<mon>\\d\\d)-(?<day>\\d\\d)\\b`,
  'g',
)
const monthForm = new RegExp(
  `(?:${rolePattern}\\b${monthPattern} (?<year>20\\d\\d)\\b(?!-\\d))|` +
    `(?:(?<role2>\\b(?:by|before|in|for)\\b )${monthPattern.replace('<month>', '<month2>')}(?![a-z]|,? 20\\d\\d))`,
  'g',
)
const quarterForm = new RegExp(`${rolePattern}\\bq(?<quarter>[1-4]) (?<year>20\\d\\d)\\b`, 'g')
const seasonForm = /\b(?<year>20\d\d)-(?<end>\d\d)(?!\d)/g
const yearForm = new RegExp(`${rolePattern}\\b(?<year>20\\d\\d)\\b`, 'g')

const betweenDates = new RegExp(
  `\\bbetween (?=(?:the )?${anyMonth} \\d)([^.\\n]{5,40}?) and (?=(?:the )?${anyMonth} \\d)`,
  'g',
)
const throughDate = new RegExp(`\\b(?:through|until|on or before) (?=${anyMonth} \\d)`, 'g')

type Groups = Readonly<Record<string, string | undefined>>

/**
 * Finds every date of a folded text. A date without a year gets the year that puts it closest to
 * `near`, which is when the market closes; without that it is left in the text, unread.
 */
export function readDates(text: string, near: EpochMs | undefined): DatedText {
  const dates: DateMention[] = []
  // "Between A and B" is a start and an end; "through B" is an end.
  let rest = text.replaceAll(betweenDates, 'from $1 by ').replaceAll(throughDate, 'by ')
  const take = (form: RegExp, read: (groups: Groups) => DateMention | undefined): void => {
    rest = rest.replaceAll(form, (...match: unknown[]) => {
      const found = read((match.at(-1) ?? {}) as Groups)
      if (found === undefined) return String(match[0])
      dates.push(found)
      return ' '
    })
  }
  for (const form of dayForms) take(form, (groups) => dayOf(groups, near))
  take(isoForm, (groups) => mention(groups, { precision: 'day', month: Number(groups['mon']) }))
  take(monthForm, (groups) => monthOf(groups, near))
  take(quarterForm, (groups) =>
    mention(groups, { precision: 'quarter', month: Number(groups['quarter']) * 3 - 2, day: 1 }),
  )
  take(seasonForm, (groups) => mention(groups, { precision: 'season', month: 1, day: 1 }))
  take(yearForm, (groups) => mention(groups, { precision: 'year', month: 1, day: 1 }))
  return { dates, rest: rest.replaceAll(/ {2,}/g, ' ') }
}

function dayOf(groups: Groups, near: EpochMs | undefined): DateMention | undefined {
  const month = months.indexOf((groups['month'] ?? '').slice(0, 3)) + 1
  const day = Number(groups['day'])
  if (day < 1 || day > 31) return undefined
  const year = groups['year'] === undefined ? closestYear(month, day, near) : Number(groups['year'])
  if (year === undefined) return undefined
  return mention({ ...groups, year: String(year) }, { precision: 'day', month })
}

function monthOf(groups: Groups, near: EpochMs | undefined): DateMention | undefined {
  const name = groups['month'] ?? groups['month2'] ?? ''
  const month = months.indexOf(name.slice(0, 3)) + 1
  const year = groups['year'] === undefined ? closestYear(month, 28, near) : Number(groups['year'])
  if (year === undefined) return undefined
  const role = groups['role'] ?? groups['role2']
  return mention({ role, year: String(year) }, { precision: 'month', month, day: 1 })
}

function closestYear(month: number, day: number, near: EpochMs | undefined): number | undefined {
  if (near === undefined) return undefined
  const guess = new Date(near).getUTCFullYear()
  const distance = (year: number): number => Math.abs(Date.UTC(year, month - 1, day) - near)
  return [guess, guess - 1, guess + 1].reduce((a, b) => (distance(b) < distance(a) ? b : a))
}

function mention(
  groups: Groups,
  { precision, month, day }: { precision: DateMention['precision']; month: number; day?: number },
): DateMention {
  const first = day ?? Number(groups['day'])
  return {
    role: roleOf(groups['role']),
    precision,
    year: Number(groups['year']),
    month,
    day: first,
    lastDay: groups['last'] === undefined ? first : Number(groups['last']),
    minute: minuteOf(groups),
    zone: zoneOf(groups['zone'] ?? groups['zone2'] ?? groups['zone3']),
  }
}

function roleOf(word: string | undefined): DateRole {
  switch (word?.trim()) {
    case 'by':
    case 'by the end of':
    case 'until':
      return 'by'
    case 'before':
    case 'prior to':
      return 'before'
    case 'between':
    case 'from':
    case 'after':
      return 'from'
    default:
      return 'on'
  }
}

function minuteOf(groups: Groups): number | undefined {
  if (groups['noon'] !== undefined) return groups['noon'] === 'noon' ? 720 : 0
  if (groups['hour'] === undefined) return undefined
  const minute = Number(groups['min'] ?? 0)
  if (groups['half'] === undefined) return Number(groups['hour']) * 60 + minute
  const hour = (Number(groups['hour']) % 12) + (groups['half'] === 'pm' ? 12 : 0)
  return hour * 60 + minute
}

/** The last moment that counts, on the clock of the rules; the moment itself does not. */
export function endOf(date: DateMention): LocalTime {
  const { year, month, day, lastDay, minute, role } = date
  if (role === 'before') return { year, month, day, minute: minute ?? 0 }
  if (minute !== undefined) {
    // 11:59 PM is how rules write the end of the day.
    return { year, month, day: lastDay, minute: minute === 1439 ? 1440 : minute }
  }
  switch (date.precision) {
    case 'day':
      return { year, month, day: lastDay, minute: 1440 }
    case 'month':
      return { year, month: month + 1, day: 1, minute: 0 }
    case 'quarter':
      return { year, month: month + 3, day: 1, minute: 0 }
    case 'year':
      return { year: year + 1, month: 1, day: 1, minute: 0 }
    case 'season':
      return { year: year + 2, month: 1, day: 1, minute: 0 }
  }
}

/**
 * A local time as minutes since 1970 on its own wall: comparable where zones are equal or unknown.
 */
export function wallMinutes({ year, month, day, minute }: LocalTime): number {
  return Date.UTC(year, month - 1, day) / 60_000 + minute
}
