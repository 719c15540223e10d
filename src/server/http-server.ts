import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { parse } from 'hono/utils/cookie'
import type { ApiParts } from './api-parts.ts'
import { createApp } from './create-app.ts'
import type { GuardOptions } from './request-guard.ts'
import { openStream } from './stream-socket.ts'

export type ServerOptions = {
  readonly host: string
  /** Zero takes any free port. */
  readonly port: number
  /** Names under which the server may be reached besides its address. */
  readonly allowedHosts: readonly string[]
  readonly parts: ApiParts
  readonly dashboardFolder: string
  readonly version: string
  readonly exposition: () => Promise<string>
  /** Why the engine is not alive, in words. Empty while it is. */
  readonly notAlive: () => readonly string[]
  /** What keeps us from working, in words; empty when ready. */
  readonly notReady: () => readonly string[]
}

export type HttpServer = {
  readonly url: string
  readonly port: number
  stop(): Promise<void>
}

/**
 * Serves the dashboard, its API and its stream, /metrics, /healthz and /readyz.
 *
 * Rejects with a {@link PortError} when it cannot listen.
 */
export async function startServer(options: ServerOptions): Promise<HttpServer> {
  const { host, allowedHosts, parts } = options
  const guard: GuardOptions = { host, allowedHosts }
  // The cookie is named after the port, which is only known when there is one to listen on.
  const late: { answer?: (request: Request, environment: object) => Response | Promise<Response> } =
    {}
  const server = createAdaptorServer({
    fetch: (request, environment) =>
      late.answer?.(request, environment) ?? new Response('starting\n', { status: 503 }),
  }) as Server
  server.keepAliveTimeout = keepAliveMs
  await listen(server, options)
  const { port } = server.address() as AddressInfo
  const cookieName = `prediction-engine-${port}`
  const app = createApp({ ...options, guard, cookieName })
  late.answer = (request, environment) => app.fetch(request, environment)
  const closeStream = openStream(server, {
    hub: parts.hub,
    guard,
    scopeOf: (header) => {
      const token = header('authorization')
      if (token !== undefined) return parts.access.scopeOfToken(token.replace(/^Bearer /i, ''))
      const cookie = parse(header('cookie') ?? '', cookieName)[cookieName]
      return cookie === undefined ? undefined : parts.access.scopeOfCookie(cookie)
    },
  })
  const name = host.includes(':') ? `[${host}]` : host
  return {
    url: `http://${name}:${port}`,
    port,
    stop: () => {
      closeStream()
      return close(server)
    },
  }
}

/**
 * A connection that nobody uses is closed after so long. Longer than clients keep one: closed in
 * the very moment in which it is used again, it would fail a request that has done nothing wrong.
 */
const keepAliveMs = 75_000

function listen(server: Server, { host, port }: ServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(new PortError(host, port, error.code ?? 'UNKNOWN', error))
    })
    server.listen(port, host, resolve)
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

/** The address cannot be listened on. */
export class PortError extends Error {
  override readonly name = 'PortError'
  readonly code: string

  constructor(host: string, port: number, code: string, cause: unknown) {
    super(`cannot listen on ${host}:${port} (${code}); ${remedies[code] ?? otherPort}`, { cause })
    this.code = code
  }
}

const otherPort = 'choose another with --port or [server] port, or --port 0 for any free one'

const remedies: Readonly<Record<string, string>> = {
  EADDRINUSE: `another program has it; ${otherPort}`,
  EACCES: `the port needs privileges; ${otherPort}`,
  EADDRNOTAVAIL: 'this machine has no such address; set [server] host to 127.0.0.1',
}
