import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Contract } from '../../server/fuzz-api.ts'
import { faultOf, operationsOf, readContract, requestsOf } from '../../server/fuzz-api.ts'
import type { RunningDemo } from './running-demo.ts'
import { pause, startDemo } from './running-demo.ts'

let demo: RunningDemo
let contract: Contract

beforeAll(async () => {
  demo = await startDemo({ journal: true })
  contract = readContract(await (await fetch(`${demo.url}/api/openapi.json`)).json())
  // Something to tell of everything.
  await pause(8_000)
})

afterAll(async () => {
  await demo.stop()
})

describe('the API of a running engine', () => {
  test('answers by its own contract, whatever is asked', async () => {
    const headers = {
      authorization: `Bearer ${demo.token('control')}`,
      'content-type': 'application/json',
    }
    for (const operated of operationsOf(contract)) {
      await fc.assert(
        fc.asyncProperty(requestsOf(operated), async ({ url, method, body }) => {
          const response = await fetch(`${demo.url}${url}`, {
            method,
            headers,
            ...(body === undefined ? {} : { body }),
          })
          const text = await response.text()
          const fault = faultOf(contract, operated, response.status, JSON.parse(text))
          expect(fault, `${method} ${url} ${body ?? ''}`).toBeUndefined()
          expect(text, 'no answer holds a secret').not.toContain(demo.token('control'))
          expect(text, 'no answer holds a secret').not.toContain(demo.token('read'))
        }),
        { numRuns: 20 },
      )
    }
  })

  test('tells of what there is by its contract', async () => {
    const headers = { authorization: `Bearer ${demo.token('read')}` }
    const lists = [
      'opportunities',
      'baskets',
      'orders',
      'fills',
      'operations',
      'ledger',
      'pnl',
      'limits',
      'feeds',
      'sets',
      'pairs',
      'health',
      'journal',
    ]
    for (const name of lists) {
      const operated = operationsOf(contract).find(({ path }) => path === `/api/${name}`)
      if (operated === undefined) throw new Error(`${name} is part of the contract`)
      const response = await fetch(`${demo.url}/api/${name}`, { headers })
      const body: unknown = await response.json()

      expect(faultOf(contract, operated, response.status, body), name).toBeUndefined()
      expect(JSON.stringify(body).length, name).toBeGreaterThan(100)
    }
  })

  test.each(operationList())('%s %s is closed to whoever has no token', async (method, path) => {
    const response = await fetch(`${demo.url}${path.replaceAll(/\{\w+\}/g, 'x')}`, { method })

    expect(response.status).toBe(401)
  })

  test('control is closed to readers and to other sites', async () => {
    const kill = (headers: Record<string, string>): Promise<Response> =>
      fetch(`${demo.url}/api/control/kill`, {
        method: 'POST',
        body: '{"confirm":"KILL"}',
        headers: { 'content-type': 'application/json', ...headers },
      })
    const read = { authorization: `Bearer ${demo.token('read')}` }
    const control = { authorization: `Bearer ${demo.token('control')}` }

    expect((await kill(read)).status).toBe(403)
    expect((await kill({ ...control, origin: 'http://evil.example' })).status).toBe(403)
    const status = await fetch(`${demo.url}/api/status`, { headers: read })
    expect(await status.json()).not.toMatchObject({ trading: 'killed' })
  })
})

/** What a stranger would try. */
function operationList(): readonly (readonly [method: string, path: string])[] {
  return [
    ['GET', '/api/status'],
    ['GET', '/api/opportunities'],
    ['GET', '/api/positions'],
    ['GET', '/api/config'],
    ['GET', '/api/logs'],
    ['GET', '/api/orders'],
    ['GET', '/api/journal'],
    ['GET', '/api/markets/{venue}/{id}'],
    ['GET', '/api/pairs'],
    ['POST', '/api/control/kill'],
    ['POST', '/api/control/pause'],
    ['PUT', '/api/control/limits'],
    ['POST', '/api/control/strategies/{name}'],
    ['POST', '/api/pairs/{id}/confirm'],
    ['POST', '/api/login-links'],
  ]
}
