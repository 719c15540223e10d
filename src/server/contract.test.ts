import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { marketOf } from '../../test/engine/market-of.ts'
import { faultOf, operationsOf, readContract, requestsOf } from '../../test/server/fuzz-api.ts'
import { apiDocument, newApp } from '../../test/server/api-document.ts'
import { tokens } from '../../test/server/api-scene.ts'
import { serve } from '../../test/server/test-server.ts'
import { WatchedScene } from '../../test/server/watched-scene.ts'

const headers = {
  authorization: `Bearer ${tokens.control}`,
  'content-type': 'application/json',
}

async function contractOf(url: string): Promise<ReturnType<typeof readContract>> {
  return readContract(await (await fetch(`${url}/api/openapi.json`)).json())
}

/** A server whose replica has something to tell of everything. */
async function eventfulServer(): ReturnType<typeof serve> {
  const scene = new WatchedScene([marketOf('rain'), marketOf('snow')])
  scene.offer('rain')
  scene.tell()
  return serve({}, scene.replica)
}

/** Who builds on the API builds on these. */
const operations = [
  'post /api/login',
  'post /api/logout',
  'get /api/session',
  'post /api/login-links',
  'get /api/status',
  'get /api/feeds',
  'get /api/limits',
  'get /api/pnl',
  'get /api/opportunities',
  'get /api/opportunities/{id}',
  'get /api/baskets',
  'get /api/baskets/{id}',
  'get /api/orders',
  'get /api/operations',
  'get /api/fills',
  'get /api/positions',
  'get /api/ledger',
  'get /api/equity',
  'get /api/markets',
  'get /api/markets/{venue}/{id}',
  'get /api/sets',
  'get /api/sets/{venue}/{id}',
  'get /api/health',
  'get /api/logs',
  'get /api/config',
  'get /api/journal',
  'post /api/control/pause',
  'post /api/control/resume',
  'post /api/control/kill',
  'put /api/control/limits',
  'post /api/control/strategies/{name}',
  'post /api/control/baskets/{id}/release',
  'get /api/pairs',
  'get /api/pairs/{id}',
  'post /api/pairs/{id}/confirm',
  'post /api/pairs/{id}/reject',
  'get /api/backtests',
  'get /api/backtests/{id}',
]

describe('the contract', () => {
  test('is served to whoever asks, and names every path there is', async () => {
    const { url } = await serve()

    const contract = await contractOf(url)

    expect(contract.openapi).toBe('3.1.0')
    expect(operationsOf(contract).map(({ method, path }) => `${method} ${path}`)).toEqual(
      operations,
    )
  })

  test('is what is published; "npm run openapi" writes it', async () => {
    const published = readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8')

    expect(JSON.parse(published)).toEqual(await apiDocument())
  })

  test('leaves out no route but those that answer with no data', async () => {
    const { url } = await serve()
    const documented = operationsOf(await contractOf(url)).map(
      ({ method, path }) => `${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
    )

    const served = newApp().routes.filter(({ method }) => method !== 'ALL')

    const names = new Set(served.map(({ method, path }) => `${method.toLowerCase()} ${path}`))
    expect([...names].filter((name) => !documented.includes(name))).toEqual([
      'get /metrics',
      'get /healthz',
      'get /readyz',
      'get /login',
      'get /api/backtests/:id/report',
      'get /api/openapi.json',
      'get /*',
    ])
  })

  test('every answer is as it says, whatever is asked', { timeout: 60_000 }, async () => {
    const server = await eventfulServer()
    const contract = await contractOf(server.url)

    for (const operated of operationsOf(contract)) {
      await fc.assert(
        fc.asyncProperty(requestsOf(operated), async ({ url, method, body }) => {
          const response = await fetch(`${server.url}${url}`, {
            method,
            headers,
            ...(body === undefined ? {} : { body }),
          })
          const text = await response.text()
          const fault = faultOf(contract, operated, response.status, JSON.parse(text))
          expect(fault, `${method} ${url} ${body ?? ''}`).toBeUndefined()
          expect(text, 'no answer holds a secret').not.toContain(tokens.control)
          expect(text, 'no answer holds a secret').not.toContain(tokens.read)
        }),
        { numRuns: 25 },
      )
    }
  })

  test('a document that promised something else would be noticed', async () => {
    const { url } = await eventfulServer()
    const contract = await contractOf(url)
    const status = operationsOf(contract).find(({ path }) => path === '/api/status')
    if (status === undefined) throw new Error('the status is part of the contract')

    const response = await fetch(`${url}/api/status`, { headers })

    expect(faultOf(contract, status, 200, await response.json())).toBeUndefined()
    expect(faultOf(contract, status, 200, { nowMs: 'soon' })).toBeDefined()
    expect(faultOf(contract, status, 418, {})).toBe('418 is not documented')
  })
})
