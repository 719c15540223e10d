import { HTTPException } from 'hono/http-exception'
import type { z } from 'zod'
import { OpenAPIHono } from '@hono/zod-openapi'
import type { Scope } from './access.ts'
import type { Refusal } from './schema/control.ts'
import { refusal } from './schema/control.ts'

/** What is known of a request when its route is reached. */
export type ApiEnvironment = { readonly Variables: { readonly scope: Scope | undefined } }

export type ApiApp = OpenAPIHono<ApiEnvironment>

/**
 * An app whose routes refuse what does not fit their schemas, with a sentence.
 *
 * `failed` is told of errors that are bugs; whoever asked is told only that there was one.
 */
export function newApiApp(failed: (error: unknown) => void): ApiApp {
  const app = new OpenAPIHono<ApiEnvironment>({
    defaultHook: (result, context) => {
      if (result.success) return undefined
      const [issue] = result.error.issues
      const where = issue?.path.join('.') ?? ''
      const message = `${where === '' ? 'the request' : where}: ${issue?.message ?? 'does not fit'}`
      return context.json({ error: 'INVALID', message } satisfies Refusal, 400)
    },
  })
  app.onError((error, context) => {
    if (error instanceof HTTPException) {
      // The framework's own: a body that is no JSON, or says that it is something else.
      return context.json({ error: 'INVALID', message: error.message } satisfies Refusal, 400)
    }
    failed(error)
    return context.json({ error: 'FAILED', message: 'a bug of ours; the log has more' }, 500)
  })
  return app
}

type Answer<Schema> = {
  readonly description: string
  readonly content: { readonly 'application/json': { readonly schema: Schema } }
}

export function answer<Schema extends z.ZodType>(
  description: string,
  schema: Schema,
): Answer<Schema> {
  return { description, content: { 'application/json': { schema } } }
}

/** What every route may answer besides what it is for. */
export const refusals: {
  readonly 400: Answer<typeof refusal>
  readonly 401: Answer<typeof refusal>
  readonly 403: Answer<typeof refusal>
  readonly 413: Answer<typeof refusal>
  readonly 500: { readonly description: string }
} = {
  400: answer('The request does not fit.', refusal),
  401: answer('No token, or one we do not know.', refusal),
  403: answer('Not from here, or not with this token.', refusal),
  413: answer('The request is too large.', refusal),
  500: { description: 'A bug of ours.' },
}

export const notFound: { readonly 404: Answer<typeof refusal> } = {
  404: answer('There is no such thing, or none any more.', refusal),
}

export const unready: { readonly 503: Answer<typeof refusal> } = {
  503: answer('The engine has not been heard of yet.', refusal),
}

export const stillStarting: Refusal = {
  error: 'STARTING',
  message: 'the engine has not been heard of yet',
}

export function missing(what: string): Refusal {
  return { error: 'NOT_FOUND', message: `there is no ${what}` }
}
