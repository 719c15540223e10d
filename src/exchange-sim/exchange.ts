import type { VenueId } from '../core/market.ts'
import { Random } from '../core/random.ts'
import type { ExchangeClock, ExchangeTimers } from './exchange-clock.ts'
import type { FaultName } from './fault-names.ts'
import { controlRoutes } from './control-routes.ts'
import { Faults } from './faults.ts'
import { faultyGate, faultyUpgrade } from './http-faults.ts'
import { startHttpHost } from './http-host.ts'
import { MarketIds } from './market-ids.ts'
import type { KalshiAccount } from './kalshi/accounts.ts'
import type { KalshiControl, KalshiFace } from './kalshi/kalshi-face.ts'
import { startKalshiFace } from './kalshi/kalshi-face.ts'
import type { PlantableKind } from './plant-kinds.ts'
import { BookWriter } from './polymarket/book-text.ts'
import { clobMarketRoutes } from './polymarket/clob-market-routes.ts'
import { clobTokenRoutes } from './polymarket/clob-routes.ts'
import { gammaRoutes } from './polymarket/gamma-routes.ts'
import { MarketChannel } from './polymarket/market-channel.ts'
import { MarketPublisher } from './polymarket/market-publisher.ts'
import type { SettlementDelays } from './polymarket/trade-settler.ts'
import type { FloorControl } from './polymarket/trading-floor.ts'
import { TradingFloor } from './polymarket/trading-floor.ts'
import { Simulation } from './simulation.ts'
import type { SocketRoute } from './socket-host.ts'
import { serveSockets } from './socket-host.ts'
import type { Truth } from './truth.ts'

export type ExchangeOptions = {
  readonly seed: number
  readonly faults: readonly FaultName[]
  /** The first of the ports; 0, the default, takes any that are free. */
  readonly port?: number
  /** The least number of markets. */
  readonly markets?: number
  /** With it the exchange has a face as Kalshi, and some questions are asked on both venues. */
  readonly kalshi?: { readonly accounts: readonly KalshiAccount[] }
  /** Which mispricings are laid; all kinds of one venue by default. */
  readonly plants?: readonly PlantableKind[]
  /** How long trades on Polymarket take to settle, and how long a heart may stand still. */
  readonly settlement?: SettlementDelays
  readonly heartbeatMs?: number
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
  /** The simulated chain's node. */
  readonly rpc: string
  /** The exchange's own door: accounts, audits, mishaps. */
  readonly control: string
}

export type Exchange = {
  readonly urls: ExchangeUrls
  /** Accounts on Polymarket, what the venue knows of them, and what can be done to it. */
  readonly polymarket: FloorControl
  /** The same of Kalshi, where the exchange has that face. */
  readonly kalshi: KalshiControl | undefined
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
  const venues: readonly VenueId[] =
    options.kalshi === undefined ? ['polymarket'] : ['polymarket', 'kalshi']
  const simulation = new Simulation({ ...options, venues }, clock)
  const { world } = simulation

  const writer = new BookWriter()
  const publisher = new MarketPublisher(writer, new MarketIds(seed))
  const faults = new Faults(options.faults, new Random(seed + faultStream))
  const channel = new MarketChannel({ world, writer, publisher, faults, timers })
  const gate = faultyGate(faults, timers)
  const gamma = await startHttpHost(gammaRoutes(world), { port, gate })
  const floor = new TradingFloor({
    ...options,
    world,
    clock,
    timers,
    // Chance of its own again: an order more or less changes nothing in the market data.
    faults: new Faults(options.faults, new Random(seed + faultStream + 2)),
  })
  const clobRoutes = [
    ...clobTokenRoutes(world, writer),
    ...clobMarketRoutes(world),
    ...floor.routes(),
  ]
  const clob = await startHttpHost(clobRoutes, { port: port === 0 ? 0 : port + 1, gate })
  const endSockets = serveSockets(clob.server, socketRoutes(channel, floor, faults))
  const endFloor = floor.start()
  const kalshi = await startKalshi(options, simulation, { clock, timers })
  const control = await startHttpHost(
    controlRoutes({ polymarket: floor, kalshi, truth: () => simulation.truth() }),
    { port: port === 0 ? 0 : port + 3, gate: () => Promise.resolve(undefined) },
  )
  const endChannel = channel.start()
  const startedAt = clock.epochMs()
  const endBeat = timers.every(beatMs, () => simulation.run(clock.epochMs() - startedAt))

  const stop = async (): Promise<Truth> => {
    endBeat()
    const truth = simulation.truth()
    endFloor()
    endChannel()
    endSockets()
    await Promise.all([gamma.stop(), clob.stop(), control.stop(), kalshi?.stop()])
    return truth
  }
  let stopping: Promise<Truth> | undefined
  return {
    urls: { ...urlsOf(gamma.url, clob.url, kalshi), control: control.url },
    polymarket: floor,
    kalshi,
    truth: () => simulation.truth(),
    stop() {
      stopping ??= stop()
      return stopping
    },
  }
}

/** The two channels of Polymarket: what everybody may hear, and what one account may. */
function socketRoutes(
  channel: MarketChannel,
  floor: TradingFloor,
  faults: Faults,
): readonly SocketRoute[] {
  const refusal = faultyUpgrade(faults)
  return [
    { path: '/ws/market', refusal, accept: (socket) => channel.accept(socket) },
    { path: '/ws/user', refusal, accept: (socket) => floor.acceptUserSocket(socket) },
  ]
}

async function startKalshi(
  { seed, port = 0, faults, kalshi }: ExchangeOptions,
  { world }: Simulation,
  machine: ExchangeMachine,
): Promise<KalshiFace | undefined> {
  if (kalshi === undefined) return undefined
  return startKalshiFace({
    ...machine,
    world,
    ids: new MarketIds(seed),
    // Chance of its own: what goes wrong here changes nothing there.
    faults: new Faults(faults, new Random(seed + faultStream + 1)),
    accounts: kalshi.accounts,
    port: port === 0 ? 0 : port + 2,
  })
}

/** Hosts without a face of their own answer as the CLOB does: not found. */
function urlsOf(
  gamma: string,
  clob: string,
  kalshi: KalshiFace | undefined,
): Omit<ExchangeUrls, 'control'> {
  const socket = clob.replace('http', 'ws')
  return {
    gamma,
    clob,
    marketSocket: `${socket}/ws/market`,
    userSocket: `${socket}/ws/user`,
    data: clob,
    relayer: clob,
    rpc: `${clob}/rpc`,
    kalshiRest: kalshi?.restUrl ?? clob,
    kalshiSocket: kalshi?.socketUrl ?? `${socket}/trade-api/ws/v2`,
  }
}
