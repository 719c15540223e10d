import { Random } from '../core/random.ts'
import type { ExchangeClock, ExchangeTimers } from './exchange-clock.ts'
import type { FaultName } from './fault-names.ts'
import { Faults } from './faults.ts'
import { faultyGate, faultyUpgrade } from './http-faults.ts'
import { startHttpHost } from './http-host.ts'
import { MarketIds } from './market-ids.ts'
import type { PlantableKind } from './plant-kinds.ts'
import { BookWriter } from './polymarket/book-text.ts'
import { clobMarketRoutes } from './polymarket/clob-market-routes.ts'
import { clobTokenRoutes } from './polymarket/clob-routes.ts'
import { gammaRoutes } from './polymarket/gamma-routes.ts'
import { MarketChannel } from './polymarket/market-channel.ts'
import { MarketPublisher } from './polymarket/market-publisher.ts'
import { Simulation } from './simulation.ts'
import { serveSockets } from './socket-host.ts'
import type { Truth } from './truth.ts'

export type ExchangeOptions = {
  readonly seed: number
  readonly faults: readonly FaultName[]
  /** The first of the ports; 0, the default, takes any that are free. */
  readonly port?: number
  /** The least number of markets. */
  readonly markets?: number
  /** Which mispricings are laid; all kinds by default. */
  readonly plants?: readonly PlantableKind[]
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
  /** What only the exchange knows, as far as it has run. */
  truth(): Truth
  /** Ends it. Asked again, it gives the same. */
  stop(): Promise<Truth>
}

export type ExchangeMachine = { readonly clock: ExchangeClock; readonly timers: ExchangeTimers }

/** Far from the streams of the simulation: faults must not change what happens in it. */
const faultStream = 1 << 20
/** How often the exchange looks at its schedule. */
const beatMs = 4

/** Starts a whole exchange on the loopback interface. */
export async function startExchange(
  options: ExchangeOptions,
  { clock, timers }: ExchangeMachine,
): Promise<Exchange> {
  const { seed, port = 0 } = options
  const simulation = new Simulation(options, clock)
  const { world } = simulation

  const writer = new BookWriter()
  const publisher = new MarketPublisher(writer, new MarketIds(seed))
  const faults = new Faults(options.faults, new Random(seed + faultStream))
  const channel = new MarketChannel({ world, writer, publisher, faults, timers })
  const gate = faultyGate(faults, timers)
  const gamma = await startHttpHost(gammaRoutes(world), { port, gate })
  const clobRoutes = [...clobTokenRoutes(world, writer), ...clobMarketRoutes(world)]
  const clob = await startHttpHost(clobRoutes, { port: port === 0 ? 0 : port + 1, gate })
  const endSockets = serveSockets(clob.server, [
    {
      path: '/ws/market',
      refusal: faultyUpgrade(faults),
      accept: (socket) => channel.accept(socket),
    },
  ])
  const endChannel = channel.start()
  const startedAt = clock.epochMs()
  const endBeat = timers.every(beatMs, () => simulation.run(clock.epochMs() - startedAt))

  const stop = async (): Promise<Truth> => {
    endBeat()
    const truth = simulation.truth()
    endChannel()
    endSockets()
    await Promise.all([gamma.stop(), clob.stop()])
    return truth
  }
  let stopping: Promise<Truth> | undefined
  return {
    urls: urlsOf(gamma.url, clob.url),
    truth: () => simulation.truth(),
    stop() {
      stopping ??= stop()
      return stopping
    },
  }
}

/** Hosts without a face of their own yet answer as the CLOB does: not found. */
function urlsOf(gamma: string, clob: string): ExchangeUrls {
  const socket = clob.replace('http', 'ws')
  return {
    gamma,
    clob,
    marketSocket: `${socket}/ws/market`,
    userSocket: `${socket}/ws/user`,
    data: clob,
    relayer: clob,
    kalshiRest: clob,
    kalshiSocket: `${socket}/trade-api/ws/v2`,
  }
}
