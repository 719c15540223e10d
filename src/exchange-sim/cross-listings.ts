import type { EpochMs, Ppm, Ticks } from '../core/units.ts'
import type { FeeTerms } from './fee-terms.ts'
import type { MarketPlan, SetPlan } from './set-plan.ts'
import { outrightPlan, singlePlan, strikesPlan } from './set-plans.ts'
import type { CrossListing, KalshiTerms } from './sim-market.ts'

const dayMs = 86_400_000
/** 7 % of price × (1 − price), before the multiplier. docs/venues/kalshi.md, 7.1. */
const kalshiTakerPpm = 70_000

/**
 * Questions that are asked on both venues, each in the venue's own words and with its own fees.
 *
 * In the first four the two sides settle alike. In the others the words are nearly the same, and
 * one thing is not: the source, the zone, whether the threshold itself counts, the date.
 */
export function crossListings(startedAt: EpochMs): readonly SetPlan[] {
  return [
    ...tunnel(startedAt),
    ...cup(startedAt),
    ...bitcoin(startedAt),
    ...mayor(startedAt),
    ...etherBySource(startedAt),
    ...heatByZone(startedAt),
    ...joblessByBound(startedAt),
    ...launchByDate(startedAt),
  ]
}

function tunnel(from: EpochMs): readonly SetPlan[] {
  const day = dayAfter(from, 120)
  const listed: CrossListing = { pair: 'harbour-tunnel', relation: 'same' }
  const question = `Will the Alderport harbour tunnel open by ${day.text}?`
  const authority = { name: 'Alderport Port Authority', url: 'https://port.alderport.example' }
  return [
    {
      ...singlePlan('harbour-tunnel-opens', question, { category: 'politics', days: 120 }),
      crossListing: listed,
      source: authority.url,
      rules:
        `This market will resolve to "Yes" if the Alderport harbour tunnel opens to public ` +
        `traffic by ${day.text}, 11:59 PM ET. Otherwise it will resolve to "No". ` +
        `The resolution source is the Alderport Port Authority.`,
    },
    kalshiPlan({
      series: ['KXTUNNEL', 'Harbour tunnel opening', 'Politics'],
      event: `KXTUNNEL-${day.code}`,
      title: 'Harbour tunnel opening',
      listed,
      days: 120,
      sources: [authority],
      multiplier: 1,
      markets: [
        {
          ...yesPlan(`Will the Alderport harbour tunnel open on or before ${day.text}?`, 'OPEN'),
          rules:
            `If the Alderport harbour tunnel opens to public traffic on or before ${day.text} ` +
            `at 11:59 PM ET, then the market resolves to Yes.`,
        },
      ],
    }),
  ]
}

function cup(from: EpochMs): readonly SetPlan[] {
  const day = dayAfter(from, 45)
  const listed: CrossListing = { pair: 'alder-cup', relation: 'same' }
  const league = { name: 'Alder Football League', url: 'https://league.alder.example' }
  return [
    {
      ...singlePlan('rovers-win-alder-cup', 'Will the Rovers win the Alder Cup?', {
        category: 'sports',
        days: 45,
      }),
      crossListing: listed,
      source: league.url,
      rules:
        `This market will resolve to "Yes" if the Rovers win the Alder Cup final on ${day.text}, ` +
        `extra time and penalties included. If the final is cancelled or not played by ` +
        `${day.text}, 11:59 PM ET, it will resolve to "No". ` +
        `The resolution source is the Alder Football League.`,
    },
    kalshiPlan({
      series: ['KXALDERCUP', 'Alder Cup winner', 'Sports'],
      event: `KXALDERCUP-${day.code}`,
      title: 'Alder Cup',
      listed,
      days: 45,
      sources: [league],
      multiplier: 0.5,
      markets: [
        {
          ...yesPlan('Will Rovers win the Alder Cup?', 'ROV'),
          rules:
            `If Rovers win the Alder Cup final on ${day.text}, including extra time and ` +
            `penalties, then the market resolves to Yes. If the final is cancelled or not ` +
            `played by ${day.text} at 11:59 PM ET, the market resolves to No.`,
        },
      ],
    }),
  ]
}

