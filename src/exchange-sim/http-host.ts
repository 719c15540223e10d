import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Larger bodies are refused: the largest lawful one is a few hundred token ids. */
const bodyBytesMax = 1024 * 1024

export type ApiRequest = {
  readonly method: string
  /** The path as sent, without the query. */
  readonly path: string
  /** What stood in the places of the route's `:names`. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  /** The exact text of the body: a signature may cover it. */
  readonly body: string
}

export type ApiReply = {
  readonly status: number
  /** A value to be sent as JSON. */
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** The connection breaks instead: what was asked for has happened, and nobody is told. */
  readonly isLost?: true
}

export type Route = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** `/markets/:id`: a name stands for one segment. */
  readonly path: string
  readonly answer: (request: ApiRequest) => ApiReply | Promise<ApiReply>
}

/** Stands before every answer: may give another one, or wait. Undefined lets the route answer. */
export type Gate = (request: ApiRequest) => Promise<ApiReply | undefined>

export type HttpHost = {
  readonly server: Server
  /** `http://127.0.0.1:port`, without a slash at the end. */
  readonly url: string
  stop(): Promise<void>
}

/** Serves routes on the loopback interface. Port 0 takes any that is free. */
export async function startHttpHost(
  routes: readonly Route[],
  options: { readonly port: number; readonly gate: Gate },
): Promise<HttpHost> {
  const compiled = routes.map(compile)
  const server = createServer((incoming, response) => {
    void respond(compiled, incoming, response, options.gate)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
  const { port } = server.address() as AddressInfo
  return {
    server,
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

export function found(body: unknown): ApiReply {
  return { status: 200, body }
}

export function refused(status: number, error: string): ApiReply {
  return { status, body: { error } }
}

type CompiledRoute = { readonly route: Route; readonly pattern: RegExp }

function compile(route: Route): CompiledRoute {
  const pattern = route.path.replaceAll(/:(\w+)/g, '(?<$1>[^/]+)')
  return { route, pattern: new RegExp(`^${pattern}/?$`) }
}

async function respond(
  routes: readonly CompiledRoute[],
  incoming: IncomingMessage,
  response: ServerResponse,
  gate: Gate,
): Promise<void> {
  const body = await readBody(incoming)
  send(response, await answer(routes, incoming, body, gate))
}

async function answer(
  routes: readonly CompiledRoute[],
  incoming: IncomingMessage,
  body: string | undefined,
  gate: Gate,
): Promise<ApiReply> {
  if (body === undefined) return refused(413, 'Payload exceeds the limit')

  const url = new URL(incoming.url ?? '/', 'http://127.0.0.1')
  const method = incoming.method ?? 'GET'
  const base = { method, path: url.pathname, query: url.searchParams, body }
  for (const { route, pattern } of routes) {
    const match = route.method === method ? pattern.exec(url.pathname) : null
    if (match === null) continue
    const params = decodeParams(match.groups ?? {})
    const request = { ...base, params, headers: incoming.headers }
    return (await gate(request)) ?? (await route.answer(request))
  }
  return refused(404, 'not found')
}

function decodeParams(groups: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const entries = Object.entries(groups).map(([name, text]) => [name, decodeSegment(text)])
  return Object.fromEntries(entries) as Record<string, string>
}

function decodeSegment(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The body as text. Undefined when it is too long, or the client goes away. */
function readBody(incoming: IncomingMessage): Promise<string | undefined> {
  return new Promise((resolve) => {
    const parts: Buffer[] = []
    let length = 0
    incoming.on('data', (part: Buffer) => {
      length += part.length
      if (length <= bodyBytesMax) parts.push(part)
    })
    incoming.on('end', () => {
      resolve(length > bodyBytesMax ? undefined : Buffer.concat(parts).toString('utf8'))
    })
    incoming.on('error', () => resolve(undefined))
  })
}

function send(response: ServerResponse, reply: ApiReply): void {
  if (reply.isLost === true) {
    response.destroy()
    return
  }
  const text = JSON.stringify(reply.body)
  response.writeHead(reply.status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    ...reply.headers,
  })
  response.end(text)
}
