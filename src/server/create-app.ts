import { bodyLimit } from 'hono/body-limit'
import type { Context, MiddlewareHandler, Next } from 'hono'
import { expositionContentType } from '../telemetry/write-exposition.ts'
import type { ApiApp, ApiEnvironment } from './api-app.ts'
import { newApiApp } from './api-app.ts'
import type { ApiParts } from './api-parts.ts'
import { dashboardFiles } from './dashboard-files.ts'
import type { Asked, GuardOptions } from './request-guard.ts'
import { isFromOurPage, refuseRequest } from './request-guard.ts'
import { addBacktestRoutes } from './routes/backtest-routes.ts'
import { addControlRoutes } from './routes/control-routes.ts'
import { addHealthRoutes } from './routes/health-routes.ts'
import { addJournalRoutes } from './routes/journal-routes.ts'
import { addLoginRoutes, scopeOf } from './routes/login-routes.ts'
import { addMarketRoutes } from './routes/market-routes.ts'
import { addPairRoutes } from './routes/pair-routes.ts'
import { addRunRoutes } from './routes/run-routes.ts'
import { streamMessage, watchRequest } from './schema/stream.ts'
import type { Refusal } from './schema/control.ts'
import { securityHeaders } from './security-headers.ts'

export type AppOptions = {
  readonly guard: GuardOptions
  readonly parts: ApiParts
  readonly cookieName: string
  /** Where the built dashboard lies. */
  readonly dashboardFolder: string
  readonly version: string
  readonly exposition: () => Promise<string>
  /** Why the engine is not alive, in words. Empty while it is. */
  readonly notAlive: () => readonly string[]
  /** What keeps us from working, in words; empty when ready. */
  readonly notReady: () => readonly string[]
}

/** A request says little; more than this is not for us. */
const bodyBytesMax = 16 * 1024

/** Reached without a token: what lets one in, and what says so. */
const open = ['/api/openapi.json', '/api/session', '/api/login', '/api/logout']

/** Everything that is answered over HTTP. */
export function createApp(options: AppOptions): ApiApp {
  const { exposition, notAlive, notReady, parts, cookieName } = options
  const app = newApiApp(parts.failed)
  app.use(securityHeaders)
  app.use(guard(options.guard))
  app.use(bodyLimit({ maxSize: bodyBytesMax, onError: (context) => tooLarge(context) }))
  app.get('/metrics', async (context) =>
    context.body(await exposition(), 200, { 'content-type': expositionContentType }),
  )
  app.get('/healthz', (context) => {
    const reasons = notAlive()
    const alive = reasons.length === 0
    return context.json(
      alive ? { status: 'ok' } : { status: 'failing', reasons },
      alive ? 200 : 503,
    )
  })
  app.get('/readyz', (context) => {
    const reasons = notReady()
    const ready = reasons.length === 0
    return context.json({ status: ready ? 'ready' : 'not ready', reasons }, ready ? 200 : 503)
  })
  app.use('/api/*', authorise(options))
  addLoginRoutes(app, parts, cookieName)
  addRunRoutes(app, parts)
  addMarketRoutes(app, parts)
  addHealthRoutes(app, parts)
  addJournalRoutes(app, parts)
  addControlRoutes(app, parts)
  addPairRoutes(app, parts)
  addBacktestRoutes(app, parts)
  describe(app, options.version)
  app.all('/api/*', (context) => context.json(refuse('NOT_FOUND', 'there is no such path'), 404))
  app.get('*', dashboardFiles(options.dashboardFolder))
  return app
}

function guard(options: GuardOptions): MiddlewareHandler<ApiEnvironment> {
  return async (context, next) => {
    const reason = refuseRequest(asked(context), options)
    if (reason !== undefined) return context.json(refuse('FORBIDDEN', reason), 403)
    await next()
    return undefined
  }
}

function authorise({ parts, cookieName }: AppOptions): MiddlewareHandler<ApiEnvironment> {
  return async (context, next: Next) => {
    const scope = scopeOf(context, parts.access, cookieName)
    context.set('scope', scope)
    if (!open.includes(context.req.path)) {
      const reads = context.req.method === 'GET' || context.req.method === 'HEAD'
      if (scope === undefined) {
        return context.json(refuse('NO_TOKEN', 'log in, or send a token of the data folder'), 401)
      }
      if (!reads && scope !== 'control') {
        return context.json(refuse('READ_ONLY', 'this needs the control token'), 403)
      }
      const byCookie = context.req.header('authorization') === undefined
      if (!reads && byCookie && !isFromOurPage(asked(context))) {
        return context.json(refuse('FORBIDDEN', 'a cookie acts from our own page only'), 403)
      }
    }
    await next()
    return undefined
  }
}

/** The contract, made from the schemas that the routes themselves go by. */
function describe(app: ApiApp, version: string): void {
  const registry = app.openAPIRegistry
  registry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' })
  // Described here, which makes them anew: one made before the framework was loaded is none of its.
  registry.register('StreamMessage', streamMessage.describe('What the stream sends.'))
  registry.register('WatchRequest', watchRequest.describe('What a watcher may send.'))
  app.doc31('/api/openapi.json', {
    openapi: '3.1.0',
    info: { title: 'Prediction Engine', version, description },
    security: [{ token: [] }],
  })
}

const description = [
  'Money, prices and sizes are exact decimal text. `GET` needs a token that may read, everything',
  'else the control token; both lie in the data folder.',
  '',
  'The live stream is a WebSocket at `/api/stream`. It sends a `StreamMessage` at a time: first a',
  'snapshot, then numbered changes. With `?run=…&after=…` it goes on after that number where it',
  'still can. Send `{"seen":true}` at least every 20 seconds, and a `WatchRequest` for books.',
].join('\n')

function tooLarge(context: Context): Response {
  return context.json(refuse('TOO_LARGE', `a request has at most ${bodyBytesMax} bytes`), 413)
}

function asked(context: Context): Asked {
  return {
    method: context.req.method,
    path: context.req.path,
    header: (name) => context.req.header(name),
  }
}

function refuse(error: string, message: string): Refusal {
  return { error, message }
}