function bitcoin(from: EpochMs): readonly SetPlan[] {
  const day = dayAfter(from, 2)
  const listed: CrossListing = { pair: 'bitcoin-at-five', relation: 'same' }
  const strikes = [61_000, 63_000, 65_000]
  const index = { name: 'CF Benchmarks', url: 'https://www.cfbenchmarks.com/data/indices/BRTI' }
  const when = `at 5 PM ET on ${day.text}`
  const scale = { prefix: '$', suffix: '', line: 'bitcoin-at-five' }
  return [
    {
      ...strikesPlan('bitcoin-at-five', 'the price of Bitcoin', strikes, {
        category: 'crypto',
        scale,
        days: 2,
      }),
      crossListing: listed,
      title: `Bitcoin above ___ ${when}?`,
      source: index.url,
      rules:
        `Each market of this set will resolve to "Yes" if the price of Bitcoin is above the ` +
        `number in its title ${when}, and to "No" if it is equal or below. The resolution ` +
        `source is the CF Benchmarks Bitcoin Real-Time Index (BRTI).`,
    },
    {
      ...kalshiPlan({
        series: ['KXBTCD', 'Bitcoin price', 'Crypto'],
        event: `KXBTCD-${day.code}17`,
        title: `Bitcoin price ${when}`,
        listed,
        days: 2,
        sources: [index],
        multiplier: 1,
        strikeType: 'greater',
        markets: strikes.map((strike) => ({
          label: thousands(strike),
          question: `Will the price of Bitcoin be above $${thousands(strike)} ${when}?`,
          role: 'named',
          strike,
          suffix: `T${strike}`,
          rules:
            `If the CF Benchmarks Bitcoin Real-Time Index (BRTI) is above ` +
            `${thousands(strike)} ${when}, then the market resolves to Yes.`,
        })),
      }),
      structure: { kind: 'strikes', line: scale.line },
    },
  ]
}

function mayor(from: EpochMs): readonly SetPlan[] {
  const day = dayAfter(from, 60)
  const listed: CrossListing = { pair: 'mayor', relation: 'same' }
  const names = ['Hazel Dunn', 'Ivo Larch', 'Mara Quill']
  const board = { name: 'Alderport Election Board', url: 'https://vote.alderport.example' }
  return [
    {
      ...outrightPlan('alderport-mayor', 'Who will be elected mayor of Alderport?', names, {
        category: 'politics',
        list: 'fixed',
        days: 60,
      }),
      crossListing: listed,
      source: board.url,
      rules:
        `This market will resolve according to who is elected mayor of Alderport in the ` +
        `election of ${day.text}. If the winner is not named here, "Other" resolves to "Yes". ` +
        `The resolution source is the Alderport Election Board.`,
    },
    {
      ...kalshiPlan({
        series: ['KXALDERMAYOR', 'Alderport mayor', 'Elections'],
        event: `KXALDERMAYOR-${day.code}`,
        title: 'Who will be elected mayor of Alderport?',
        listed,
        days: 60,
        sources: [board],
        multiplier: 1,
        markets: names.map((label) => ({
          label,
          question: `Will ${label} be elected mayor of Alderport?`,
          role: 'named',
          suffix: label.replaceAll(/[^A-Z]/g, ''),
          rules:
            `If ${label} is elected mayor of Alderport in the election of ${day.text}, then the ` +
            `market resolves to Yes.`,
        })),
      }),
      structure: { kind: 'outright', list: 'open' },
    },
  ]
}

