import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import type { ApiApp } from '../api-app.ts'
import { answer, missing, notFound, refusals } from '../api-app.ts'
import type { ApiParts } from '../api-parts.ts'
import type { ListedMarket } from '../digest.ts'
import { marketDetailOf, marketRowOf, setDetailOf, setRowOf } from '../market-rows.ts'
import type { Replica } from '../replica.ts'
import { marketDetail, marketList, setDetail, setRow } from '../schema/market.ts'

/** What the venues list: search, one market, and sets with the sums of their best prices. */
export function addMarketRoutes(app: ApiApp, { replica }: ApiParts): void {
  const { catalogue } = replica
  app.openapi(marketsRoute, (context) => {
    const { query, offset, limit } = context.req.valid('query')
    const found =
      query === ''
        ? [...catalogue.markets()].toSorted((a, b) => byVolume(a, b, replica))
        : catalogue.search(query)
    const page = found.slice(offset, offset + limit)
    return context.json(
      {
        markets: page.map((listed) => marketRowOf(listed, replica)),
        found: found.length,
        listed: catalogue.size,
      },
      200,
    )
  })
  app.openapi(marketRoute, (context) => {
    const { venue, id } = context.req.valid('param')
    const listed = catalogue.find(venue, id)
    return listed === undefined
      ? context.json(missing('market of that name'), 404)
      : context.json(marketDetailOf(listed, replica), 200)
  })
  app.openapi(setsRoute, (context) =>
    context.json(
      [...catalogue.sets()].map((set) => setRowOf(set, replica)),
      200,
    ),
  )
  app.openapi(setRoute, (context) => {
    const { venue, id } = context.req.valid('param')
    const set = catalogue.set(venue, id)
    return set === undefined
      ? context.json(missing('set of that name'), 404)
      : context.json(setDetailOf(set, replica), 200)
  })
}

/** What can be traded first, the most traded of it first. */
function byVolume(a: ListedMarket, b: ListedMarket, { books }: Replica): number {
  const isOpen = ({ index, market }: ListedMarket): boolean =>
    (books.top(index)?.status ?? market.status) === 'open'
  const [first, second] = [isOpen(a), isOpen(b)]
  if (first !== second) return first ? -1 : 1
  const difference = (b.market.volume24h ?? 0) - (a.market.volume24h ?? 0)
  return difference === 0 ? a.index - b.index : difference
}

const named = {
  params: z.object({ venue: z.string().min(1).max(32), id: z.string().min(1).max(200) }),
}

const marketsRoute = createRoute({
  method: 'get',
  path: '/api/markets',
  summary: 'Search the catalogue',
  request: {
    query: z.object({
      query: z.string().max(200).default('').meta({ description: 'Words; empty finds all.' }),
      offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
  },
  responses: { 200: answer('The best match first, or the most traded.', marketList), ...refusals },
})

const marketRoute = createRoute({
  method: 'get',
  path: '/api/markets/{venue}/{id}',
  summary: 'One market, its rules and the history of its best prices',
  request: named,
  responses: { 200: answer('The market.', marketDetail), ...refusals, ...notFound },
})

const setsRoute = createRoute({
  method: 'get',
  path: '/api/sets',
  summary: 'Outcome sets with the sums of best prices',
  responses: { 200: answer('All sets.', z.array(setRow)), ...refusals },
})

const setRoute = createRoute({
  method: 'get',
  path: '/api/sets/{venue}/{id}',
  summary: 'One outcome set with its members',
  request: named,
  responses: { 200: answer('The set.', setDetail), ...refusals, ...notFound },
})
