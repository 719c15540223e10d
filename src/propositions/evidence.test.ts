import fc from 'fast-check'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { MarketId } from '../core/market.ts'
import { weigh } from './evidence.ts'
import { readListing } from './extract.ts'
import { readLabelledPairs } from './fixtures/labelled-pairs.ts'
import { kalshiListing, polymarketListing } from './fixtures/listing-of.ts'
import { measureCrossProduct, measureGate } from './fixtures/measure.ts'
import type { Listing } from './listing.ts'

const set = readLabelledPairs()

describe('the labelled set', () => {
  test('has 326 pairs of every label on both halves, and each reason is given', () => {
    expect(set.pairs).toHaveLength(326)
    for (const split of ['dev', 'test'] as const) {
      const labels = new Set(
        set.pairs.filter((pair) => pair.split === split).map((one) => one.label),
      )
      expect([...labels].toSorted()).toEqual(['complement', 'not-same', 'one-directional', 'same'])
    }
    expect(set.pairs.filter(({ because }) => because.length < 10)).toEqual([])
  })

  test.each(['dev', 'test'] as const)(
    'holds no pair of %s that is wrongly called alike',
    (split) => {
      const figures = measureGate(set.pairs.filter((pair) => pair.split === split))

      expect(figures.wrong).toEqual([])
      expect(figures.precision).toBe(1)
      expect(figures.allowancesNamed).toBe(1)
      expect(figures.recall).toBeGreaterThan(split === 'dev' ? 0.85 : 0.55)
    },
  )

  test('holds no unlisted pair that is called alike', () => {
    expect(measureCrossProduct(set).wrong).toEqual([])
  })
})

const alike = set.pairs.filter(({ polymarket, kalshi, label }) => {
  const { verdict } = weigh(readListing(polymarket), readListing(kalshi))
  return verdict === label && (label === 'same' || label === 'complement')
})

/** Ways to change a listing so that it asks something else. */
const changes: readonly (readonly [string, (listing: Listing) => Listing])[] = [
  [
    'every year is the next',
    (one) => retold(one, (text) => text.replaceAll(/\b20(\d\d)\b/g, later)),
  ],
  ['a condition is added', (one) => ({ ...one, rules: `${one.rules} Only the blue ones count.` })],
  ['an exception is added', (one) => ({ ...one, rules: `${one.rules} Tuesdays do not count.` })],
  ['a word is added', (one) => retold(one, (text) => text.replace(/\bif\b/i, 'if the Antarctic'))],
  ['the rules are gone', (one) => ({ ...one, rules: '' })],
]

function later(_: string, year: string): string {
  return `20${String(Number(year) + 1)}`
}

function retold(listing: Listing, tell: (text: string) => string): Listing {
  const { question, label, rules, setTitle } = listing
  return {
    ...listing,
    question: tell(question),
    label: tell(label),
    rules: tell(rules),
    setTitle: tell(setTitle),
  }
}

describe('weigh', () => {
  test('calls no pair alike once one side has been changed', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...alike),
        fc.constantFrom(...changes),
        fc.boolean(),
        ({ polymarket, kalshi }, [, change], isFirst) => {
          const first = isFirst ? change(polymarket) : polymarket
          const second = isFirst ? kalshi : change(kalshi)
          const { verdict } = weigh(readListing(first), readListing(second))
          expect(['same', 'complement']).not.toContain(verdict)
        },
      ),
      { numRuns: 400 },
    )
  })

  test('says the same of two listings in either order', () => {
    fc.assert(
      fc.property(fc.constantFrom(...set.pairs), ({ polymarket, kalshi }) => {
        const [a, b] = [readListing(polymarket), readListing(kalshi)]
        const [there, back] = [weigh(a, b), weigh(b, a)]
        const other = { first: 'second', second: 'first' } as const
        expect(back.verdict).toBe(there.verdict)
        expect(back.orientation).toBe(there.orientation)
        // At most one, or at least one, of two reads the same from both sides.
        const isSymmetric = there.lesser === undefined || there.orientation === 'complement'
        expect(back.lesser).toBe(isSymmetric ? there.lesser : other[there.lesser])
      }),
      { numRuns: 320 },
    )
  })

  test('takes nobody for the other side of a contest that may end level', () => {
    const first = polymarketListing({
      question: 'Reds vs. Blues',
      outcomes: ['Reds', 'Blues'],
      rules:
        'The football game is on May 2, 2027. If the Reds win, this market will resolve to "Reds". If the Blues win, this market will resolve to "Blues".',
    })
    const second = kalshiListing({
      question: 'Reds vs Blues Winner?',
      label: 'Blues',
      rules:
        'If Blues wins the Reds vs Blues football game on May 2, 2027, then the market resolves to Yes.',
    })

    const evidence = weigh(readListing(first), readListing(second))

    expect(evidence.verdict).toBe('unknown')
    expect(evidence.findings).toContainEqual({
      kind: 'unknown',
      dimension: 'tie',
      detail: 'nothing says that one side must win',
    })
  })
})

