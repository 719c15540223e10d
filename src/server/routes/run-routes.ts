import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import type { ApiApp } from '../api-app.ts'
import { answer, notFound, missing, refusals, stillStarting, unready } from '../api-app.ts'
import type { ApiParts } from '../api-parts.ts'
import type { Replica } from '../replica.ts'
import { basket, orderState, placedOrder } from '../schema/basket.ts'
import { operation } from '../schema/operation.ts'
import { opportunity, opportunityDetail } from '../schema/opportunity.ts'
import { fill, ledgerEntry, position } from '../schema/portfolio.ts'
import { equityPoint, feed, limit, profitAndLoss, runStatus } from '../schema/run-status.ts'

/** Where the run stands, what it found, what it traded and what it owns. */
export function addRunRoutes(app: ApiApp, { replica }: ApiParts): void {
  addStatusRoutes(app, replica)
  app.openapi(opportunitiesRoute, (context) => {
    const { state, strategy, limit } = context.req.valid('query')
    const found = replica.opportunities.shelf
      .latest()
      .filter((each) => state === undefined || each.state === state)
      .filter((each) => strategy === undefined || each.strategy === strategy)
    return context.json(found.slice(0, limit), 200)
  })
  app.openapi(opportunityRoute, (context) => {
    const found = replica.opportunities.detail(context.req.valid('param').id)
    return found === undefined
      ? context.json(missing('opportunity of that id'), 404)
      : context.json(found, 200)
  })
  app.openapi(basketsRoute, (context) =>
    context.json([...replica.baskets.shelf.latest(context.req.valid('query').limit)], 200),
  )
  app.openapi(basketRoute, (context) => {
    const found = replica.baskets.shelf.get(context.req.valid('param').id)
    return found === undefined
      ? context.json(missing('basket of that id'), 404)
      : context.json(found, 200)
  })
  app.openapi(ordersRoute, (context) => {
    const { basket: of, limit: max, state } = context.req.valid('query')
    const found = replica.baskets
      .orders()
      .filter((each) => state === undefined || each.state === state)
      .filter((each) => of === undefined || each.basket === of)
    return context.json(found.slice(0, max), 200)
  })
  app.openapi(operationsRoute, (context) => {
    const { basket: of, limit: max } = context.req.valid('query')
    const found = replica.operations.shelf
      .latest()
      .filter((each) => of === undefined || each.basket === of)
    return context.json(found.slice(0, max), 200)
  })
  app.openapi(fillsRoute, (context) =>
    context.json([...replica.baskets.fills.latest(context.req.valid('query').limit)], 200),
  )
  app.openapi(positionsRoute, (context) => context.json([...replica.positions], 200))
  app.openapi(ledgerRoute, (context) =>
    context.json(replica.ledger.slice(0, context.req.valid('query').limit), 200),
  )
  app.openapi(equityRoute, (context) => context.json([...replica.equity.points()], 200))
}

function addStatusRoutes(app: ApiApp, replica: Replica): void {
  app.openapi(statusRoute, (context) => {
    const { status } = replica
    return status === undefined ? context.json(stillStarting, 503) : context.json(status, 200)
  })
  app.openapi(feedsRoute, (context) => {
    const { status } = replica
    if (status === undefined) return context.json(stillStarting, 503)
    return context.json([...status.feeds], 200)
  })
  app.openapi(limitsRoute, (context) => {
    const { status } = replica
    if (status === undefined) return context.json(stillStarting, 503)
    return context.json([...status.limits], 200)
  })
  app.openapi(profitRoute, (context) => {
    const { profitAndLoss: known } = replica
    return known === undefined ? context.json(stillStarting, 503) : context.json(known, 200)
  })
}

const atMost = z.coerce.number().int().min(1).max(1_000).default(200).meta({
  description: 'At most so many, the latest first.',
})
const limited = { query: z.object({ limit: atMost }) }
const byId = { params: z.object({ id: z.string().min(1).max(100) }) }

const statusRoute = createRoute({
  method: 'get',
  path: '/api/status',
  summary: 'Where the run stands',
  responses: { 200: answer('The status.', runStatus), ...refusals, ...unready },
})

const feedsRoute = createRoute({
  method: 'get',
  path: '/api/feeds',
  summary: 'The connections to each venue',
  responses: { 200: answer('The feeds.', z.array(feed)), ...refusals, ...unready },
})

const limitsRoute = createRoute({
  method: 'get',
  path: '/api/limits',
  summary: 'The limits of risk, and how much of each is used',
  responses: { 200: answer('The limits.', z.array(limit)), ...refusals, ...unready },
})

const profitRoute = createRoute({
  method: 'get',
  path: '/api/pnl',
  summary: 'Profit and loss of this run, in all and by strategy',
  responses: { 200: answer('Profit and loss.', profitAndLoss), ...refusals, ...unready },
})

const opportunitiesRoute = createRoute({
  method: 'get',
  path: '/api/opportunities',
  summary: 'Mispricings, live and past',
  request: {
    query: z.object({
      limit: atMost,
      state: z.enum(['open', 'over']).optional(),
      strategy: z.string().max(100).optional(),
    }),
  },
  responses: { 200: answer('The latest first.', z.array(opportunity)), ...refusals },
})

const opportunityRoute = createRoute({
  method: 'get',
  path: '/api/opportunities/{id}',
  summary: 'One mispricing, with its certificate',
  request: byId,
  responses: {
    200: answer('The opportunity.', opportunityDetail),
    ...refusals,
    ...notFound,
  },
})

const basketsRoute = createRoute({
  method: 'get',
  path: '/api/baskets',
  summary: 'Baskets with their orders',
  request: limited,
  responses: { 200: answer('The latest first.', z.array(basket)), ...refusals },
})

const basketRoute = createRoute({
  method: 'get',
  path: '/api/baskets/{id}',
  summary: 'One basket, its legs on a time line',
  request: byId,
  responses: { 200: answer('The basket.', basket), ...refusals, ...notFound },
})

const ordersRoute = createRoute({
  method: 'get',
  path: '/api/orders',
  summary: 'Orders of the latest baskets',
  request: {
    query: z.object({
      limit: atMost,
      state: orderState.optional(),
      basket: z.string().max(100).optional(),
    }),
  },
  responses: { 200: answer('The latest first.', z.array(placedOrder)), ...refusals },
})

const operationsRoute = createRoute({
  method: 'get',
  path: '/api/operations',
  summary: 'Splits, merges, conversions and redemptions at the venues',
  request: { query: z.object({ limit: atMost, basket: z.string().max(100).optional() }) },
  responses: { 200: answer('The latest first.', z.array(operation)), ...refusals },
})

const fillsRoute = createRoute({
  method: 'get',
  path: '/api/fills',
  summary: 'Executions of our orders',
  request: limited,
  responses: { 200: answer('The latest first.', z.array(fill)), ...refusals },
})

const positionsRoute = createRoute({
  method: 'get',
  path: '/api/positions',
  summary: 'What we hold',
  responses: { 200: answer('The positions.', z.array(position)), ...refusals },
})

const ledgerRoute = createRoute({
  method: 'get',
  path: '/api/ledger',
  summary: 'Entries of the double-entry ledger',
  request: limited,
  responses: { 200: answer('The latest first.', z.array(ledgerEntry)), ...refusals },
})

const equityRoute = createRoute({
  method: 'get',
  path: '/api/equity',
  summary: 'Profit and loss over the run',
  responses: { 200: answer('The oldest first.', z.array(equityPoint)), ...refusals },
})
