import type { EpochMs } from '../core/units.ts'

/** The zones that rules name, by their folded names. Unknown names make no instant. */
const zoneNames: Readonly<Record<string, string>> = {
  et: 'America/New_York',
  // Rules write EST in July; what is meant is the clock on the wall in New York.
  est: 'America/New_York',
  edt: 'America/New_York',
  ct: 'America/Chicago',
  cst: 'America/Chicago',
  cdt: 'America/Chicago',
  mt: 'America/Denver',
  pt: 'America/Los_Angeles',
  pst: 'America/Los_Angeles',
  pdt: 'America/Los_Angeles',
  utc: 'UTC',
  gmt: 'UTC',
  bst: 'Europe/London',
  cet: 'Europe/Berlin',
  cest: 'Europe/Berlin',
  ist: 'Asia/Kolkata',
  jst: 'Asia/Tokyo',
}

export const zonePattern: string = `(?:${Object.keys(zoneNames).join('|')})`

export type Zone = string

export function zoneOf(name: string | undefined): Zone | undefined {
  return name === undefined ? undefined : zoneNames[name]
}

/** A day and a time on somebody's wall. */
export type LocalTime = {
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  readonly day: number
  /** Minutes since midnight; 1440 is the end of the day. */
  readonly minute: number
}

const minuteMs = 60_000

/** The instant at which the clock on the wall of a zone shows this. */
export function instantIn(zone: Zone, local: LocalTime): EpochMs {
  const wall = Date.UTC(local.year, local.month - 1, local.day) + local.minute * minuteMs
  // The offset at the guess, then at the better guess: right but for the hour that a spring skips.
  const first = wall - offsetAt(zone, wall)
  return (wall - offsetAt(zone, first)) as EpochMs
}

function offsetAt(zone: Zone, instant: number): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(instant)
  const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value)
  const wall = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'))
  return wall - instant
}
