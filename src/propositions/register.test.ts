import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { MarketId } from '../core/market.ts'
import type { PropositionId } from '../core/proposition.ts'
import type { EpochMs } from '../core/units.ts'
import { allowances } from './finding.ts'
import type { RegisterEntry } from './register.ts'
import { propositionOf, readRegister, writeEntry, writeWithdrawal } from './register.ts'

const hash = '0123456789abcdef0123456789abcdef'
const at = Date.UTC(2026, 10, 25, 9) as EpochMs

function entryOf(facts: Partial<RegisterEntry> = {}): RegisterEntry {
  return {
    id: 'p-1' as PropositionId,
    title: 'Will it rain?',
    polymarket: {
      market: '0xa' as MarketId,
      slug: 'rain',
      rulesHash: hash,
      sourceHash: hash,
      closesAt: at,
    },
    kalshi: {
      market: 'KXRAIN' as MarketId,
      slug: 'KXRAIN',
      rulesHash: hash,
      sourceHash: hash,
      closesAt: undefined,
    },
    orientation: 'same',
    lesser: undefined,
    verdict: 'same',
    allow: ['void'],
    by: 'Ann',
    at,
    note: undefined,
    withdrawn: undefined,
    line: 0,
    ...facts,
  }
}

function readBack(file: string): readonly RegisterEntry[] {
  const read = readRegister(file)
  if (read.kind === 'refused') throw new Error(JSON.stringify(read.problems))
  return read.entries.map((entry) => ({ ...entry, line: 0 }))
}

describe('the register', () => {
  test('gives back what was written, whatever it was', () => {
    const text = fc.string({ minLength: 1 }).filter((one) => one.trim() === one && one !== '')
    const instant = fc.integer({ min: 0, max: 4e12 }).map((ms) => ms as EpochMs)
    const any = fc.record({
      title: text,
      by: text,
      note: fc.option(text, { nil: undefined }),
      allow: fc.subarray([...allowances]),
      at: instant,
      orientation: fc.constantFrom('same' as const, 'complement' as const),
      withdrawn: fc.option(fc.record({ at: instant, because: text }), { nil: undefined }),
    })
    fc.assert(
      fc.property(any, (facts) => {
        const entry = entryOf(facts)
        expect(readBack(writeEntry('', entry))).toEqual([entry])
      }),
    )
  })

  test('keeps comments and other entries when one is added, changed or withdrawn', () => {
    const first = writeEntry('', entryOf())
    const noted = first.replace('by: Ann', 'by: Ann # who lives there')
    const other = entryOf({
      id: 'p-2' as PropositionId,
      kalshi: { ...entryOf().kalshi, market: 'KXSNOW' as MarketId },
    })

    const both = writeEntry(noted, other)
    const changed = writeEntry(both, { ...other, by: 'Bob' })
    const withdrawn = writeWithdrawal(changed, 'p-2' as PropositionId, {
      at,
      because: 'rules changed',
    })

    expect(withdrawn).toContain('# who lives there')
    expect(withdrawn).toContain('Which markets of two venues are the same question')
    expect(
      readBack(withdrawn).map(({ id, by, withdrawn: gone }) => [id, by, gone?.because]),
    ).toEqual([
      ['p-1', 'Ann', undefined],
      ['p-2', 'Bob', 'rules changed'],
    ])
  })

  test('is empty when there is no file yet', () => {
    expect(readBack('')).toEqual([])
    expect(readBack('propositions:\n')).toEqual([])
  })

  const good = writeEntry('', entryOf())
  test.each<[string, string, string, RegExp]>([
    ['a misspelt key', 'verdict: same', 'verdikt: same', /Unrecognized key.*verdikt|verdict/],
    ['an allowance that is none', '- void', '- everything', /allow/],
    ['a hash cut short', `rules: ${hash}`, 'rules: "0123"', /hash of 32/],
    ['nobody', 'by: Ann', 'by: ""', /by/],
    ['a date without a zone', /at: .*/.exec(good)?.[0] ?? '', 'at: 2026-11-25T09:00:00', /instant/],
    [
      'one way without saying which',
      'verdict: same',
      'verdict: one-directional',
      /never pays more/,
    ],
    ['broken YAML', 'orientation: same', 'orientation: [same', /./],
  ])('is refused whole for %s, with its line', (_, from, to, what) => {
    const read = readRegister(good.replace(from, to))

    expect(read.kind).toBe('refused')
    if (read.kind !== 'refused') return
    expect(read.problems.map((one) => one.what).join('\n')).toMatch(what)
    for (const { line } of read.problems) expect(line).toBeGreaterThan(2)
  })

  test('is refused when a pair or an id stands twice: they could say opposite things', () => {
    const twice = writeEntry(
      good,
      entryOf({ id: 'p-9' as PropositionId, orientation: 'complement' }),
    )

    const read = readRegister(twice)

    const what = read.kind === 'refused' ? read.problems.map((one) => one.what) : []
    expect(what).toEqual([expect.stringMatching(/pair 0xa/)])
  })

  test('makes no proposition of an entry that is withdrawn', () => {
    expect(propositionOf(entryOf({ withdrawn: { at, because: 'x' } }))).toBeUndefined()
  })

  test('makes a proposition that names who confirmed it, when, and what was allowed', () => {
    expect(propositionOf(entryOf({ lesser: 'kalshi', verdict: 'one-directional' }))).toEqual({
      id: 'p-1',
      title: 'Will it rain?',
      first: { venue: 'polymarket', market: '0xa' },
      second: { venue: 'kalshi', market: 'KXRAIN' },
      orientation: 'same',
      holds: 'second-never-more',
      because: 'proposition p-1, "Will it rain?": confirmed by Ann on 2026-11-25, allowing void',
    })
  })
})
