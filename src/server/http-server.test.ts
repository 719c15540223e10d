import { request } from 'node:http'
import { describe, expect, test } from 'vitest'
import { serve } from '../../test/server/test-server.ts'
import { PortError } from './http-server.ts'

describe('startServer', () => {
  test('serves the metrics as Prometheus wants them', async () => {
    const { url } = await serve()

    const response = await fetch(`${url}/metrics`)

    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(await response.text()).toBe('up 1\n')
  })

  test('is alive from the start, and ready when nothing is in the way', async () => {
    const reasons = ['the catalogue is loading']
    const { url } = await serve({ notReady: () => reasons })

    const [alive, waiting] = await Promise.all([fetch(`${url}/healthz`), fetch(`${url}/readyz`)])
    expect(alive.status).toBe(200)
    expect(waiting.status).toBe(503)
    expect(await waiting.json()).toEqual({ status: 'not ready', reasons })

    reasons.pop()
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
  })

  test.each([
    ['localhost:9000', 200],
    ['127.0.0.1', 200],
    ['[::1]:9000', 200],
    ['evil.example', 403],
    ['127.0.0.1.evil.example', 403],
  ])('a request for the host %s gets %i', async (host, status) => {
    const { port } = await serve()

    expect(await statusFor(port, host)).toBe(status)
  })

  test('a port that is taken is refused with a remedy', async () => {
    const { port } = await serve()

    const second = serve({ port })

    await expect(second).rejects.toThrow(PortError)
    await expect(second).rejects.toThrow(
      `cannot listen on 127.0.0.1:${port} (EADDRINUSE); another program has it; choose another`,
    )
  })

  test('a stopped server gives its port back, even with a connection open', async () => {
    const { url, port, stop } = await serve()
    await fetch(`${url}/metrics`)

    await stop()

    await serve({ port })
  })
})

/** `fetch` does not let a test choose its Host header. */
function statusFor(port: number, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path: '/metrics', headers: { host } })
    asked.on('response', (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    asked.on('error', reject)
    asked.end()
  })
}
