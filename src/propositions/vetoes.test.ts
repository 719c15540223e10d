import { describe, expect, test } from 'vitest'
import { weigh } from './evidence.ts'
import { readListing } from './extract.ts'
import { kalshiListing, polymarketListing } from './fixtures/listing-of.ts'
import type { Listing } from './listing.ts'

type Twin = { readonly polymarket: Partial<Listing>; readonly kalshi: Partial<Listing> }

/** Pairs that are the same, so that the one thing changed in them is what the veto sees. */
const bitcoin: Twin = {
  polymarket: {
    question: 'Will Bitcoin be above $110,000 on December 31, 2026 at 12:00 PM ET?',
    rules:
      'This market will resolve to "Yes" if the Coinbase BTC/USD price at 12:00 PM ET on December 31, 2026 is above $110,000. Otherwise, this market will resolve to "No".',
    source: 'https://www.coinbase.com',
  },
  kalshi: {
    question: 'Bitcoin price on Dec 31, 2026 at 12pm EST?',
    label: 'Above $110,000',
    rules:
      'If the Coinbase BTC/USD price at 12 PM EST on Dec 31, 2026 is above $110,000, then the market resolves to Yes.',
    source: 'Coinbase (https://www.coinbase.com)',
    strike: { kind: 'above', floor: '110000', cap: undefined },
  },
}
const game: Twin = {
  polymarket: {
    question: 'Celtics vs. Lakers',
    outcomes: ['Celtics', 'Lakers'],
    setTitle: 'Celtics vs. Lakers',
    rules:
      'The NBA game is scheduled for December 25, 2026. If the Celtics win, this market will resolve to "Celtics". If the Lakers win, this market will resolve to "Lakers".',
  },
  kalshi: {
    question: 'Boston at Los Angeles L Winner?',
    label: 'Boston',
    setTitle: 'Boston at Los Angeles L Winner?',
    rules:
      'If Boston wins the Boston at Los Angeles L professional basketball game scheduled for Dec 25, 2026, then the market resolves to Yes.',
  },
}
const title: Twin = {
  polymarket: {
    question: 'Will Spain win the 2027 World Cup?',
    label: 'Spain',
    rules: 'This market will resolve to "Yes" if Spain win the 2027 World Cup.',
  },
  kalshi: {
    question: 'Will Spain win the 2027 World Cup?',
    label: 'Spain',
    rules: 'If Spain wins the 2027 World Cup, then the market resolves to Yes.',
  },
}
const senate: Twin = {
  polymarket: {
    question: 'Will the Democrats win the 2028 Ohio Senate election?',
    label: 'Democrat',
    rules:
      'This market will resolve to "Yes" if the candidate of the Democratic Party wins the 2028 Ohio Senate election.',
  },
  kalshi: {
    question: 'Will the Democratic party win the 2028 Ohio Senate election?',
    label: 'Democratic',
    rules:
      'If the candidate of the Democratic Party wins the 2028 Ohio Senate election, then the market resolves to Yes.',
  },
}

/** What changes on Kalshi's side: every text of it in which the first stands says the second. */
type Change = readonly [from: string | RegExp, to: string]

function twisted({ polymarket, kalshi }: Twin, changes: readonly Change[], more: Partial<Listing>) {
  const twist = (text: string): string =>
    changes.reduce((so, [from, to]) => so.replaceAll(from, to), text)
  const { question = '', label = '', rules = '', setTitle = '', source = '' } = kalshi
  return weigh(
    readListing(polymarketListing(polymarket)),
    readListing(
      kalshiListing({
        ...kalshi,
        question: twist(question),
        label: twist(label),
        rules: twist(rules),
        setTitle: twist(setTitle),
        source: twist(source),
        ...more,
      }),
    ),
  )
}

describe('a pair that is the same', () => {
  test.each([
    ['a price', bitcoin],
    ['a game', game],
    ['a title', title],
    ['an election', senate],
  ])('is called so: %s', (_, twin) => {
    expect(twisted(twin, [], {}).verdict).toBe('same')
  })
})

