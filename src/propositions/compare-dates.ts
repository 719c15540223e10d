import type { DateMention } from './dates.ts'
import { endOf, wallMinutes } from './dates.ts'
import type { Reading } from './extract.ts'
import type { Finding } from './finding.ts'
import { same, unknown, veto } from './finding.ts'
import type { Zone } from './zones.ts'
import { instantIn } from './zones.ts'

/** What the dates of one listing say, sorted by what they are for. */
type DateFacts = {
  readonly deadlines: readonly Moment[]
  readonly starts: readonly Moment[]
  readonly days: ReadonlySet<string>
  readonly times: readonly Moment[]
  readonly months: ReadonlySet<string>
  readonly years: ReadonlySet<number>
  readonly seasons: ReadonlySet<number>
}

/** A moment on somebody's wall, with its zone where the text names one. */
type Moment = { readonly wall: number; readonly zone: Zone | undefined; readonly date: DateMention }

/** Compares when things happen, are measured, or must have happened by. */
export function compareDates(a: Reading, b: Reading): readonly Finding[] {
  const [first, second] = [factsOf(a), factsOf(b)]
  const findings = [
    ...compareDeadlines(a, b, first, second),
    ...compareDays(a, first, second),
    ...compareTimes(a, first, second),
    ...compareMonths(first, second),
    ...compareYears(first, second),
  ]
  return findings.length === 0 ? [unknown('date', 'neither names a date')] : findings
}

function factsOf({ dates }: Reading): DateFacts {
  const isEnd = ({ role }: DateMention): boolean => role === 'by' || role === 'before'
  const deadlines = distinct(dates.filter(isEnd).map(endMoment))
  const ends = new Set(deadlines.flatMap(({ date }) => [dayKey(date), dayBefore(date)]))
  const starts = distinct(dates.filter(({ role }) => role === 'from').map(startMoment))
  const on = dates.filter(({ role }) => role === 'on')
  const days = on.filter(({ precision }) => precision === 'day' || precision === 'month')
  const exact = days.filter((date) => date.precision === 'day' && !ends.has(dayKey(date)))
  const spans = on.filter(({ precision }) => precision === 'month' || precision === 'quarter')
  return {
    deadlines,
    starts,
    days: new Set(exact.map(dayKey)),
    times: distinct(exact.filter(({ minute }) => minute !== undefined).map(startMoment)),
    months: new Set(spans.map(({ precision, year, month }) => `${precision} ${year}-${month}`)),
    years: new Set(dates.filter(({ precision }) => precision !== 'season').map(({ year }) => year)),
    seasons: new Set(on.filter(({ precision }) => precision === 'season').map(({ year }) => year)),
  }
}

function endMoment(date: DateMention): Moment {
  return { wall: wallMinutes(endOf(date)), zone: date.zone, date }
}

function startMoment(date: DateMention): Moment {
  const { year, month, day, minute = 0 } = date
  return { wall: wallMinutes({ year, month, day, minute }), zone: date.zone, date }
}

/** One of each moment; the mention that names a zone speaks for those that do not. */
function distinct(moments: readonly Moment[]): readonly Moment[] {
  const found = new Map<number, Moment>()
  for (const moment of moments) {
    const known = found.get(moment.wall)
    if (known?.zone === undefined) found.set(moment.wall, moment)
  }
  return [...found.values()]
}

function dayKey({ year, month, day, lastDay }: DateMention): string {
  return `${year}-${month}-${day}${lastDay === day ? '' : `..${lastDay}`}`
}

/** "Before January 1" and "by December 31" are one deadline, so neither day is another date. */
function dayBefore({ year, month, day }: DateMention): string {
  const before = new Date(Date.UTC(year, month - 1, day - 1))
  return `${before.getUTCFullYear()}-${before.getUTCMonth() + 1}-${before.getUTCDate()}`
}