/** One claim, and one of nearly the same words that asks something else. */
const turns: readonly (readonly [name: string, claim: string, other: string])[] = [
  ['who does it', 'Israel strikes Iran in 2027', 'Iran strikes Israel in 2027'],
  [
    'before and after',
    'Rihanna releases an album before Drake in 2027',
    'Rihanna releases an album after Drake in 2027',
  ],
  [
    'and, and or',
    'France and Spain sign the treaty in 2027',
    'France or Spain sign the treaty in 2027',
  ],
  [
    'both and either',
    'both chambers pass the bill in 2027',
    'either chamber pass the bill in 2027',
  ],
  ['some and none', 'a hurricane hits Texas in 2027', 'no hurricane hits Texas in 2027'],
  [
    'more and fewer',
    'Labour wins more seats than Reform in 2027',
    'Labour wins fewer seats than Reform in 2027',
  ],
  [
    'upper and lower',
    'the upper bound of the rate is above 3.50% in 2027',
    'the lower bound of the rate is above 3.50% in 2027',
  ],
  [
    'with and without',
    'Ann is elected with a runoff in 2027',
    'Ann is elected without a runoff in 2027',
  ],
  ['every and one', 'all 3 leaders attend in 2027', 'one of 3 leaders attend in 2027'],
  [
    'played and put off',
    'the Boston game of May 2, 2027 is won',
    'the Boston game of May 2, 2027 is postponed',
  ],
]

describe('words that turn a question round', () => {
  function asked(first: string, second: string): string {
    const polymarket = polymarketListing({
      question: `Will it be so that ${first}?`,
      rules: `This market will resolve to "Yes" if ${first}. If it is postponed, this market stays open.`,
    })
    const kalshi = kalshiListing({
      question: `Will it be so that ${second}?`,
      rules: `If ${second}, then the market resolves to Yes. If it is postponed, the market remains open.`,
    })
    return weigh(readListing(polymarket), readListing(kalshi)).verdict
  }

  test.each(turns)('are seen: %s', (_, claim, other) => {
    expect(asked(claim, claim)).toBe('same')
    expect(asked(other, other)).toBe('same')
    expect(['unknown', 'not-same']).toContain(asked(claim, other))
    expect(['unknown', 'not-same']).toContain(asked(other, claim))
  })

  test('are seen where the rules define NO', () => {
    const claim = 'a hurricane hits Texas in 2027'
    const upright = polymarketListing({
      question: `Will ${claim}?`,
      rules: `This market will resolve to "Yes" if ${claim}.`,
    })
    const turned = { ...upright, rules: `This market will resolve to "No" if ${claim}.` }
    const kalshi = readListing(
      kalshiListing({
        question: `Will ${claim}?`,
        rules: `If ${claim}, then the market resolves to Yes.`,
      }),
    )

    expect(weigh(readListing(upright), kalshi).verdict).toBe('same')
    expect(weigh(readListing(turned), kalshi).verdict).toBe('unknown')
  })
})

/** A claim of Polymarket against one of Kalshi, with rules that follow it. */
function weighed(
  [first, rulesFirst = '', sourceFirst = '']: readonly string[],
  [second, rulesSecond = '', sourceSecond = '']: readonly string[],
) {
  const polymarket = polymarketListing({
    question: `Will it be so that ${first ?? ''}?`,
    rules: `This market will resolve to "Yes" if ${first ?? ''}. ${rulesFirst}`,
    source: sourceFirst,
  })
  const kalshi = kalshiListing({
    question: `Will it be so that ${second ?? ''}?`,
    rules: `If ${second ?? ''}, then the market resolves to Yes. ${rulesSecond}`,
    source: sourceSecond,
  })
  return weigh(readListing(polymarket), readListing(kalshi))
}

