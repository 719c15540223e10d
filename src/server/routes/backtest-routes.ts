import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import type { ApiApp } from '../api-app.ts'
import { answer, missing, notFound, refusals } from '../api-app.ts'
import type { ApiParts } from '../api-parts.ts'
import { backtestDetail, backtestList } from '../schema/backtest.ts'

/** A report draws itself. It may do nothing else, and is no page of ours to the browser. */
const reportPolicy = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "script-src 'unsafe-inline'",
  'img-src data:',
  'sandbox allow-scripts',
  "frame-ancestors 'self'",
].join('; ')

/** Backtests that were made, with their reports. */
export function addBacktestRoutes(app: ApiApp, { backtests }: ApiParts): void {
  app.openapi(listRoute, async (context) => context.json(await backtests.list(), 200))
  app.openapi(detailRoute, async (context) => {
    const found = await backtests.detail(context.req.valid('param').id)
    return found === undefined
      ? context.json(missing('backtest of that name'), 404)
      : context.json(found, 200)
  })
  app.get('/api/backtests/:id/report', async (context) => {
    const page = await backtests.report(context.req.param('id'))
    if (page === undefined) return context.json(missing('report of that name'), 404)
    context.header('content-security-policy', reportPolicy)
    return context.html(page, 200)
  })
}

const listRoute = createRoute({
  method: 'get',
  path: '/api/backtests',
  summary: 'Backtests that were made',
  responses: { 200: answer('The latest first.', backtestList), ...refusals },
})

const detailRoute = createRoute({
  method: 'get',
  path: '/api/backtests/{id}',
  summary: 'One backtest, with its equity curve',
  request: { params: z.object({ id: z.string().min(1).max(100) }) },
  responses: { 200: answer('The backtest.', backtestDetail), ...refusals, ...notFound },
})
