import { once } from 'node:events'
import { describe, expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import type { ClientOptions } from 'ws'
import { tokens } from '../../test/server/api-scene.ts'
import { serve } from '../../test/server/test-server.ts'
import type { StreamMessage } from './schema/stream.ts'
import { streamMessage } from './schema/stream.ts'

const authorization = `Bearer ${tokens.read}`

function connect(url: string, options: ClientOptions, query = ''): WebSocket {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/stream${query}`, options)
  onTestFinished(() => socket.terminate())
  return socket
}

/** How an upgrade ended: 101, or the status it was refused with. */
function outcomeOf(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => {
    socket.on('open', () => resolve(101))
    socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0))
    socket.on('error', () => resolve(0))
  })
}

function firstMessage(socket: WebSocket): Promise<StreamMessage> {
  return new Promise((resolve) => {
    socket.once('message', (data: Buffer) => {
      resolve(streamMessage.parse(JSON.parse(data.toString('utf8'))))
    })
  })
}

function closeCode(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => socket.once('close', resolve))
}

describe('the stream', () => {
  test.each([
    { name: 'without a token', headers: {}, want: 401 },
    { name: 'with a guess', headers: { authorization: 'Bearer guess' }, want: 401 },
    { name: 'with the read token', headers: { authorization }, want: 101 },
    {
      name: 'from a page of another site',
      headers: { authorization, origin: 'http://evil.example' },
      want: 403,
    },
    {
      name: 'by a name that was pointed here',
      headers: { authorization, host: 'evil.example' },
      want: 403,
    },
  ])('opened $name: $want', async ({ headers, want }) => {
    const { url } = await serve()

    expect(await outcomeOf(connect(url, { headers }))).toBe(want)
  })

  test('elsewhere is nothing', async () => {
    const { url } = await serve()
    const socket = new WebSocket(`${url.replace('http', 'ws')}/api/other`, {
      headers: { authorization },
    })

    expect(await outcomeOf(socket)).toBe(404)
  })

  test('begins with a snapshot of the schema', async () => {
    const { url } = await serve()

    const first = await firstMessage(connect(url, { headers: { authorization } }))

    expect(first).toMatchObject({
      kind: 'snapshot',
      run: 'run-1',
      sequence: 1,
    })
  })

  test('hangs up on a message that is too long', async () => {
    const { url } = await serve()
    const socket = connect(url, { headers: { authorization } })
    await once(socket, 'open')

    socket.send('x'.repeat(10_000))

    expect(await closeCode(socket)).toBe(1009)
  })

  test('a server that stops hangs up', async () => {
    const { url, stop } = await serve()
    const socket = connect(url, { headers: { authorization } })
    await once(socket, 'message')
    const closed = once(socket, 'close')

    await stop()

    await closed
  })
})