function etherBySource(from: EpochMs): readonly SetPlan[] {
  const day = dayAfter(from, 2)
  const difference = 'one reads an exchange, the other an index of several'
  const listed: CrossListing = { pair: 'ether-source', relation: 'different', difference }
  const when = `at 5 PM ET on ${day.text}`
  const question = `Will the price of Ether be above $3,100 ${when}?`
  const index = {
    name: 'CF Benchmarks',
    url: 'https://www.cfbenchmarks.com/data/indices/ETHUSD_RTI',
  }
  return [
    {
      ...singlePlan('ether-above-3100-at-five', question, { category: 'crypto', days: 2 }),
      crossListing: listed,
      source: 'https://www.binance.com/en/trade/ETH_USDT',
      rules:
        `This market will resolve to "Yes" if the Binance 1-minute candle for ETH/USDT ${when} ` +
        `has a close above 3,100. Otherwise it will resolve to "No". ` +
        `The resolution source is Binance.`,
    },
    kalshiPlan({
      series: ['KXETHD', 'Ether price', 'Crypto'],
      event: `KXETHD-${day.code}17`,
      title: `Ether price ${when}`,
      listed,
      days: 2,
      sources: [index],
      multiplier: 1,
      strikeType: 'greater',
      markets: [
        {
          ...yesPlan(question, 'T3100', 3100),
          rules:
            `If the CF Benchmarks Ether Real-Time Index is above 3,100 ${when}, then the market ` +
            `resolves to Yes.`,
        },
      ],
    }),
  ]
}

function heatByZone(from: EpochMs): readonly SetPlan[] {
  const day = dayAfter(from, 3)
  const difference = 'the day is counted in Eastern Time on one side and in UTC on the other'
  const listed: CrossListing = { pair: 'heat-zone', relation: 'different', difference }
  const office = { name: 'Alderport Weather Office', url: 'https://weather.alderport.example' }
  const question = `Will the high in Alderport be at least 31°C on ${day.text}?`
  return [
    {
      ...singlePlan('alderport-high-31', question, { category: 'weather', days: 3 }),
      crossListing: listed,
      source: office.url,
      rules:
        `This market will resolve to "Yes" if the highest temperature in Alderport between ` +
        `12:00 AM ET and 11:59 PM ET on ${day.text} is 31°C or higher. ` +
        `The resolution source is the Alderport Weather Office.`,
    },
    kalshiPlan({
      series: ['KXHIGHALD', 'Highest temperature in Alderport', 'Climate and Weather'],
      event: `KXHIGHALD-${day.code}`,
      title: `Highest temperature in Alderport on ${day.text}`,
      listed,
      days: 3,
      sources: [office],
      multiplier: 1,
      strikeType: 'greater_or_equal',
      markets: [
        {
          ...yesPlan(question, 'T31', 31),
          rules:
            `If the highest temperature in Alderport between 00:00 UTC and 23:59 UTC on ` +
            `${day.text} is 31°C or higher, then the market resolves to Yes.`,
        },
      ],
    }),
  ]
}

function joblessByBound(from: EpochMs): readonly SetPlan[] {
  const day = dayAfter(from, 20)
  const difference = '4.5% itself is YES on one side and NO on the other'
  const listed: CrossListing = { pair: 'jobless-bound', relation: 'different', difference }
  const bureau = { name: 'Bureau of Labor Statistics', url: 'https://www.bls.gov' }
  return [
    {
      ...singlePlan('unemployment-4-5-or-more', 'Will the unemployment rate be 4.5% or more?', {
        category: 'economics',
        days: 20,
      }),
      crossListing: listed,
      source: bureau.url,
      rules:
        `This market will resolve to "Yes" if the unemployment rate published by the Bureau of ` +
        `Labor Statistics on ${day.text} is 4.5% or more. Otherwise it will resolve to "No".`,
    },
    kalshiPlan({
      series: ['KXU3', 'Unemployment rate', 'Economics'],
      event: `KXU3-${day.code}`,
      title: 'Unemployment rate',
      listed,
      days: 20,
      sources: [bureau],
      multiplier: 1,
      strikeType: 'greater',
      markets: [
        {
          ...yesPlan('Will the unemployment rate be above 4.5%?', 'T4.5', 4.5),
          rules:
            `If the unemployment rate published by the Bureau of Labor Statistics on ` +
            `${day.text} is above 4.5%, then the market resolves to Yes.`,
        },
      ],
    }),
  ]
}

