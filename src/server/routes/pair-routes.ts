import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import type { ApiApp } from '../api-app.ts'
import { answer, missing, notFound, refusals } from '../api-app.ts'
import type { ApiParts } from '../api-parts.ts'
import { refusal } from '../schema/control.ts'
import {
  confirmPairRequest,
  pairDecision,
  pairDetail,
  pairList,
  rejectPairRequest,
} from '../schema/pair.ts'

/** Which markets of two venues are the same question: candidates, and the word of a person. */
export function addPairRoutes(app: ApiApp, { pairs }: ApiParts): void {
  app.openapi(listRoute, async (context) => context.json(await pairs.list(), 200))
  app.openapi(detailRoute, async (context) => {
    const found = await pairs.detail(context.req.valid('param').id)
    return found === undefined
      ? context.json(missing('pair of that id'), 404)
      : context.json(found, 200)
  })
  app.openapi(confirmRoute, async (context) => {
    const { id } = context.req.valid('param')
    const outcome = await pairs.confirm(id, context.req.valid('json'))
    const pair = await pairs.detail(id)
    if (outcome === undefined || pair === undefined) {
      return context.json(missing('pair of that id'), 404)
    }
    const { done, message } = outcome
    return done
      ? context.json({ message, pair }, 200)
      : context.json({ error: 'NOT_DONE', message }, 409)
  })
  app.openapi(rejectRoute, async (context) => {
    const { id } = context.req.valid('param')
    const outcome = await pairs.reject(id, context.req.valid('json'))
    const pair = await pairs.detail(id)
    if (outcome === undefined || pair === undefined) {
      return context.json(missing('pair of that id'), 404)
    }
    const { done, message } = outcome
    return done
      ? context.json({ message, pair }, 200)
      : context.json({ error: 'NOT_DONE', message }, 409)
  })
}

const params = z.object({ id: z.string().min(1).max(100) })
const decided = {
  200: answer('It was kept.', pairDecision),
  409: answer('It was not done, for a reason.', refusal),
}

const listRoute = createRoute({
  method: 'get',
  path: '/api/pairs',
  summary: 'Markets of two venues that may be the same question',
  responses: { 200: answer('The most alike first.', pairList), ...refusals },
})

const detailRoute = createRoute({
  method: 'get',
  path: '/api/pairs/{id}',
  summary: 'One pair, its rules side by side and what was found',
  request: { params },
  responses: { 200: answer('The pair.', pairDetail), ...refusals, ...notFound },
})

const confirmRoute = createRoute({
  method: 'post',
  path: '/api/pairs/{id}/confirm',
  summary: 'A person has read both rules, and they are the same question',
  request: {
    params,
    body: { content: { 'application/json': { schema: confirmPairRequest } }, required: true },
  },
  responses: { ...decided, ...refusals, ...notFound },
})

const rejectRoute = createRoute({
  method: 'post',
  path: '/api/pairs/{id}/reject',
  summary: 'They are not the same question',
  request: {
    params,
    body: { content: { 'application/json': { schema: rejectPairRequest } }, required: true },
  },
  responses: { ...decided, ...refusals, ...notFound },
})
