import { describe, expect, test } from 'vitest'
import type { Asked } from './request-guard.ts'
import { isFromOurPage, refuseRequest } from './request-guard.ts'

type Headers = Readonly<Record<string, string>>

function asked(headers: Headers, path = '/api/status', method = 'GET'): Asked {
  return { method, path, header: (name) => headers[name] }
}

const here = { host: '127.0.0.1', allowedHosts: [] }
const beyond = { host: '0.0.0.0', allowedHosts: ['engine.example'] }

describe('a server of this machine', () => {
  test.each([
    { name: 'its address', headers: { host: '127.0.0.1:9000' }, passes: true },
    { name: 'localhost', headers: { host: 'localhost:9000' }, passes: true },
    { name: 'the other family', headers: { host: '[::1]:9000' }, passes: true },
    { name: 'a name that was pointed here', headers: { host: 'evil.example:9000' }, passes: false },
    {
      name: 'a name that looks like it',
      headers: { host: '127.0.0.1.evil.example' },
      passes: false,
    },
    { name: 'no name at all', headers: {}, passes: false },
  ])('asked by $name: $passes', ({ headers, passes }) => {
    expect(refuseRequest(asked(headers), here) === undefined).toBe(passes)
  })
})

describe('a server for others', () => {
  test.each([
    { name: 'by address', host: '10.0.0.7:9000', path: '/api/status', passes: true },
    { name: 'by a name it was given', host: 'engine.example', path: '/api/status', passes: true },
    { name: 'by another name', host: 'evil.example', path: '/api/status', passes: false },
    { name: 'for its metrics, by any name', host: 'engine:9000', path: '/metrics', passes: true },
    { name: 'for its health, by any name', host: 'engine:9000', path: '/healthz', passes: true },
  ])('asked $name: $passes', ({ host, path, passes }) => {
    expect(refuseRequest(asked({ host }, path), beyond) === undefined).toBe(passes)
  })
})

describe('where a request comes from', () => {
  const host = '127.0.0.1:9000'

  test.each([
    { name: 'our page', headers: { origin: 'http://127.0.0.1:9000' }, passes: true },
    { name: 'a program', headers: {}, passes: true },
    { name: 'another site', headers: { origin: 'http://evil.example' }, passes: false },
    { name: 'another port here', headers: { origin: 'http://127.0.0.1:8000' }, passes: false },
    { name: 'a file', headers: { origin: 'null' }, passes: false },
    { name: 'the same over TLS', headers: { origin: 'https://127.0.0.1:9000' }, passes: false },
    { name: 'a picture elsewhere', headers: { 'sec-fetch-site': 'cross-site' }, passes: false },
    { name: 'another port, silently', headers: { 'sec-fetch-site': 'same-site' }, passes: false },
    { name: 'the address bar', headers: { 'sec-fetch-site': 'none' }, passes: true },
  ])('$name: $passes', ({ headers, passes }) => {
    expect(refuseRequest(asked({ host, ...headers }), here) === undefined).toBe(passes)
  })

  test('a link elsewhere may open a page of ours, and nothing of the API', () => {
    const headers = { host, 'sec-fetch-site': 'cross-site' }

    expect(refuseRequest(asked(headers, '/opportunities'), here)).toBeUndefined()
    expect(refuseRequest(asked(headers, '/api/status'), here)).toBeDefined()
    expect(refuseRequest(asked(headers, '/', 'POST'), here)).toBeDefined()
  })

  test('a cookie acts from our own page only', () => {
    expect(isFromOurPage(asked({ host, origin: 'http://127.0.0.1:9000' }))).toBe(true)
    expect(isFromOurPage(asked({ host }))).toBe(false)
  })
})
