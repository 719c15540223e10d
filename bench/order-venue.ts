/** The venue of the order benchmark, in a thread of its own: frames out, orders in, both timed. */
import { parentPort, workerData } from 'node:worker_threads'
import type { WebSocket } from 'ws'
import { Wallets } from '../src/exchange-sim/chain/wallets.ts'
import type { ApiRequest, HttpHost, Route } from '../src/exchange-sim/http-host.ts'
import { found, startHttpHost } from '../src/exchange-sim/http-host.ts'
import { parseOrderMessage } from '../src/exchange-sim/polymarket/order-message.ts'
import { isOrderSigned } from '../src/exchange-sim/polymarket/verify-order.ts'
import { serveSockets } from '../src/exchange-sim/socket-host.ts'

export type VenueJob = {
  readonly snapshots: readonly string[]
  readonly frames: readonly string[]
  /** Shots that only warm the way up, and shots that count. */
  readonly warm: number
  readonly shots: number
}

/** Microseconds from a frame's leaving to the order's last byte, of either contestant. */
export type VenueReport = { readonly ours: readonly number[]; readonly theirs: readonly number[] }

/** Between two shots: longer than either takes, and as quiet as a market is between its moves. */
const gapMs = 4

const job = workerData as VenueJob

/** One of the two who are timed: its host, its socket, and what it has sent. */
class Contestant {
  readonly host: HttpHost
  readonly tookUs: number[] = []
  readonly bodies: string[] = []
  #socket: WebSocket | undefined
  #firedAt = 0n
  #onOrder: () => void = () => undefined

  private constructor(host: HttpHost) {
    this.host = host
  }

  static async start(): Promise<Contestant> {
    const heard: { by: Contestant | undefined } = { by: undefined }
    const routes = venueRoutes((request) => heard.by?.onOrder(request))
    const host = await startHttpHost(routes, { port: 0, gate: () => Promise.resolve(undefined) })
    const one = new Contestant(host)
    heard.by = one
    serveSockets(host.server, [
      { path: '/ws/market', refusal: () => undefined, accept: (socket) => one.#accept(socket) },
      { path: '/ws/user', refusal: () => undefined, accept: () => undefined },
    ])
    return one
  }

  /** Sends a frame and waits for the order that it brings. */
  async shoot(frame: string): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#onOrder = resolve
      this.#firedAt = process.hrtime.bigint()
      this.#socket?.send(frame)
    })
  }

  onOrder({ body }: ApiRequest): void {
    this.tookUs.push(Number(process.hrtime.bigint() - this.#firedAt) / 1_000)
    this.bodies.push(body)
    this.#onOrder()
  }

  stop(): Promise<void> {
    this.#socket?.terminate()
    return this.host.stop()
  }

  #accept(socket: WebSocket): void {
    this.#socket = socket
    socket.once('message', () => {
      for (const snapshot of job.snapshots) socket.send(snapshot)
    })
  }
}

function venueRoutes(onOrder: (request: ApiRequest) => void): readonly Route[] {
  const get = (path: string, body: unknown): Route => {
    return { method: 'GET', path, answer: () => found(body) }
  }
  const none = { limit: 100, count: 0, next_cursor: 'LTE=', data: [] }
  return [
    {
      method: 'POST',
      path: '/order',
      answer: (request) => {
        onOrder(request)
        const amounts = { takingAmount: '', makingAmount: '' }
        return found({ success: true, errorMsg: '', orderID: '0x01', status: 'live', ...amounts })
      },
    },
    get('/version', { version: 2 }),
    get('/tick-size', { minimum_tick_size: 0.001 }),
    get('/neg-risk', { neg_risk: false }),
    get('/data/orders', none),
    get('/data/trades', none),
    { method: 'POST', path: '/v1/heartbeats', answer: () => found({ heartbeat_id: 'one' }) },
  ]
}

const [ours, theirs] = [await Contestant.start(), await Contestant.start()]
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
parentPort?.postMessage({ ours: ours.host.url, theirs: theirs.host.url })

parentPort?.once('message', () => {
  void compete().then((report) => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    parentPort?.postMessage(report)
    return Promise.all([ours.stop(), theirs.stop()])
  })
})

async function compete(): Promise<VenueReport> {
  for (const [shot, frame] of job.frames.slice(0, job.warm + job.shots).entries()) {
    const order = shot % 2 === 0 ? [ours, theirs] : [theirs, ours]
    for (const one of order) {
      await one.shoot(frame)
      await new Promise((resolve) => {
        setTimeout(resolve, gapMs)
      })
    }
  }
  for (const one of [ours, theirs]) await expectSigned(one.bodies.slice(-20))
  return { ours: ours.tookUs.slice(job.warm), theirs: theirs.tookUs.slice(job.warm) }
}

/** What was timed must be what a venue would have taken. */
async function expectSigned(bodies: readonly string[]): Promise<void> {
  for (const body of bodies) {
    const message = parseOrderMessage(JSON.parse(body))
    if ('error' in message || !(await isOrderSigned(message.order, 'no', new Wallets()))) {
      throw new Error(`an order that no venue would take: ${body}`)
    }
  }
}