describe('a difference', () => {
  test('of months is a veto', () => {
    const evidence = weighed(['it snows in May 2027'], ['it snows in June 2027'])

    expect(evidence.verdict).toBe('not-same')
    expect(evidence.findings).toContainEqual({
      kind: 'veto',
      dimension: 'period',
      detail: 'month 2027-5 against month 2027-6',
    })
  })

  test('of who decides is named, for a person to allow', () => {
    const claim = 'a comet is seen by May 2, 2027, 11:59 PM ET'

    const evidence = weighed([claim], [claim, '', 'NASA (https://www.nasa.gov)'])

    expect(evidence.verdict).toBe('same')
    expect(evidence.allowances).toEqual(['source'])
    expect(evidence.scenarios).toEqual([
      {
        what: 'those who decide read the facts differently',
        first: 'nobody named',
        second: 'nasa',
      },
    ])
  })

  test('of deadlines goes one way for what has happened, and neither for what has not', () => {
    const by = (what: string, day: string): readonly string[] => [
      `Ann ${what} by ${day}, 11:59 PM ET`,
    ]

    const done = weighed(by('resigns', 'May 2, 2027'), by('resigns', 'June 2, 2027'))
    const undone = weighed(
      by('does not resign', 'May 2, 2027'),
      by('does not resign', 'June 2, 2027'),
    )

    expect([done.verdict, done.lesser]).toEqual(['one-directional', 'first'])
    expect(undone.verdict).toBe('not-same')
  })

  test('that goes one way here and the other way there makes both sides unsafe', () => {
    const first = 'the score is above 85% by May 2, 2027, 11:59 PM ET'
    const second = 'the score is above 80% by May 2, 2027, 11:59 PM ET'

    const evidence = weighed(
      [first, 'If it ends in a tie, this market resolves 50-50.'],
      [second, 'If it ends in a tie, the market resolves to No.'],
    )

    expect(evidence.findings.filter(({ kind }) => kind === 'one-way')).toHaveLength(2)
    expect(evidence.verdict).toBe('not-same')
  })

  test('of two turns at once is more than can be followed', () => {
    const evidence = weighed(
      ['the price is not at or above $5000 on May 2, 2027'],
      ['the price is below $5000 on May 2, 2027'],
    )

    expect(evidence.verdict).toBe('unknown')
    expect(evidence.findings.map(({ dimension }) => dimension)).toContain('orientation')
  })

  test('in what is left out at the end of a game is seen', () => {
    const claim = 'Reds win on May 2, 2027'
    const leavesOut = (what: string): readonly string[] => [claim, `${what} does not count.`]

    expect(weighed(leavesOut('Overtime'), leavesOut('Overtime')).verdict).toBe('same')
    expect(weighed(leavesOut('Overtime'), leavesOut('A shootout')).verdict).toBe('unknown')
  })
})

const captures = process.env['CAPTURES_DIR']

describe('real listings', () => {
  test.skipIf(captures === undefined)(
    'of two venues that ask different things are never called alike (needs CAPTURES_DIR)',
    () => {
      const kalshi = capturedKalshi(captures ?? '').map(readListing)
      const polymarket = capturedPolymarket(captures ?? '').map(readListing)
      expect(kalshi.length * polymarket.length).toBeGreaterThan(100_000)

      const wrong = polymarket.flatMap((first) =>
        kalshi
          .map((second) => ({ first, second, verdict: weigh(first, second).verdict }))
          .filter(({ verdict }) => verdict !== 'not-same' && verdict !== 'unknown')
          .map(({ second }) => `${first.listing.slug} ${second.listing.slug}`),
      )

      // No market of these captures is on both venues.
      expect(wrong).toEqual([])
    },
    120_000,
  )

  test.skipIf(captures === undefined)(
    'are called the same as themselves, nine in ten (needs CAPTURES_DIR)',
    () => {
      const all = [...capturedKalshi(captures ?? ''), ...capturedPolymarket(captures ?? '')]
      const verdicts = all.map(readListing).map((reading) => weigh(reading, reading).verdict)

      expect(verdicts).not.toContain('not-same')
      const share = verdicts.filter((verdict) => verdict === 'same').length / verdicts.length
      expect(share).toBeGreaterThan(0.9)
    },
  )
})

const Kalshi = z.object({
  ticker: z.string(),
  title: z.string().default(''),
  yes_sub_title: z.string().default(''),
  rules_primary: z.string().min(1),
  rules_secondary: z.string().default(''),
  close_time: z.string(),
})

const Polymarket = z.object({
  slug: z.string(),
  question: z.string(),
  groupItemTitle: z.string().default(''),
  description: z.string(),
  outcomes: z.string(),
  endDate: z.string(),
})

function capturedKalshi(folder: string): readonly Listing[] {
  return captured(path.join(folder, 'kalshi/rest'), Kalshi).map((market) =>
    kalshiListing({
      market: market.ticker as MarketId,
      slug: market.ticker,
      question: market.title,
      label: market.yes_sub_title,
      setTitle: market.title,
      rules: `${market.rules_primary}\n\n${market.rules_secondary}`,
    }),
  )
}

function capturedPolymarket(folder: string): readonly Listing[] {
  const Outcomes = z.tuple([z.string(), z.string()])
  return captured(path.join(folder, 'polymarket/gamma'), Polymarket).map((market) =>
    polymarketListing({
      market: market.slug as MarketId,
      slug: market.slug,
      question: market.question,
      label: market.groupItemTitle,
      setTitle: market.question,
      outcomes: Outcomes.parse(JSON.parse(market.outcomes)),
      rules: market.description,
    }),
  )
}

/** Everything in the JSON files of a folder that has this shape, however deep it lies. */
function captured<T>(folder: string, shape: z.ZodType<T>): readonly T[] {
  const found: T[] = []
  const search = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    const parsed = shape.safeParse(value)
    if (parsed.success) found.push(parsed.data)
    for (const inner of Object.values(value)) search(inner)
  }
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
    search(JSON.parse(readFileSync(path.join(folder, name), 'utf8')))
  }
  return found
}
