import { mkdtempSync, mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { tokens } from '../../test/server/api-scene.ts'
import { acting, reading, serve } from '../../test/server/test-server.ts'

const control = { authorization: `Bearer ${tokens.control}` }

/** The cookie a browser gets from its link. */
async function cookieFrom(url: string, code: string): Promise<string> {
  const response = await fetch(`${url}/login?code=${code}`, { redirect: 'manual' })
  return (response.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
}

describe('reading', () => {
  test.each([
    { name: 'without a token', headers: {}, want: 401 },
    { name: 'with a guess', headers: { authorization: 'Bearer guess' }, want: 401 },
    { name: 'with the read token', headers: reading.headers, want: 200 },
    { name: 'with the control token', headers: control, want: 200 },
  ])('$name gets $want', async ({ headers, want }) => {
    const { url } = await serve()

    expect((await fetch(`${url}/api/status`, { headers: headers ?? {} })).status).toBe(want)
  })
})

describe('acting', () => {
  test.each([
    { name: 'without a token', headers: {}, want: 401 },
    { name: 'with the read token', headers: reading.headers, want: 403 },
    {
      name: 'from another site',
      headers: { ...control, origin: 'http://evil.example' },
      want: 403,
    },
    { name: 'with the control token', headers: control, want: 200 },
  ])('$name gets $want', async ({ headers, want }) => {
    const { url, commands } = await serve()

    const { status } = await fetch(`${url}/api/control/pause`, {
      method: 'POST',
      headers: headers ?? {},
    })

    expect(status).toBe(want)
    expect(commands).toEqual(want === 200 ? [{ kind: 'pause' }] : [])
  })

  test('a cookie acts from our own page, and from nowhere else', async () => {
    const { url, parts, commands } = await serve()
    const cookie = await cookieFrom(url, parts.access.issueCode('control'))
    const pause = (headers: Record<string, string>): Promise<Response> =>
      fetch(`${url}/api/control/pause`, { method: 'POST', headers: { cookie, ...headers } })

    expect((await pause({})).status).toBe(403)
    expect((await pause({ origin: 'http://127.0.0.1:1' })).status).toBe(403)
    expect((await pause({ origin: url })).status).toBe(200)
    expect(commands).toHaveLength(1)
  })

  test('a kill wants the word, and nothing like it', async () => {
    const { url, commands } = await serve()
    const kill = (body: string): Promise<Response> =>
      fetch(`${url}/api/control/kill`, { ...acting, body })

    expect((await kill('{}')).status).toBe(400)
    expect((await kill('{"confirm":"kill"}')).status).toBe(400)
    expect((await kill('{"confirm":"KILL","more":1}')).status).toBe(400)
    expect(commands).toEqual([])
    expect((await kill('{"confirm":"KILL"}')).status).toBe(200)
    expect(commands).toEqual([{ kind: 'kill' }])
  })

  test('limits are moved in exact units, or not at all', async () => {
    const { url, commands } = await serve()
    const put = (limits: object): Promise<Response> =>
      fetch(`${url}/api/control/limits`, {
        ...acting,
        method: 'PUT',
        body: JSON.stringify({ limits }),
      })

    expect((await put({ totalExposureMax: '-1' })).status).toBe(400)
    expect((await put({ openBasketsMax: '1.5' })).status).toBe(400)
    expect((await put({ totalExposureMax: '500.25', openBasketsMax: '3' })).status).toBe(200)
    expect(commands).toEqual([
      { kind: 'set-limits', limits: { totalExposureMax: 500_250_000, openBasketsMax: 3 } },
    ])
  })

  test('a strategy there is not is not switched', async () => {
    const { url, commands } = await serve()
    const post = (name: string): Promise<Response> =>
      fetch(`${url}/api/control/strategies/${name}`, { ...acting, body: '{"enabled":false}' })

    expect((await post('none')).status).toBe(404)
    expect((await post('cross-outcome')).status).toBe(200)
    expect(commands).toEqual([{ kind: 'disable-strategy', strategy: 'cross-outcome' }])
  })
})

describe('a browser', () => {
  test('is let in once by a link, with a cookie that scripts cannot read', async () => {
    const { url, parts } = await serve()
    const code = parts.access.issueCode('control')

    const first = await fetch(`${url}/login?code=${code}`, { redirect: 'manual' })
    const second = await fetch(`${url}/login?code=${code}`, { redirect: 'manual' })

    expect(first.headers.get('location')).toBe('/')
    expect(first.headers.get('set-cookie')).toMatch(/HttpOnly/)
    expect(first.headers.get('set-cookie')).toMatch(/SameSite=Strict/)
    expect(second.headers.get('location')).toBe('/?login=used')
    expect(second.headers.get('set-cookie')).toBeNull()
  })

  test('reads with its cookie until it is sent away', async () => {
    const { url, parts } = await serve()
    const cookie = await cookieFrom(url, parts.access.issueCode('read'))
    const session = async (): Promise<unknown> =>
      (await fetch(`${url}/api/session`, { headers: { cookie } })).json()

    expect(await session()).toEqual({ scope: 'read' })
    const left = await fetch(`${url}/api/logout`, { method: 'POST', headers: { cookie } })
    expect(left.headers.get('set-cookie')).toMatch(/Max-Age=0/)
  })

  test('that guesses tokens is barred after twenty', async () => {
    const { url } = await serve()
    const login = (token: string): Promise<Response> =>
      fetch(`${url}/api/login`, {
        ...acting,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token }),
      })

    for (let tries = 0; tries < 20; tries++) expect((await login('guess')).status).toBe(401)

    expect((await login(tokens.control)).status).toBe(429)
  })
})

