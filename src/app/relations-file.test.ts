import { describe, expect, test } from 'vitest'
import { readRelations } from './relations-file.ts'

const whole = `# What the venues do not say themselves.
relations:
  - implies: { if: polymarket/wins-title, then: polymarket/reaches-final }
    because: nobody wins a final without reaching it
  - same: [polymarket/cut-in-may, kalshi/KXFED-26MAY]
    because: both settle on the statement of the committee
  - one-of: [polymarket/a, polymarket/b, polymarket/c]
    because: the rules name a catch-all
  - at-most-one: [polymarket/a, polymarket/b]
    because: one seat
  - at-least-one: [polymarket/a, polymarket/b]
    because: two candidates
  - count: { of: [polymarket/a, polymarket/b, polymarket/c], at-least: 1, at-most: 2 }
    because: two of three go through
  - count: { of: { polymarket/a: 2, polymarket/b: -1 }, at-most: 1 }
    because: points
  - line: the price of Ether at noon on Friday
    sets: [polymarket/ether-above, polymarket/ether-range]
    strikes: { polymarket/extra: between 2800 and 3000, kalshi/T: at least 3000 }
    bounds: { floor: out, cap: in }
    because: both events name the same minute of the same source
  - set: polymarket/governor
    exhaustive: true
    because: Other is listed and cannot be narrowed
`

describe('a relations file', () => {
  test('is read entry by entry, each with its line and its reason', () => {
    const read = readRelations(whole)

    expect(read.kind).toBe('read')
    const entries = read.kind === 'read' ? read.entries : []
    expect(entries.map(({ kind, line }) => [kind, line])).toEqual([
      ['implies', 3],
      ['same', 5],
      ['one-of', 7],
      ['at-most-one', 9],
      ['at-least-one', 11],
      ['count', 13],
      ['count', 15],
      ['line', 17],
      ['set', 22],
    ])
    expect(entries[7]).toEqual({
      kind: 'line',
      subject: 'the price of Ether at noon on Friday',
      sets: [
        { venue: 'polymarket', name: 'ether-above' },
        { venue: 'polymarket', name: 'ether-range' },
      ],
      strikes: [
        {
          member: { venue: 'polymarket', name: 'extra' },
          strike: { kind: 'between', floor: '2800', cap: '3000' },
        },
        {
          member: { venue: 'kalshi', name: 'T' },
          strike: { kind: 'at-least', floor: '3000', cap: undefined },
        },
      ],
      included: { floor: false, cap: true },
      because: 'both events name the same minute of the same source',
      line: 17,
    })
  })

  test.each([
    {
      name: 'a venue there is not',
      text: 'implies: { if: polymarket/a, then: betfair/b }',
      line: 2,
      says: 'betfair/b',
    },
    { name: 'an entry of no kind', text: 'implied: 3', line: 2, says: 'expected one of' },
    {
      name: 'a key too many',
      text: 'implies: { if: polymarket/a, then: polymarket/b, and: x }',
      line: 2,
      says: '"and"',
    },
    {
      name: 'a strike in other words',
      text: 'line: x\n    strikes: { polymarket/a: over 3 }',
      line: 3,
      says: 'over 3',
    },
    {
      name: 'a count without bounds',
      text: 'count: { of: [polymarket/a] }',
      line: 2,
      says: 'at-least',
    },
    {
      name: 'a set of which nothing is said',
      text: 'set: polymarket/a',
      line: 2,
      says: 'exhaustive',
    },
    {
      name: 'a name that is no name',
      text: 'at-most-one: [a, polymarket/b]',
      line: 2,
      says: '"a"',
    },
  ])('is refused for $name, with the line', ({ text, line, says }) => {
    const file = `relations:\n  - ${text}\n    because: so`

    const read = readRelations(file)

    const problems = read.kind === 'refused' ? read.problems : []
    expect(problems.map(({ what }) => what).join('\n')).toContain(says)
    expect(problems.map((problem) => problem.line)).toEqual([line])
  })

  test('is refused where a reason is missing', () => {
    const read = readRelations('relations:\n  - set: polymarket/a\n    exhaustive: true\n')

    const problems = read.kind === 'refused' ? read.problems : []
    expect(problems.map(({ line }) => line)).toEqual([2])
    expect(problems[0]?.what).toContain('because')
  })

  test('is refused where it is no YAML, with the line', () => {
    const read = readRelations('relations:\n  - implies: { if: polymarket/a\n')

    expect(read.kind === 'refused' && read.problems[0]?.line).toBeGreaterThanOrEqual(2)
  })

  test('may say nothing', () => {
    expect(readRelations('relations: []')).toEqual({ kind: 'read', entries: [] })
  })
})