type Case = {
  readonly name: string
  readonly twin: Twin
  readonly changes: readonly Change[]
  readonly more?: Partial<Listing>
  readonly veto: string
  /** The state in which YES there and NO here both pay nothing, or one leg stands alone. */
  readonly costs: string
}

const cases: readonly Case[] = [
  {
    name: 'another source',
    twin: bitcoin,
    changes: [
      [/Coinbase/g, 'Binance'],
      ['coinbase', 'binance'],
    ],
    veto: 'source',
    costs: 'Coinbase shows 110 010 and Binance 109 990 at noon',
  },
  {
    name: 'another zone',
    twin: bitcoin,
    changes: [['EST', 'UTC']],
    veto: 'time',
    costs: 'the price crosses 110 000 in the five hours between',
  },
  {
    name: 'another hour',
    twin: bitcoin,
    changes: [
      ['12 PM', '5 PM'],
      ['12pm', '5pm'],
    ],
    veto: 'time',
    costs: 'the price crosses 110 000 in the afternoon',
  },
  {
    name: 'another day',
    twin: bitcoin,
    changes: [['Dec 31', 'Dec 30']],
    veto: 'date',
    costs: 'the price crosses 110 000 overnight',
  },
  {
    name: 'the other side of the number',
    twin: bitcoin,
    changes: [
      ['Above', 'Below'],
      ['above', 'below'],
      ['110,000', '100,000'],
    ],
    more: { strike: { kind: 'below', floor: undefined, cap: '100000' } },
    veto: 'direction of the number',
    costs: '105 000 makes both No',
  },
  {
    name: 'a band for a tail',
    twin: bitcoin,
    changes: [[/[Aa]bove \$110,000/g, 'between $100,000 and $111,000']],
    more: { strike: { kind: 'between', floor: '100000', cap: '111000' } },
    veto: 'band or tail',
    costs: '120 000 is Yes here and No there',
  },
  {
    name: 'a touch for a moment',
    twin: bitcoin,
    changes: [[' at 12 PM EST on Dec 31, 2026', ' at any time on Dec 31, 2026']],
    veto: 'observation',
    costs: 'the price spikes in the morning and falls back by noon',
  },
  {
    name: 'another unit',
    twin: {
      polymarket: {
        question: 'Will the high in London be 28°C or higher on July 3, 2027?',
        rules:
          'This market will resolve to "Yes" if the highest temperature at Heathrow on July 3, 2027 by the Met Office is 28°C or higher.',
      },
      kalshi: {
        question: 'Will the high in London be 28°C or higher on Jul 3, 2027?',
        rules:
          'If the highest temperature at Heathrow on Jul 3, 2027 by the Met Office is 28°C or higher, then the market resolves to Yes.',
      },
    },
    changes: [[/°C/g, '°F']],
    veto: 'unit',
    costs: 'twenty degrees Celsius are above 28 Fahrenheit',
  },
  {
    name: 'another subject',
    twin: title,
    changes: [['Spain', 'Portugal']],
    veto: 'subject',
    costs: 'France win: neither YES pays and the hedge was none',
  },
  {
    name: 'another season',
    twin: title,
    changes: [['2027', '2031']],
    veto: 'year',
    costs: 'Spain win one of the two',
  },
  {
    name: "the women's competition",
    twin: title,
    changes: [['World Cup', "Women's World Cup"]],
    veto: 'women or men',
    costs: 'one team wins and the other does not',
  },
  {
    name: 'a nomination for a win',
    twin: {
      polymarket: {
        question: 'Will Sinners win Best Picture at the 2027 Oscars?',
        rules: 'This market will resolve to "Yes" if Sinners wins Best Picture at the 2027 Oscars.',
      },
      kalshi: {
        question: 'Will Sinners win Best Picture at the 2027 Oscars?',
        rules: 'If Sinners wins Best Picture at the 2027 Oscars, then the market resolves to Yes.',
      },
    },
    changes: [[/wins? Best/g, 'is nominated for Best']],
    veto: 'what must happen',
    costs: 'nominated and beaten',
  },
  {
    name: 'another prize',
    twin: {
      polymarket: {
        question: 'Will Ann Lee win Best Actor at the 2027 Oscars?',
        rules: 'This market will resolve to "Yes" if Ann Lee wins Best Actor at the 2027 Oscars.',
      },
      kalshi: {
        question: 'Will Ann Lee win Best Actor at the 2027 Oscars?',
        rules: 'If Ann Lee wins Best Actor at the 2027 Oscars, then the market resolves to Yes.',
      },
    },
    changes: [['Best Actor', 'Best Supporting Actor']],
    veto: 'prize',
    costs: 'the role was a supporting one',
  },
  {
    name: 'the party for the person',
    twin: senate,
    changes: [
      [/the Democratic party|the candidate of the Democratic Party/gi, 'Ann Lee'],
      ['Democratic', 'Ann Lee'],
    ],
    veto: 'party or person',
    costs: 'the party replaces its candidate and wins',
  },
  {
    name: 'the other party',
    twin: senate,
    changes: [
      ['Democratic party', 'Republican party'],
      ['Democratic', 'Republican'],
    ],
    veto: 'subject',
    costs: 'an independent wins: both NO pay, and both YES nothing',
  },
  {
    name: 'another office',
    twin: senate,
    changes: [['Ohio Senate election', 'Ohio governor election']],
    veto: 'office',
    costs: 'the voters split their tickets',
  },
  {
    name: 'the first half for the game',
    twin: game,
    changes: [['wins the Boston', 'leads after the first half of the Boston']],
    veto: 'segment',
    costs: 'ahead at the half and beaten at the end',
  },
  {
    name: 'a margin for a win',
    twin: game,
    changes: [['If Boston wins the', 'If Boston wins by more than 4.5 points the']],
    more: { label: 'Boston', strike: { kind: 'above', floor: '4.5', cap: undefined } },
    veto: 'number',
    costs: 'Boston win by two',
  },
  {
    name: 'another opponent',
    twin: game,
    changes: [['Los Angeles L', 'Denver']],
    veto: 'contest',
    costs: 'two games, two results',
  },
  {
    name: 'another game of the two',
    twin: game,
    changes: [['Dec 25, 2026', 'Feb 19, 2027']],
    veto: 'date',
    costs: 'each wins at home',
  },
  {
    name: 'overtime left out',
    twin: game,
    changes: [['resolves to Yes.', 'resolves to Yes. Overtime does not count.']],
    veto: 'overtime',
    costs: 'level after four quarters, won in overtime',
  },
  {
    name: 'the conference for the league',
    twin: {
      polymarket: {
        question: 'Will Boston win the 2027 NBA Finals?',
        rules: 'This market will resolve to "Yes" if Boston win the 2027 NBA Finals.',
      },
      kalshi: {
        question: 'Will Boston win the 2027 Pro Basketball Finals?',
        rules: 'If Boston wins the 2027 Pro Basketball Finals, then the market resolves to Yes.',
      },
    },
    changes: [['Pro Basketball Finals', 'Pro Basketball Eastern Conference Finals']],
    veto: 'division of the league',
    costs: 'the conference won and the finals lost',
  },
  {
    name: 'another statistic',
    twin: {
      polymarket: {
        question: 'Will CPI for November 2026 be above 2.9%?',
        rules:
          'This market will resolve to "Yes" if the yearly CPI for November 2026 published by the Bureau of Labor Statistics is above 2.9%.',
      },
      kalshi: {
        question: 'Will CPI for November 2026 be above 2.9%?',
        rules:
          'If the yearly CPI for November 2026 published by the Bureau of Labor Statistics is above 2.9%, then the market resolves to Yes.',
      },
    },
    changes: [['CPI', 'core CPI']],
    veto: 'statistic',
    costs: 'food and energy rise alone',
  },
]

describe('a veto', () => {
  test.each(cases)('$name: $costs', ({ twin, changes, more, veto }) => {
    const evidence = twisted(twin, changes, more ?? {})

    expect(evidence.verdict).toBe('not-same')
    const vetoes = evidence.findings.filter(({ kind }) => kind === 'veto')
    expect(vetoes.map(({ dimension }) => dimension)).toContain(veto)
  })
})
