import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import { WebSocketServer } from 'ws'
import type { Scope } from './access.ts'
import type { GuardOptions } from './request-guard.ts'
import { refuseRequest } from './request-guard.ts'
import type { CloseReason, StreamHub } from './stream-hub.ts'

export type StreamSocketOptions = {
  readonly hub: StreamHub
  readonly guard: GuardOptions
  /** Whoever asks, by token or by cookie. */
  readonly scopeOf: (header: (name: string) => string | undefined) => Scope | undefined
}

export const streamPath = '/api/stream'

/** A watcher has little to say: the names of some markets. */
const messageBytesMax = 8 * 1024

const closeCodes: Readonly<Record<CloseReason, number>> = {
  'going-away': 1001,
  'bad-request': 1008,
  'too-many': 1013,
  stalled: 4008,
}

/** Lets watchers in, by the same rules as any other request, and hands them to the hub. */
export function openStream(server: Server, options: StreamSocketOptions): () => void {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: messageBytesMax,
    perMessageDeflate: false,
    clientTracking: true,
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const refused = refuse(request, url.pathname, options)
    if (refused !== undefined) {
      socket.end(`HTTP/1.1 ${refused}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
      return
    }
    sockets.handleUpgrade(request, socket, head, (websocket) => {
      attach(websocket, options.hub, url)
    })
  })
  return () => {
    options.hub.close()
    for (const socket of sockets.clients) socket.terminate()
    sockets.close()
  }
}

/** The status line of a refusal. */
function refuse(
  request: IncomingMessage,
  path: string,
  { guard, scopeOf }: StreamSocketOptions,
): string | undefined {
  const header = (name: string): string | undefined => {
    const value = request.headers[name]
    return Array.isArray(value) ? value[0] : value
  }
  if (path !== streamPath) return '404 Not Found'
  if (refuseRequest({ method: 'GET', path, header }, guard) !== undefined) return '403 Forbidden'
  return scopeOf(header) === undefined ? '401 Unauthorized' : undefined
}

function attach(socket: WebSocket, hub: StreamHub, url: URL): void {
  const wire = {
    send: (bytes: Uint8Array) => socket.send(bytes, { binary: false }),
    get waiting(): number {
      return socket.bufferedAmount
    },
    close: (reason: CloseReason) => {
      // One that does not read would not read the goodbye either.
      if (reason === 'stalled') socket.terminate()
      else socket.close(closeCodes[reason], reason)
    },
  }
  const run = url.searchParams.get('run')
  const after = Number(url.searchParams.get('after') ?? Number.NaN)
  const resumes = run !== null && Number.isSafeInteger(after) && after >= 0
  const { hear, leave } = hub.join(wire, resumes ? { run, sequence: after } : undefined)
  socket.on('message', (data, isBinary) => hear(isBinary ? '' : textOf(data)))
  socket.on('close', leave)
  // The close that follows an error is what the hub is told of.
  socket.on('error', () => socket.terminate())
}

function textOf(data: Buffer | ArrayBuffer | Buffer[]): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8')
  return Buffer.from(data as Buffer).toString('utf8')
}
