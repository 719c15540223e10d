import { describe, expect, test } from 'vitest'
import type { EpochMs } from '../core/units.ts'
import type { DateMention } from './dates.ts'
import { endOf, readDates, wallMinutes } from './dates.ts'
import { fold } from './normalise.ts'
import { instantIn } from './zones.ts'

const near = Date.UTC(2026, 11, 31) as EpochMs

function read(text: string): readonly DateMention[] {
  return readDates(fold(text), near).dates
}

const day: DateMention = {
  role: 'on',
  precision: 'day',
  year: 2026,
  month: 12,
  day: 31,
  lastDay: 31,
  minute: undefined,
  zone: undefined,
}

describe('readDates', () => {
  test.each<[string, Partial<DateMention>]>([
    ['on December 31, 2026', {}],
    ['on Dec 31, 2026', {}],
    ['on December 31', {}],
    ['2026-12-31', {}],
    ['by December 31, 2026, 11:59 PM ET', { role: 'by', minute: 1_439, zone: 'America/New_York' }],
    ['12:00 PM ET on December 31, 2026', { minute: 720, zone: 'America/New_York' }],
    ['at 5 PM EST on Dec 31, 2026', { minute: 1_020, zone: 'America/New_York' }],
    [
      'before Jan 1, 2027, 12:00 AM CET',
      {
        role: 'before',
        year: 2027,
        month: 1,
        day: 1,
        lastDay: 1,
        minute: 0,
        zone: 'Europe/Berlin',
      },
    ],
    ['the December 8-9, 2026 meeting', { day: 8, lastDay: 9 }],
    [
      'before March 2027',
      { role: 'before', precision: 'month', year: 2027, month: 3, day: 1, lastDay: 1 },
    ],
    ['at 17:30 UTC on December 31, 2026', { minute: 1_050, zone: 'UTC' }],
    ['in January 2028', { precision: 'month', year: 2028, month: 1, day: 1, lastDay: 1 }],
    ['in January', { precision: 'month', year: 2027, month: 1, day: 1, lastDay: 1 }],
    ['in Q4 2026', { precision: 'quarter', month: 10, day: 1, lastDay: 1 }],
    ['the 2026-27 season', { precision: 'season', month: 1, day: 1, lastDay: 1 }],
    [
      'before 2027',
      { role: 'before', precision: 'year', year: 2027, month: 1, day: 1, lastDay: 1 },
    ],
  ])('reads "%s"', (text, want) => {
    expect(read(text)).toEqual([{ ...day, ...want }])
  })

  test('reads a window as its start and its end', () => {
    const [from, until] = read('between January 1, 2027 and December 31, 2027, 11:59 PM ET')

    expect(from).toEqual({ ...day, role: 'from', year: 2027, month: 1, day: 1, lastDay: 1 })
    expect(until).toEqual({
      ...day,
      role: 'by',
      year: 2027,
      minute: 1_439,
      zone: 'America/New_York',
    })
  })

  test('gives a date without a year the one closest to the close', () => {
    const of = (text: string): number | undefined => read(text)[0]?.year

    expect(of('on January 8')).toBe(2027)
    expect(of('on November 30')).toBe(2026)
    expect(readDates('on january 8', undefined).dates).toEqual([])
  })

  test('takes the dates out of the text and nothing else', () => {
    expect(readDates('above 110000 on december 31, 2026 at noon et', near).rest).toBe(
      'above 110000 on ',
    )
  })
})

describe('endOf', () => {
  test.each([
    ['by December 31, 2026, 11:59 PM ET', 'before January 1, 2027'],
    ['by December 31, 2026', 'before Jan 1, 2027, 12:00 AM ET'],
    ['by the end of 2026', 'before 2027'],
    ['before March 2027', 'by February 28, 2027'],
  ])('"%s" and "%s" end together', (first, second) => {
    const [a, b] = [first, second].map((text) => read(text)[0])

    expect(a === undefined ? undefined : wallMinutes(endOf(a))).toBe(
      b === undefined ? undefined : wallMinutes(endOf(b)),
    )
  })
})

describe('instantIn', () => {
  test.each([
    ['America/New_York', '2026-12-31T17:00:00Z'],
    ['UTC', '2026-12-31T12:00:00Z'],
    ['Europe/Berlin', '2026-12-31T11:00:00Z'],
    ['Asia/Kolkata', '2026-12-31T06:30:00Z'],
  ])('noon in %s is %s', (zone, want) => {
    const instant = instantIn(zone, { year: 2026, month: 12, day: 31, minute: 720 })

    expect(new Date(instant).toISOString()).toBe(want.replace('Z', '.000Z'))
  })

  test('knows summer from winter, and the end of a day from its start', () => {
    const summer = instantIn('America/New_York', { year: 2027, month: 7, day: 1, minute: 0 })
    const eve = instantIn('America/New_York', { year: 2027, month: 6, day: 30, minute: 1_440 })

    expect(new Date(summer).toISOString()).toBe('2027-07-01T04:00:00.000Z')
    expect(eve).toBe(summer)
  })
})
