import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import { WebSocketServer } from 'ws'

/** A frame from a client is at most a subscription to many thousand tokens. */
const frameBytesMax = 4 * 1024 * 1024

export type SocketRoute = {
  readonly path: string
  /** Undefined lets the socket in; a status refuses the upgrade with it. */
  readonly refusal: (request: IncomingMessage) => number | undefined
  readonly accept: (socket: WebSocket, request: IncomingMessage) => void
}

/** Serves WebSockets on the paths of an HTTP server. What is returned cuts every one. */
export function serveSockets(server: Server, routes: readonly SocketRoute[]): () => void {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: frameBytesMax,
    perMessageDeflate: false,
  })
  const onUpgrade = (request: IncomingMessage, stream: Duplex, head: Buffer): void => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1')
    const route = routes.find(({ path }) => path === pathname)
    const status = route === undefined ? 404 : route.refusal(request)
    if (route === undefined || status !== undefined) {
      stream.end(`HTTP/1.1 ${status ?? 404} Refused\r\nConnection: close\r\n\r\n`)
      return
    }
    sockets.handleUpgrade(request, stream, head, (socket) => route.accept(socket, request))
  }
  server.on('upgrade', onUpgrade)
  return () => {
    server.off('upgrade', onUpgrade)
    for (const socket of sockets.clients) socket.terminate()
    sockets.close()
  }
}
