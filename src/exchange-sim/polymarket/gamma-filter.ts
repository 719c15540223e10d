import type { SimMarket } from '../sim-market.ts'
import type { SimSet } from '../sim-set.ts'
import { endOf, isOver, totalVolume } from './gamma-event.ts'
import { liquidityUsd } from './gamma-market.ts'

/** A test that a listing must pass. docs/venues/polymarket.md, 2.1. */
type Test<T> = (item: T) => boolean

/** The market filters of a query; a name that Gamma does not know filters nothing. */
export function marketTest(query: URLSearchParams): Test<SimMarket> {
  const tests: Test<SimMarket>[] = [
    flag(query, 'closed', 'false', ({ status }) => status === 'resolved'),
    flag(query, 'active', undefined, ({ status }) => status !== 'inactive'),
    oneOf(query, 'id', ({ listing }) => [listing.id]),
    oneOf(query, 'slug', ({ listing }) => [listing.slug]),
    oneOf(query, 'condition_ids', ({ listing }) => [listing.conditionId]),
    oneOf(query, 'question_ids', ({ listing }) => [listing.questionId]),
    oneOf(query, 'clob_token_ids', ({ listing }) => [listing.tokens.yes, listing.tokens.no]),
    between(query, 'liquidity_num', liquidityUsd, Number),
    between(query, 'volume_num', ({ volume }) => volume / 1e6, Number),
    between(query, 'start_date', ({ listing }) => listing.listedAt, Date.parse),
    between(query, 'end_date', ({ listing }) => listing.endsAt, Date.parse),
    tagged(query, ({ set }) => set),
  ]
  return (market) => tests.every((test) => test(market))
}

/** The event filters of a query. */
export function eventTest(query: URLSearchParams): Test<SimSet> {
  const title = query.get('title_search')?.toLowerCase()
  const tests: Test<SimSet>[] = [
    flag(query, 'closed', 'false', isOver),
    oneOf(query, 'id', ({ id }) => [id]),
    oneOf(query, 'slug', ({ slug }) => [slug]),
    between(query, 'liquidity', totalLiquidity, Number),
    between(query, 'volume', totalVolume, Number),
    between(query, 'start_date', ({ markets }) => markets[0]?.listing.listedAt ?? 0, Date.parse),
    between(query, 'end_date', endOf, Date.parse),
    tagged(query, (set) => set),
    (set) => title === undefined || set.title.toLowerCase().includes(title),
  ]
  return (set) => tests.every((test) => test(set))
}

function totalLiquidity({ markets }: SimSet): number {
  return markets.reduce((total, market) => total + liquidityUsd(market), 0)
}

function flag<T>(
  query: URLSearchParams,
  name: string,
  fallback: string | undefined,
  read: Test<T>,
): Test<T> {
  const wanted = query.get(name) ?? fallback
  return (item) => wanted === undefined || String(read(item)) === wanted
}

/** `name=a&name=b`, `name[]=a`, or `name=a,b`. */
function oneOf<T>(
  query: URLSearchParams,
  name: string,
  read: (item: T) => readonly string[],
): Test<T> {
  const wanted = new Set(
    [...query.getAll(name), ...query.getAll(`${name}[]`)].flatMap((text) => text.split(',')),
  )
  return (item) => wanted.size === 0 || read(item).some((value) => wanted.has(value))
}

function between<T>(
  query: URLSearchParams,
  name: string,
  read: (item: T) => number,
  parse: (text: string) => number,
): Test<T> {
  const least = query.get(`${name}_min`)
  const most = query.get(`${name}_max`)
  return (item) =>
    (least === null || read(item) >= parse(least)) && (most === null || read(item) <= parse(most))
}

function tagged<T>(query: URLSearchParams, read: (item: T) => SimSet): Test<T> {
  const byId = oneOf<SimSet>(query, 'tag_id', ({ tags }) => tags.map(({ id }) => id))
  const bySlug = oneOf<SimSet>(query, 'tag_slug', ({ tags }) => tags.map(({ slug }) => slug))
  const excluded = new Set([...query.getAll('exclude_tag_id'), ...query.getAll('exclude_tag_id[]')])
  return (item) => {
    const set = read(item)
    return byId(set) && bySlug(set) && !set.tags.some(({ id }) => excluded.has(id))
  }
}
