import { Random } from '../core/random.ts'
import { buildWorld } from './build-world.ts'
import type { ExchangeClock, ExchangeTimers } from './exchange-clock.ts'
import { startHttpHost } from './http-host.ts'
import { MarketIds } from './market-ids.ts'
import { BookWriter } from './polymarket/book-text.ts'
import { clobMarketRoutes } from './polymarket/clob-market-routes.ts'
import { clobTokenRoutes } from './polymarket/clob-routes.ts'
import { gammaRoutes } from './polymarket/gamma-routes.ts'
import { MarketChannel } from './polymarket/market-channel.ts'
import { MarketPublisher } from './polymarket/market-publisher.ts'
import { Population } from './population.ts'
import { Scheduler } from './scheduler.ts'
import { serveSockets } from './socket-host.ts'
import { Traders } from './traders.ts'

export type ExchangeOptions = {
  readonly seed: number
  readonly faults: readonly string[]
  /** The first of the ports; 0, the default, takes any that are free. */
  readonly port?: number
  /** The least number of markets. */
  readonly markets?: number
}

export type ExchangeUrls = {
  readonly gamma: string
  readonly clob: string
  readonly marketSocket: string
  readonly userSocket: string
  readonly data: string
  readonly relayer: string
  readonly kalshiRest: string
  readonly kalshiSocket: string
}

export type Exchange = {
  readonly urls: ExchangeUrls
  stop(): Promise<void>
}

/** How often the exchange looks at its schedule. */
const beatMs = 4

/** Starts a whole exchange on the loopback interface. */
export async function startExchange(
  options: ExchangeOptions,
  machine: { readonly clock: ExchangeClock; readonly timers: ExchangeTimers },
): Promise<Exchange> {
  const { clock, timers } = machine
  const { seed, port = 0, markets = 0 } = options
  const { world } = buildWorld({ seed, marketsMin: markets }, clock)
  const scheduler = new Scheduler()
  const population = new Population(world, scheduler, new Random(seed))
  population.settle(world.sets)
  new Traders(world, population, scheduler, new Random(seed + 1)).start()

  const writer = new BookWriter()
  const publisher = new MarketPublisher(writer, new MarketIds(seed))
  const channel = new MarketChannel(world, writer, publisher)
  const gate = () => Promise.resolve(undefined)
  const gamma = await startHttpHost(gammaRoutes(world), { port, gate })
  const clobRoutes = [...clobTokenRoutes(world, writer), ...clobMarketRoutes(world)]
  const clob = await startHttpHost(clobRoutes, { port: port === 0 ? 0 : port + 1, gate })
  const endSockets = serveSockets(clob.server, [
    { path: '/ws/market', refusal: () => undefined, accept: (socket) => channel.accept(socket) },
  ])
  const endChannel = channel.start()
  const startedAt = clock.epochMs()
  const endBeat = timers.every(beatMs, () => scheduler.run(clock.epochMs() - startedAt))

  const socketUrl = clob.url.replace('http', 'ws')
  return {
    urls: {
      gamma: gamma.url,
      clob: clob.url,
      marketSocket: `${socketUrl}/ws/market`,
      userSocket: `${socketUrl}/ws/user`,
      data: clob.url,
      relayer: clob.url,
      kalshiRest: clob.url,
      kalshiSocket: `${socketUrl}/trade-api/ws/v2`,
    },
    async stop() {
      endBeat()
      endChannel()
      endSockets()
      await Promise.all([gamma.stop(), clob.stop()])
    },
  }
}