function launchByDate(from: EpochMs): readonly SetPlan[] {
  const [first, second] = [dayAfter(from, 30), dayAfter(from, 61)]
  const difference = 'one side gives a month more'
  const listed: CrossListing = { pair: 'northbound-date', relation: 'different', difference }
  const agency = { name: 'Northbound', url: 'https://northbound.example' }
  const rules = (date: string): string =>
    `If Northbound launches its first rocket by ${date}, 11:59 PM ET, ` +
    `then the market resolves to Yes.`
  return [
    {
      ...singlePlan('northbound-launch', `Will Northbound launch a rocket by ${first.text}?`, {
        category: 'finance',
        days: 30,
      }),
      crossListing: listed,
      source: agency.url,
      rules: rules(first.text),
    },
    kalshiPlan({
      series: ['KXNORTHBOUND', 'Northbound launch', 'Science and Technology'],
      event: `KXNORTHBOUND-${second.code}`,
      title: 'Northbound launch',
      listed,
      days: 61,
      sources: [agency],
      multiplier: 1,
      markets: [
        {
          ...yesPlan(`Will Northbound launch a rocket by ${second.text}?`, 'LAUNCH'),
          rules: rules(second.text),
        },
      ],
    }),
  ]
}

type KalshiDraft = {
  readonly series: readonly [ticker: string, title: string, category: string]
  readonly event: string
  readonly title: string
  readonly listed: CrossListing
  readonly days: number
  readonly sources: KalshiTerms['sources']
  readonly multiplier: number
  readonly strikeType?: KalshiTerms['strikeType']
  readonly markets: readonly MarketPlan[]
}

function kalshiPlan(draft: KalshiDraft): SetPlan {
  const { event, title, listed, days, sources, multiplier, markets } = draft
  const [series, seriesTitle, category] = draft.series
  const feeType = 'quadratic'
  const rate = Math.round(kalshiTakerPpm * multiplier) as Ppm
  const fee: FeeTerms = { kind: 'curve', feeType, rate, rebateRate: 0 as Ppm }
  return {
    key: event,
    title,
    category: 'tech',
    fee,
    structure: { kind: 'single' },
    bookKind: 'mirrored',
    outcomes: ['Yes', 'No'],
    tick: 100 as Ticks,
    tags: [],
    rules: `The sources are: ${sources.map(({ name }) => name).join(', ')}.`,
    source: sources[0]?.url ?? '',
    endsInMs: days * dayMs,
    resolvesAfterMs: undefined,
    markets,
    crossListing: listed,
    kalshi: {
      series,
      seriesTitle,
      category,
      feeType,
      feeMultiplier: multiplier,
      strikeType: draft.strikeType ?? 'structured',
      sources,
    },
  }
}

function yesPlan(question: string, suffix: string, strike?: number): MarketPlan {
  const plan = { label: '', question, role: 'named', suffix } as const
  return strike === undefined ? plan : { ...plan, strike }
}

function thousands(value: number): string {
  return value.toLocaleString('en-US')
}

/** A day some time from now, in words and as Kalshi writes it in tickers. */
function dayAfter(from: EpochMs, days: number): { readonly text: string; readonly code: string } {
  const date = new Date(from + days * dayMs)
  const part = (options: Intl.DateTimeFormatOptions): string =>
    date.toLocaleDateString('en-US', { timeZone: 'America/New_York', ...options })
  const text = part({ year: 'numeric', month: 'long', day: 'numeric' })
  const month = part({ month: 'short' }).toUpperCase()
  return { text, code: part({ year: '2-digit' }) + month + part({ day: '2-digit' }) }
}
