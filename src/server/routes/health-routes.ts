import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import type { ApiApp } from '../api-app.ts'
import { answer, refusals } from '../api-app.ts'
import type { ApiParts } from '../api-parts.ts'
import { health, logLine } from '../schema/health.ts'

/** How the engine does: metrics, logs and the configuration it runs with. */
export function addHealthRoutes(app: ApiApp, parts: ApiParts): void {
  app.openapi(healthRoute, async (context) => context.json(await parts.health(), 200))
  app.openapi(logsRoute, (context) => context.json([...parts.logs.latest()], 200))
  app.openapi(configRoute, (context) => context.json({ config: parts.config }, 200))
}

const configAnswer = z
  .object({ config: z.unknown() })
  .meta({ id: 'ConfigInForce', description: 'Without its secrets.' })

const healthRoute = createRoute({
  method: 'get',
  path: '/api/health',
  summary: 'Latencies, rates and counts',
  responses: { 200: answer('All metrics.', health), ...refusals },
})

const logsRoute = createRoute({
  method: 'get',
  path: '/api/logs',
  summary: 'The last lines of the log',
  responses: { 200: answer('The latest first.', z.array(logLine)), ...refusals },
})

const configRoute = createRoute({
  method: 'get',
  path: '/api/config',
  summary: 'The configuration in force',
  responses: { 200: answer('The configuration.', configAnswer), ...refusals },
})
