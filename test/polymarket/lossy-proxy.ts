import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * What becomes of a call: it passes; its answer is lost after it was carried out; it is lost
 * itself; it is refused before it comes to the host, as too many are; or it waits before it is
 * carried on.
 */
export type Fate = 'pass' | 'lose-answer' | 'swallow' | 'too-many' | { readonly delayMs: number }

export type LossyProxy = {
  readonly url: string
  /** Every call that came, as `POST /order`. */
  readonly calls: readonly string[]
  /** The bodies of those calls, in the same sequence. */
  readonly bodies: readonly string[]
  stop(): Promise<void>
}

/** Stands between a client and a host, and decides call by call what the client gets to see. */
export async function startLossyProxy(
  target: string,
  fateOf: (call: string, count: number) => Fate,
): Promise<LossyProxy> {
  const calls: string[] = []
  const bodies: string[] = []
  const answer = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const parts: Buffer[] = []
    for await (const part of incoming) parts.push(part as Buffer)
    const body = Buffer.concat(parts)
    const path = (incoming.url ?? '').split('?')[0]
    const call = `${incoming.method} ${path}`
    calls.push(call)
    bodies.push(body.toString())
    const fate = fateOf(call, calls.filter((one) => one === call).length)
    if (typeof fate === 'object') {
      await new Promise((resolve) => {
        setTimeout(resolve, fate.delayMs)
      })
    }
    if (fate === 'swallow') {
      response.destroy()
      return
    }
    if (fate === 'too-many') {
      response.writeHead(429, { 'content-type': 'application/json', 'retry-after': '1' })
      response.end('{"error":"Rate limit exceeded"}')
      return
    }
    const headers = new Headers()
    for (const [name, value] of Object.entries(incoming.headers)) {
      if (typeof value === 'string' && !hopByHop.has(name)) headers.set(name, value)
    }
    const reply = await fetch(`${target}${incoming.url}`, {
      method: incoming.method ?? 'GET',
      headers,
      ...(body.length === 0 ? {} : { body }),
    })
    const text = await reply.text()
    if (fate === 'lose-answer') {
      response.destroy()
      return
    }
    response.writeHead(reply.status, { 'content-type': 'application/json' })
    response.end(text)
  }
  const server = createServer((incoming, response) => {
    answer(incoming, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    bodies,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const hopByHop = new Set(['host', 'connection', 'content-length', 'transfer-encoding'])
