import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import { expositionContentType } from '../telemetry/write-exposition.ts'

export type ServerOptions = {
  readonly host: string
  /** Zero takes any free port. */
  readonly port: number
  readonly exposition: () => string
  /** What keeps us from working, in words; empty when ready. */
  readonly notReady: () => readonly string[]
}

export type HttpServer = {
  readonly url: string
  readonly port: number
  stop(): Promise<void>
}

/** Serves /metrics, /healthz and /readyz. Rejects with a {@link PortError} where it cannot. */
export async function startServer(options: ServerOptions): Promise<HttpServer> {
  const app = createApp(options)
  const server = createAdaptorServer({ fetch: app.fetch }) as Server
  await listen(server, options)
  const { port } = server.address() as AddressInfo
  const host = options.host.includes(':') ? `[${options.host}]` : options.host
  return { url: `http://${host}:${port}`, port, stop: () => close(server) }
}

export function createApp({ host, exposition, notReady }: ServerOptions): Hono {
  const app = new Hono()
  app.use(async (context, next) => {
    // A page of another site can point its own name at 127.0.0.1 and read us through the browser.
    if (isLoopback(host) && !isLoopback(nameOf(context.req.header('host') ?? host))) {
      return context.text('this server answers to localhost only\n', 403)
    }
    await next()
    return undefined
  })
  app.get('/', (context) => context.text('prediction-engine: /metrics /healthz /readyz\n'))
  app.get('/metrics', (context) =>
    context.body(exposition(), 200, { 'content-type': expositionContentType }),
  )
  app.get('/healthz', (context) => context.json({ status: 'ok' }))
  app.get('/readyz', (context) => {
    const reasons = notReady()
    const ready = reasons.length === 0
    return context.json({ status: ready ? 'ready' : 'not ready', reasons }, ready ? 200 : 503)
  })
  return app
}

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

function nameOf(hostHeader: string): string {
  return hostHeader.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
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
