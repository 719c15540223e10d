import type { Server, Socket } from 'node:net'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'

import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'

import { until } from '../../../test/polymarket/trading-scene.ts'
import { thisMachine } from '../../app/machine.ts'
import { OrderLine, parseAnswer } from './order-line.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0).reverse()) close()
})

/** A host that answers each request, as it came, with what it is told to. */
async function host(onRequest: (text: string, socket: Socket) => void): Promise<string> {
  const server: Server = createServer((socket) => {
    socket.setEncoding('latin1')
    socket.on('error', () => socket.destroy())
    socket.on('data', (text: string) => onRequest(text, socket))
    closing.push(() => socket.destroy())
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  closing.push(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function line(url: string, connections = 1, timeoutMs = 1_000): Promise<OrderLine> {
  const { timers } = thisMachine
  const opened = new OrderLine({ url, timeoutMs, connections, after: timers.after })
  opened.start()
  closing.push(() => opened.stop())
  await new Promise((resolve) => {
    setTimeout(resolve, 50)
  })
  return opened
}

const fine = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nRetry-After: 7\r\n\r\nok'

describe('parseAnswer', () => {
  test.each([
    ['by its length', 'HTTP/1.1 400 Bad\r\ncontent-length: 7\r\n\r\n{"a":1}', 400],
    [
      'in pieces',
      'HTTP/1.1 400 Bad\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{"a\r\n4\r\n":1}\r\n0\r\n\r\n',
      400,
    ],
  ])('reads a body %s, and not before its last byte', (_, text, status) => {
    for (let length = 0; length < text.length; length++) {
      expect(parseAnswer(text.slice(0, length))).toBeUndefined()
    }

    expect(parseAnswer(text)).toMatchObject({ status, body: '{"a":1}' })
  })

  test('reads any body, cut into any chunks', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }), { maxLength: 5 }), (pieces) => {
        const chunks = pieces.map((piece) => {
          const bytes = Buffer.from(piece, 'utf8')
          return `${bytes.length.toString(16)}\r\n${bytes.toString('latin1')}\r\n`
        })
        const text = `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${chunks.join('')}0\r\n\r\n`

        expect(parseAnswer(text)?.body).toBe(pieces.join(''))
      }),
    )
  })
})

describe('OrderLine', () => {
  test('sends in one write over a connection that is open, and uses it again', async () => {
    const requests: string[] = []
    const sockets = new Set<Socket>()
    const url = await host((text, socket) => {
      requests.push(text)
      sockets.add(socket)
      socket.write(fine)
    })
    const opened = await line(url)

    const first = await opened.post('/order', { KEY: 'one' }, '{"a":1}')
    const second = await opened.post('/order', { KEY: 'two' }, '{"a":2}')

    expect([first?.status, first?.body, first?.headers.get('retry-after')]).toEqual([
      200,
      'ok',
      '7',
    ])
    expect(second?.status).toBe(200)
    expect(sockets.size).toBe(1)
    expect(requests).toEqual([
      `POST /order HTTP/1.1\r\nhost: ${new URL(url).host}\r\nKEY: one\r\ncontent-type: application/json\r\ncontent-length: 7\r\n\r\n{"a":1}`,
      `POST /order HTTP/1.1\r\nhost: ${new URL(url).host}\r\nKEY: two\r\ncontent-type: application/json\r\ncontent-length: 7\r\n\r\n{"a":2}`,
    ])
  })

  test('leaves a call to another way while every connection is busy', async () => {
    const opened = await line(await host(() => undefined))

    const first = opened.post('/order', {}, '{}')
    const second = opened.post('/order', {}, '{}')

    expect(second).toBeUndefined()
    await expect(first).rejects.toMatchObject({ code: 'UND_ERR_HEADERS_TIMEOUT' })
  })

  test.each([
    ['hangs up', (socket: Socket) => void socket.end()],
    ['hangs up within its answer', (socket: Socket) => void socket.end(fine.slice(0, -1))],
  ])('says that nobody knows when the host %s, and opens another', async (_, answer) => {
    let count = 0
    const url = await host((_text, socket) => {
      count++
      if (count === 1) answer(socket)
      else socket.write(fine)
    })
    const opened = await line(url)

    await expect(opened.post('/order', {}, '{}')).rejects.toMatchObject({ code: 'UND_ERR_SOCKET' })
    let again: ReturnType<OrderLine['post']>
    await until(
      () => (again = opened.post('/order', {}, '{}')),
      () => 'a connection',
    )

    expect((await again)?.status).toBe(200)
  })

  test('does not use a connection again that the host will close', async () => {
    const sockets = new Set<Socket>()
    const url = await host((_, socket) => {
      sockets.add(socket)
      socket.write(fine.replace('Retry-After: 7', 'Connection: close'))
    })
    const opened = await line(url)
    await opened.post('/order', {}, '{}')

    let again: ReturnType<OrderLine['post']>
    await until(
      () => (again = opened.post('/order', {}, '{}')),
      () => 'a connection',
    )
    await again

    expect(sockets.size).toBe(2)
  })
})
