import { createRoute } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import type { Access, Scope } from '../access.ts'
import type { ApiApp, ApiEnvironment } from '../api-app.ts'
import { answer, refusals } from '../api-app.ts'
import type { ApiParts } from '../api-parts.ts'
import { loginLink, loginRequest, session } from '../schema/control.ts'
import { refusal } from '../schema/control.ts'

/** A browser is let in by a link that is good once, or by a token that is typed. */
export function addLoginRoutes(app: ApiApp, { access }: ApiParts, cookieName: string): void {
  app.get('/login', (context) => {
    const scope = access.redeemCode(context.req.query('code') ?? '')
    if (scope === undefined) {
      access.noteFailure()
      return context.redirect('/?login=used', 302)
    }
    remember(context, access, scope, cookieName)
    return context.redirect('/', 302)
  })
  app.openapi(loginRoute, (context) => {
    if (access.isBarred) {
      const message = 'too many wrong tokens; wait a minute'
      return context.json({ error: 'TOO_MANY', message }, 429)
    }
    const scope = access.scopeOfToken(context.req.valid('json').token)
    if (scope === undefined) {
      access.noteFailure()
      return context.json({ error: 'UNKNOWN_TOKEN', message: 'that is no token of ours' }, 401)
    }
    remember(context, access, scope, cookieName)
    return context.json({ scope }, 200)
  })
  app.openapi(logoutRoute, (context) => {
    setCookie(context, cookieName, '', { path: '/', httpOnly: true, maxAge: 0 })
    return context.json({ scope: 'none' as const }, 200)
  })
  app.openapi(sessionRoute, (context) => {
    return context.json({ scope: context.get('scope') ?? ('none' as const) }, 200)
  })
  app.openapi(linkRoute, (context) => {
    const host = context.req.header('host') ?? ''
    return context.json({ url: `http://${host}/login?code=${access.issueCode('control')}` }, 200)
  })
}

/** Whoever asks, by token or by cookie. */
export function scopeOf(
  context: Context<ApiEnvironment>,
  access: Access,
  cookieName: string,
): Scope | undefined {
  const header = context.req.header('authorization')
  if (header !== undefined) return access.scopeOfToken(header.replace(/^Bearer /i, ''))
  const cookie = getCookie(context, cookieName)
  return cookie === undefined ? undefined : access.scopeOfCookie(cookie)
}

function remember(context: Context, access: Access, scope: Scope, cookieName: string): void {
  const { value, seconds } = access.makeCookie(scope)
  setCookie(context, cookieName, value, {
    path: '/',
    httpOnly: true,
    sameSite: 'Strict',
    maxAge: seconds,
  })
}

const loginRoute = createRoute({
  method: 'post',
  path: '/api/login',
  summary: 'Give a token, and get a cookie',
  request: { body: { content: { 'application/json': { schema: loginRequest } }, required: true } },
  responses: {
    200: answer('The browser is let in.', session),
    ...refusals,
    429: answer('Too many have failed lately.', refusal),
  },
})

const logoutRoute = createRoute({
  method: 'post',
  path: '/api/logout',
  summary: 'Forget the cookie',
  responses: { 200: answer('It is forgotten.', session), ...refusals },
})

const sessionRoute = createRoute({
  method: 'get',
  path: '/api/session',
  summary: 'What whoever asks may do',
  responses: { 200: answer('The scope.', session), ...refusals },
})

const linkRoute = createRoute({
  method: 'post',
  path: '/api/login-links',
  summary: 'A link that lets one browser in, once',
  responses: { 200: answer('The link.', loginLink), ...refusals },
})
