import { connect as connectPlain } from 'node:net'
import type { Socket } from 'node:net'
import { connect as connectSecure } from 'node:tls'

import { assert } from '../../core/assert.ts'
import type { AuthHeaders } from './auth.ts'

export type LineAnswer = {
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

/** The answer's head is a kilobyte, its body two; beyond it something is wrong. */
const answerBytesMax = 1024 * 1024
/** The first wait after a connection has ended, and the longest. */
const reconnectMs = { first: 100, most: 10_000 }

export type OrderLineParts = {
  readonly url: string
  readonly timeoutMs: number
  readonly connections: number
  readonly after: (delayMs: number, run: () => void) => () => void
}

/**
 * Connections to one host that are open before an order needs them, each for one call at a time.
 *
 * HTTP/1.1 by hand, and as little of it as our own calls need: the request leaves in one write, in
 * the turn that asks for it. What has no free connection goes another way.
 */
export class OrderLine {
  readonly #parts: OrderLineParts
  readonly #free: Connection[] = []
  readonly #all: Set<Connection> = new Set()
  readonly #host: string
  #cancels: Set<() => void> = new Set()
  #waitMs = reconnectMs.first
  #isStopped = false

  constructor(parts: OrderLineParts) {
    this.#parts = parts
    this.#host = new URL(parts.url).host
  }

  start(): void {
    for (let count = 0; count < this.#parts.connections; count++) this.#open()
  }

  stop(): void {
    this.#isStopped = true
    for (const cancel of this.#cancels) cancel()
    this.#cancels.clear()
    for (const connection of this.#all) connection.destroy()
  }

  /**
   * Sends a call. Undefined when no connection is free: then nothing has left. The promise rejects
   * when there is no answer: then the call may have landed.
   */
  post(path: string, headers: AuthHeaders, body: string): Promise<LineAnswer> | undefined {
    const connection = this.#free.pop()
    if (connection === undefined) return undefined
    let head = `POST ${path} HTTP/1.1\r\nhost: ${this.#host}\r\n`
    for (const name in headers) head += `${name}: ${headers[name]}\r\n`
    head += `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`
    return connection.call(head + body, this.#parts.timeoutMs)
  }

  #open(): void {
    if (this.#isStopped) return
    const connection = new Connection(this.#parts.url, this.#parts.after, {
      onFree: () => {
        this.#waitMs = reconnectMs.first
        this.#free.push(connection)
      },
      onEnd: () => this.#ended(connection),
    })
    this.#all.add(connection)
  }

  #ended(connection: Connection): void {
    this.#all.delete(connection)
    const at = this.#free.indexOf(connection)
    if (at >= 0) this.#free.splice(at, 1)
    if (this.#isStopped) return
    const cancel = this.#parts.after(this.#waitMs, () => {
      this.#cancels.delete(cancel)
      this.#open()
    })
    this.#cancels.add(cancel)
    this.#waitMs = Math.min(this.#waitMs * 2, reconnectMs.most)
  }
}

type ConnectionListener = { readonly onFree: () => void; readonly onEnd: () => void }
type Waiting = {
  readonly resolve: (answer: LineAnswer) => void
  readonly reject: (error: Error) => void
  readonly cancel: () => void
}

class Connection {
  readonly #socket: Socket
  readonly #after: OrderLineParts['after']
  readonly #listener: ConnectionListener
  #waiting: Waiting | undefined
  #received = ''
  #failure: Error | undefined

  constructor(url: string, after: OrderLineParts['after'], listener: ConnectionListener) {
    const { protocol, hostname, port } = new URL(url)
    const isSecure = protocol === 'https:'
    const place = { host: hostname, port: Number(port) || (isSecure ? 443 : 80) }
    this.#after = after
    this.#listener = listener
    this.#socket = isSecure
      ? connectSecure({ ...place, servername: hostname, ALPNProtocols: ['http/1.1'] })
      : connectPlain(place)
    this.#socket.setNoDelay(true)
    this.#socket.setKeepAlive(true, 15_000)
    // Latin-1, so that a character is a byte; the text is read as UTF-8 at the end.
    this.#socket.setEncoding('latin1')
    this.#socket.once(isSecure ? 'secureConnect' : 'connect', () => listener.onFree())
    this.#socket.on('data', (text: string) => this.#onText(text))
    this.#socket.on('error', (error) => {
      this.#failure = error
    })
    this.#socket.on('close', () => this.#onClose())
  }

  call(request: string, timeoutMs: number): Promise<LineAnswer> {
    assert(this.#waiting === undefined, 'a connection carries one call at a time')
    return new Promise((resolve, reject) => {
      const cancel = this.#after(timeoutMs, () => {
        this.#failure = new LineError('UND_ERR_HEADERS_TIMEOUT')
        this.#socket.destroy()
      })
      this.#waiting = { resolve, reject, cancel }
      this.#socket.write(request, 'latin1')
    })
  }

  destroy(): void {
    this.#socket.destroy()
  }

  #onText(text: string): void {
    this.#received += text
    if (this.#waiting === undefined || this.#received.length > answerBytesMax) {
      // Words nobody asked for: what comes next could not be told from them.
      this.#socket.destroy()
      return
    }
    const answer = parseAnswer(this.#received)
    if (answer === undefined) return
    const { resolve, cancel } = this.#waiting
    this.#waiting = undefined
    this.#received = ''
    cancel()
    if (answer.headers.get('connection')?.toLowerCase() === 'close') this.#socket.destroy()
    else this.#listener.onFree()
    resolve(answer)
  }

  #onClose(): void {
    this.#waiting?.cancel()
    this.#waiting?.reject(this.#failure ?? new LineError('UND_ERR_SOCKET'))
    this.#waiting = undefined
    this.#listener.onEnd()
  }
}

/** A whole answer, or undefined while more of it is to come. */
export function parseAnswer(text: string): LineAnswer | undefined {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const [first = '', ...lines] = text.slice(0, end).split('\r\n')
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const
    }),
  )
  const isChunked = headers.get('transfer-encoding')?.toLowerCase() === 'chunked'
  const rest = text.slice(end + 4)
  const body = isChunked ? unchunk(rest) : whole(rest, Number(headers.get('content-length') ?? 0))
  if (body === undefined) return undefined
  const status = Number(first.split(' ')[1])
  return { status, headers, body: Buffer.from(body, 'latin1').toString('utf8') }
}

function whole(text: string, length: number): string | undefined {
  return text.length >= length ? text.slice(0, length) : undefined
}

/** The pieces of a chunked body put together, once the last has come. */
function unchunk(text: string): string | undefined {
  let body = ''
  for (let at = 0; ;) {
    const line = text.indexOf('\r\n', at)
    if (line < 0) return undefined
    const length = Number.parseInt(text.slice(at, line), 16)
    const start = line + 2
    if (length === 0) return text.indexOf('\r\n', start) < 0 ? undefined : body
    if (text.length < start + length + 2) return undefined
    body += text.slice(start, start + length)
    at = start + length + 2
  }
}

/** A call over the line had no answer. The code is the one undici has for the same. */
export class LineError extends Error {
  override readonly name = 'LineError'
  readonly code: string

  constructor(code: string) {
    super(`no answer: ${code}`)
    this.code = code
  }
}