function compareDeadlines(
  a: Reading,
  b: Reading,
  first: DateFacts,
  second: DateFacts,
): readonly Finding[] {
  const [[endA, ...moreA], [endB, ...moreB]] = [first.deadlines, second.deadlines]
  if (endA === undefined && endB === undefined) return []
  if (moreA.length > 0 || moreB.length > 0) return [unknown('deadline', 'more than one is named')]
  if (endA === undefined || endB === undefined) {
    return [unknown('deadline', `only one names it: ${textOf(endA ?? endB)}`)]
  }
  if (!isEqual(new Set(walls(first.starts)), new Set(walls(second.starts)))) {
    if (first.starts.length > 0 && second.starts.length > 0) {
      return [veto('deadline', 'the time it counts from differs')]
    }
    return [unknown('deadline', 'only one names the time it counts from')]
  }
  const gap = gapOf(endA, endB)
  if (gap === 0) return [sameDeadline(a, b, endA, endB)]
  if (gap === undefined) return [zoneUnclear(a, b, endA, endB)]
  return [nested(a, b, gap, endA, endB)]
}

/** Minutes from the first to the second; undefined where the answer depends on an unnamed zone. */
function gapOf(a: Moment, b: Moment): number | undefined {
  if (a.zone !== undefined && b.zone !== undefined) {
    return (instantOf(b, b.zone) - instantOf(a, a.zone)) / 60_000
  }
  const gap = b.wall - a.wall
  // No two zones lie more than a day apart.
  if (gap === 0) return 0
  return Math.abs(gap) > 1_440 ? gap : undefined
}

function instantOf({ wall }: Moment, zone: Zone): number {
  const day = new Date(wall * 60_000)
  return instantIn(zone, {
    year: day.getUTCFullYear(),
    month: day.getUTCMonth() + 1,
    day: day.getUTCDate(),
    minute: day.getUTCHours() * 60 + day.getUTCMinutes(),
  })
}

function sameDeadline(a: Reading, b: Reading, endA: Moment, endB: Moment): Finding {
  const [zoneA, zoneB] = [zoneOrClose(a, endA, endB.zone), zoneOrClose(b, endB, endA.zone)]
  if (zoneA === zoneB && zoneA !== undefined) return same('deadline', textOf(endA))
  return zoneUnclear(a, b, endA, endB)
}

/** The zone the text names, or the other's where the market closes at that very instant. */
function zoneOrClose(reading: Reading, end: Moment, other: Zone | undefined): Zone | undefined {
  if (end.zone !== undefined || other === undefined) return end.zone
  const { closesAt } = reading.listing
  if (closesAt === undefined) return undefined
  // Markets close at the last minute of the day or at its end.
  return Math.abs(closesAt - instantOf(end, other)) <= 60_000 ? other : undefined
}

function zoneUnclear(a: Reading, b: Reading, endA: Moment, endB: Moment): Finding {
  return {
    kind: 'allow',
    allowance: 'zone',
    dimension: 'deadline',
    detail: `${textOf(endA)} against ${textOf(endB)}`,
    scenario: {
      what: 'it happens in the hours around midnight of the last day',
      first: endA.zone === undefined ? `${a.listing.venue} names no zone` : 'by its own clock',
      second: endB.zone === undefined ? `${b.listing.venue} names no zone` : 'by its own clock',
    },
  }
}

/** What has happened by the earlier deadline has happened by the later one, and not the reverse. */
function nested(a: Reading, b: Reading, gap: number, endA: Moment, endB: Moment): Finding {
  const detail = `${textOf(endA)} against ${textOf(endB)}`
  const isLasting = a.kind === 'event' && b.kind === 'event' && !a.negated && !b.negated
  if (!isLasting) return veto('deadline', detail)
  const lesser = gap > 0 ? 'first' : 'second'
  return {
    kind: 'one-way',
    lesser,
    dimension: 'deadline',
    detail,
    scenario: {
      what: 'it happens between the two deadlines',
      first: lesser === 'first' ? 'NO' : 'YES',
      second: lesser === 'first' ? 'YES' : 'NO',
    },
  }
}

function compareDays(a: Reading, first: DateFacts, second: DateFacts): readonly Finding[] {
  const [daysA, daysB] = [[...first.days], [...second.days]]
  if (daysA.length === 0 && daysB.length === 0) return []
  const detail = `${listed(daysA)} against ${listed(daysB)}`
  if (daysA.length > 0 && daysB.length > 0) {
    if (isEqual(first.days, second.days)) return [same('date', listed(daysA))]
    const shared = daysA.some((day) => second.days.has(day))
    return [shared ? unknown('date', detail) : veto('date', detail)]
  }
  // A title needs no day where the year is right; what is measured on a day does.
  const isDayKnown = a.kind === 'title' || a.kind === 'contest' || a.kind === 'election'
  return isDayKnown
    ? []
    : [unknown('date', `only one names a day: ${listed([...daysA, ...daysB])}`)]
}

