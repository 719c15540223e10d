import { formatUsd } from '../../core/decimal.ts'
import type { SimMarket, SimSet, Tag } from '../sim-market.ts'
import { endOf, isOver, totalVolume } from './gamma-event.ts'
import { liquidityUsd } from './gamma-market.ts'

type Test<T> = (item: T) => boolean

/**
 * The market filters of a query; a name that Gamma does not know filters nothing.
 *
 * docs/venues/polymarket.md, 2.1.
 */
export function marketTest(query: URLSearchParams): Test<SimMarket> {
  return every([
    flag(query, 'closed', 'false', ({ status }) => status === 'resolved'),
    flag(query, 'active', undefined, ({ status }) => status !== 'inactive'),
    oneOf(query, 'id', ({ listing }) => [listing.id]),
    oneOf(query, 'slug', ({ listing }) => [listing.slug]),
    oneOf(query, 'condition_ids', ({ listing }) => [listing.conditionId]),
    oneOf(query, 'question_ids', ({ listing }) => [listing.questionId]),
    oneOf(query, 'clob_token_ids', ({ listing }) => [listing.tokens.yes, listing.tokens.no]),
    between(query, 'liquidity_num', liquidityUsd, Number),
    between(query, 'volume_num', ({ volume }) => Number(formatUsd(volume)), Number),
    between(query, 'start_date', ({ listing }) => listing.listedAt, Date.parse),
    between(query, 'end_date', ({ listing }) => listing.endsAt, Date.parse),
    ...tagTests<SimMarket>(query, ({ set }) => set),
  ])
}

/** The event filters of a query. */
export function eventTest(query: URLSearchParams): Test<SimSet> {
  const title = query.get('title_search')?.toLowerCase()
  return every([
    flag(query, 'closed', 'false', isOver),
    oneOf(query, 'id', ({ id }) => [id]),
    oneOf(query, 'slug', ({ slug }) => [slug]),
    between(query, 'liquidity', totalLiquidity, Number),
    between(query, 'volume', totalVolume, Number),
    between(query, 'start_date', ({ markets }) => markets[0]?.listing.listedAt ?? 0, Date.parse),
    between(query, 'end_date', endOf, Date.parse),
    ...tagTests<SimSet>(query, (set) => set),
    title === undefined ? undefined : (set) => set.title.toLowerCase().includes(title),
  ])
}

function every<T>(tests: readonly (Test<T> | undefined)[]): Test<T> {
  const asked = tests.filter((test) => test !== undefined)
  return (item) => asked.every((test) => test(item))
}

function totalLiquidity({ markets }: SimSet): number {
  return markets.reduce((total, market) => total + liquidityUsd(market), 0)
}

function flag<T>(
  query: URLSearchParams,
  name: string,
  fallback: string | undefined,
  read: Test<T>,
): Test<T> | undefined {
  const wanted = query.get(name) ?? fallback
  return wanted === undefined ? undefined : (item) => String(read(item)) === wanted
}

/** `name=a&name=b`, `name[]=a`, or `name=a,b`. */
function oneOf<T>(
  query: URLSearchParams,
  name: string,
  read: (item: T) => readonly string[],
): Test<T> | undefined {
  const wanted = new Set(
    [...query.getAll(name), ...query.getAll(`${name}[]`)].flatMap((text) => text.split(',')),
  )
  if (wanted.size === 0) return undefined
  return (item) => read(item).some((value) => wanted.has(value))
}

function between<T>(
  query: URLSearchParams,
  name: string,
  read: (item: T) => number,
  parse: (text: string) => number,
): Test<T> | undefined {
  const least = query.get(`${name}_min`)
  const most = query.get(`${name}_max`)
  if (least === null && most === null) return undefined
  return (item) => {
    const value = read(item)
    return (least === null || value >= parse(least)) && (most === null || value <= parse(most))
  }
}

function tagTests<T>(
  query: URLSearchParams,
  setOf: (item: T) => SimSet,
): readonly (Test<T> | undefined)[] {
  const excluded = oneOf<T>(query, 'exclude_tag_id', (item) => setOf(item).tags.map(idOf))
  return [
    oneOf(query, 'tag_id', (item) => setOf(item).tags.map(idOf)),
    oneOf(query, 'tag_slug', (item) => setOf(item).tags.map(({ slug }) => slug)),
    excluded === undefined ? undefined : (item) => !excluded(item),
  ]
}

function idOf({ id }: Tag): string {
  return id
}