describe('every answer', () => {
  test.each(['/', '/api/status', '/metrics', '/nothing.js'])(
    'of %s says what may not be done with it',
    async (at) => {
      const { url } = await serve()

      const { headers } = await fetch(`${url}${at}`)

      expect(headers.get('content-security-policy')).toMatch(
        /default-src 'none'; script-src 'self'/,
      )
      expect(headers.get('content-security-policy')).not.toMatch(/unsafe/)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
    },
  )

  test('holds no token, whatever is asked for', async () => {
    const { url } = await serve()
    const paths = ['/', '/api/config', '/api/logs', '/api/status', '/metrics', '/api/openapi.json']

    for (const at of paths) {
      const text = await (await fetch(`${url}${at}`, { headers: control })).text()
      expect(text, at).not.toContain(tokens.read)
      expect(text, at).not.toContain(tokens.control)
    }
  })

  test('to a body that is too large is that it is', async () => {
    const { url } = await serve()
    const body = JSON.stringify({ confirm: 'K'.repeat(20_000) })

    expect((await fetch(`${url}/api/control/kill`, { ...acting, body })).status).toBe(413)
  })
})

describe('the dashboard', () => {
  test('is served from its folder, one page at every address, and nothing beside it', async () => {
    const outside = mkdtempSync(path.join(tmpdir(), 'dashboard-'))
    const dashboardFolder = path.join(outside, 'dist')
    mkdirSync(path.join(dashboardFolder, 'assets'), { recursive: true })
    writeFileSync(path.join(dashboardFolder, 'index.html'), '<!doctype html>page')
    writeFileSync(path.join(dashboardFolder, 'assets', 'a-1.js'), 'script')
    writeFileSync(path.join(outside, 'secret.js'), 'secret')
    const { url } = await serve({ dashboardFolder })
    const get = async (at: string): Promise<readonly [number, string | null]> => {
      const response = await fetch(`${url}${at}`)
      return [response.status, response.headers.get('cache-control')]
    }

    expect(await get('/')).toEqual([200, 'no-cache'])
    expect(await get('/opportunities/cross-outcome-1')).toEqual([200, 'no-cache'])
    expect(await get('/assets/a-1.js')).toEqual([200, 'public, max-age=31536000, immutable'])
    expect((await get('/assets/b-2.js'))[0]).toBe(404)
    expect(await (await fetch(`${url}/%2e%2e/secret.js`)).text()).not.toContain('secret')
    expect(await (await fetch(`${url}/assets/..%2f..%2fsecret.js`)).text()).not.toContain('secret')
  })

  test('that is not built yet says so, and asks again by itself', async () => {
    const { url } = await serve({ dashboardFolder: path.join(tmpdir(), 'not-built') })

    const response = await fetch(url)

    expect(response.status).toBe(503)
    expect(await response.text()).toContain('http-equiv="refresh"')
  })
})

describe('health', () => {
  test('fails when the engine was not heard of', async () => {
    const { url } = await serve({ notAlive: () => ['the engine was not heard of for 12 s'] })

    const response = await fetch(`${url}/healthz`)

    expect(response.status).toBe(503)
    expect(await response.json()).toEqual({
      status: 'failing',
      reasons: ['the engine was not heard of for 12 s'],
    })
  })
})
