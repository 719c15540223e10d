import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import type { ApiApp } from '../api-app.ts'
import { answer, refusals } from '../api-app.ts'
import type { ApiParts } from '../api-parts.ts'
import { journalPage, recordTypes } from '../schema/journal.ts'

/** What was written down of this run. */
export function addJournalRoutes(app: ApiApp, { journal }: ApiParts): void {
  app.openapi(journalRoute, async (context) => {
    const { from, limit, text, type } = context.req.valid('query')
    const types = type === undefined ? [] : [type]
    return context.json(await journal.find({ from, types, text, limit }), 200)
  })
}

const journalRoute = createRoute({
  method: 'get',
  path: '/api/journal',
  summary: 'Records of the journal of this run: what came in, and what was done',
  request: {
    query: z.object({
      from: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional().meta({
        description: 'The number of the first record; left out, the latest are given.',
      }),
      type: z.enum(recordTypes).optional(),
      text: z.string().max(200).default('').meta({
        description: 'What a record must hold, letter by letter: the id of a basket or an order.',
      }),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
  },
  responses: { 200: answer('In the order in which they were written.', journalPage), ...refusals },
})