function compareTimes(a: Reading, first: DateFacts, second: DateFacts): readonly Finding[] {
  const [timesA, timesB] = [first.times, second.times]
  if (timesA.length === 0 && timesB.length === 0) return []
  if (timesA.length === 0 || timesB.length === 0) {
    if (a.kind === 'contest') return []
    return [unknown('time', `only one names it: ${textOf(timesA[0] ?? timesB[0])}`)]
  }
  const detail = `${timesA.map(textOf).join(', ')} against ${timesB.map(textOf).join(', ')}`
  if (timesA.length !== timesB.length) return [unknown('time', detail)]
  const gaps = timesA.map((time) => timesB.map((other) => gapOf(time, other)))
  if (gaps.some((row) => row.every((gap) => gap !== 0 && gap !== undefined))) {
    return [veto('time', detail)]
  }
  const isNamed = [...timesA, ...timesB].every(({ zone }) => zone !== undefined)
  if (isNamed) return [same('time', timesA.map(textOf).join(', '))]
  return a.kind === 'contest' ? [] : [unknown('time', `${detail}: a zone is missing`)]
}

function compareMonths(first: DateFacts, second: DateFacts): readonly Finding[] {
  const [a, b] = [[...first.months], [...second.months]]
  if (a.length === 0 && b.length === 0) return []
  const detail = `${listed(a)} against ${listed(b)}`
  if (a.length > 0 && b.length > 0) {
    if (isEqual(first.months, second.months)) return [same('period', listed(a))]
    return [
      a.some((month) => second.months.has(month))
        ? unknown('period', detail)
        : veto('period', detail),
    ]
  }
  const [named, other] = a.length > 0 ? [a, second] : [b, first]
  const isCovered = named.every((month) =>
    [...other.days].some((day) => month.endsWith(monthKey(day))),
  )
  const isWindow = other.deadlines.length > 0
  return isCovered || isWindow ? [] : [unknown('period', `only one names it: ${listed(named)}`)]
}

function monthKey(day: string): string {
  return day.split('-').slice(0, 2).join('-')
}

function compareYears(first: DateFacts, second: DateFacts): readonly Finding[] {
  const seasons = `${listed([...first.seasons])} against ${listed([...second.seasons])}`
  if (first.seasons.size > 0 && second.seasons.size > 0) {
    return isEqual(first.seasons, second.seasons)
      ? [same('season', listed([...first.seasons]))]
      : [veto('season', seasons)]
  }
  const [a, b] = [yearsOf(first), yearsOf(second)]
  if (a.size === 0 && b.size === 0) return []
  if (a.size === 0 || b.size === 0) return [unknown('year', 'only one names it')]
  const detail = `${listed([...a])} against ${listed([...b])}`
  const shared = [...a].filter((year) => b.has(year))
  return [shared.length > 0 ? same('year', listed(shared)) : veto('year', detail)]
}

/** A season runs over two years, and titles are named after either. */
function yearsOf({ years, seasons }: DateFacts): ReadonlySet<number> {
  return new Set([...years, ...[...seasons].flatMap((year) => [year, year + 1])])
}

function isEqual<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): boolean {
  return a.size === b.size && [...a].every((item) => b.has(item))
}

function walls(moments: readonly Moment[]): readonly number[] {
  return moments.map(({ wall }) => wall)
}

function listed(items: readonly (string | number)[]): string {
  return items.length === 0 ? 'none' : items.join(', ')
}

function textOf(moment: Moment | undefined): string {
  if (moment === undefined) return 'none'
  const { wall, zone, date } = moment
  const text = new Date(wall * 60_000).toISOString().slice(0, 16).replace('T', ' ')
  const role = date.role === 'by' || date.role === 'before' ? 'until ' : ''
  return `${role}${text}${zone === undefined ? '' : ` ${zone}`}`
}
