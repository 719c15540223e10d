import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { parseUsd } from '../../core/decimal.ts'
import type { BasketId } from '../../core/order.ts'
import type { Command } from '../../engine/event.ts'
import type { RiskLimits } from '../../risk/risk-limits.ts'
import type { ApiApp } from '../api-app.ts'
import { answer, missing, notFound, refusals, stillStarting, unready } from '../api-app.ts'
import type { ApiParts } from '../api-parts.ts'
import type { ControlResult, LimitsRequest, Refusal, StrategyRequest } from '../schema/control.ts'
import { controlResult, killRequest, limitsRequest, strategyRequest } from '../schema/control.ts'
import { refusal } from '../schema/control.ts'
import type { LimitName } from '../schema/run-status.ts'

type Answered =
  | { readonly code: 200; readonly body: ControlResult }
  | { readonly code: 409 | 503; readonly body: Refusal }

/** What changes a run. Every one of these is an event of the engine, and in its journal. */
export function addControlRoutes(app: ApiApp, parts: ApiParts): void {
  app.openapi(pauseRoute, async (context) => {
    const { body, code } = await obey(parts, [{ kind: 'pause' }])
    return context.json(body, code)
  })
  app.openapi(resumeRoute, async (context) => {
    const { body, code } = await obey(parts, [{ kind: 'resume' }])
    return context.json(body, code)
  })
  app.openapi(killRoute, async (context) => {
    const { body, code } = await obey(parts, [{ kind: 'kill' }])
    return context.json(body, code)
  })
  app.openapi(limitsRoute, async (context) => {
    const limits = readLimits(context.req.valid('json'))
    if (typeof limits === 'string') return context.json({ error: 'INVALID', message: limits }, 400)
    const { body, code } = await obey(parts, [{ kind: 'set-limits', limits }])
    return context.json(body, code)
  })
  app.openapi(strategyRoute, async (context) => {
    const { name } = context.req.valid('param')
    const known = parts.replica.status?.strategies.some((each) => each.name === name) ?? false
    if (!known) return context.json(missing('strategy of that name'), 404)
    const { body, code } = await obey(parts, commandsOf(name, context.req.valid('json')))
    return context.json(body, code)
  })
  addReleaseRoute(app, parts)
}

function addReleaseRoute(app: ApiApp, parts: ApiParts): void {
  app.openapi(releaseRoute, async (context) => {
    const { id } = context.req.valid('param')
    const found = parts.replica.baskets.shelf.get(id)
    if (found === undefined) return context.json(missing('basket of that id'), 404)
    if (found.state !== 'quarantined') {
      const message = `${id} is ${found.state}, and waits for nobody`
      return context.json({ error: 'NOT_DONE', message }, 409)
    }
    const { body, code } = await obey(parts, [{ kind: 'release-basket', basket: id as BasketId }])
    return context.json(body, code)
  })
}

/** One after another, until one is not done. */
async function obey(
  { control, replica }: ApiParts,
  commands: readonly Command[],
): Promise<Answered> {
  let message = 'nothing was asked'
  for (const command of commands) {
    const outcome = await control(command)
    message = outcome.message
    if (!outcome.done) return { code: 409, body: { error: 'NOT_DONE', message } }
  }
  const { status } = replica
  if (status === undefined) return { code: 503, body: stillStarting }
  return { code: 200, body: { message, status } }
}

/** Parameters first: what is switched on goes by them from its first look. */
function commandsOf(
  strategy: string,
  { enabled, parameters }: StrategyRequest,
): readonly Command[] {
  return [
    ...(parameters === undefined
      ? []
      : [{ kind: 'set-parameters' as const, strategy, parameters }]),
    ...(enabled === undefined
      ? []
      : [
          {
            kind: enabled ? ('enable-strategy' as const) : ('disable-strategy' as const),
            strategy,
          },
        ]),
  ]
}

const counts: readonly LimitName[] = ['openBasketsMax', 'ordersPerSecondMax', 'ordersPerMinuteMax']

/** The limits in the engine's units, or what is wrong with them. */
function readLimits({ limits }: LimitsRequest): Partial<RiskLimits> | string {
  const read: Record<string, number> = {}
  for (const [name, text] of Object.entries(limits)) {
    const isMoney = counts.every((each) => each !== name)
    const value = isMoney ? parseUsd(text) : Number(text)
    if (value === undefined || !Number.isSafeInteger(value) || value < 0) {
      return `${name}: expected ${isMoney ? 'dollars' : 'a whole number'}, not below zero`
    }
    read[name] = value
  }
  return read
}

const done = { 200: answer('It was done.', controlResult) }
const notDone = { 409: answer('It was not done, for a reason.', refusal) }

function jsonBody<Schema extends z.ZodType>(schema: Schema) {
  return { content: { 'application/json': { schema } }, required: true }
}

const pauseRoute = createRoute({
  method: 'post',
  path: '/api/control/pause',
  summary: 'No new baskets; those at work finish',
  responses: { ...done, ...refusals, ...notDone, ...unready },
})

const resumeRoute = createRoute({
  method: 'post',
  path: '/api/control/resume',
  summary: 'Trade again',
  responses: { ...done, ...refusals, ...notDone, ...unready },
})

const releaseRoute = createRoute({
  method: 'post',
  path: '/api/control/baskets/{id}/release',
  summary: 'A person has dealt with what a basket in quarantine left behind',
  request: { params: z.object({ id: z.string().min(1).max(100) }) },
  responses: { ...done, ...refusals, ...notFound, ...notDone, ...unready },
})

const killRoute = createRoute({
  method: 'post',
  path: '/api/control/kill',
  summary: 'End trading until the next start, and call back every order',
  request: { body: jsonBody(killRequest) },
  responses: { ...done, ...refusals, ...notDone, ...unready },
})

const limitsRoute = createRoute({
  method: 'put',
  path: '/api/control/limits',
  summary: 'Move limits of risk',
  request: { body: jsonBody(limitsRequest) },
  responses: { ...done, ...refusals, ...notDone, ...unready },
})

const strategyRoute = createRoute({
  method: 'post',
  path: '/api/control/strategies/{name}',
  summary: 'Switch a strategy on or off, or change its parameters',
  request: {
    params: z.object({ name: z.string().min(1).max(100) }),
    body: jsonBody(strategyRequest),
  },
  responses: { ...done, ...refusals, ...notFound, ...notDone, ...unready },
})
