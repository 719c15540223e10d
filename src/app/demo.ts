import { generateKeyPairSync } from 'node:crypto'

import { epochMs } from '../core/units.ts'
import type { ExchangeUrls } from '../exchange-sim/exchange.ts'
import type { FaultName } from '../exchange-sim/fault-names.ts'
import { faultNames } from '../exchange-sim/fault-names.ts'
import { judgeSignals, lookAlikesAmong } from '../exchange-sim/judge.ts'
import type { PlantableKind } from '../exchange-sim/plant-kinds.ts'
import type { Plant } from '../exchange-sim/truth.ts'
import type { Config } from './config.ts'
import { demoRegister } from './demo-register.ts'
import { demoRelations } from './demo-relations.ts'
import { loadConfig } from './load-config.ts'
import { silentLog } from './silent-log.ts'
import type { KalshiCredentials } from '../venues/kalshi/index.ts'
import type { LoadedConfig, Override } from './load-config.ts'
import type { Machine } from './machine.ts'
import { hostsOf, makeVenues } from './make-venues.ts'
import type { FinishedSession, RunRequest } from './session.ts'
import { runSession } from './session.ts'
import type { SimulatedExchange } from './simulated-exchange.ts'
import { startSimulatedExchange } from './simulated-exchange.ts'
import type { DemoSummary } from './summary.ts'
import { loadUserStrategies } from './user-strategies.ts'

export type DemoRequest = RunRequest & {
  readonly seed: number
  readonly faults: readonly FaultName[]
}

/** News may be so old when it is read: sockets, buffers, two threads on a busy machine. */
const deliveryMs = 500
/** A process that stood still reads old news after it, and may stand still again while it does. */
const stallsCounted = 2

/** Enough for several sockets, so that losing one is not losing all. */
const marketsMin = 400

/** How long a plant must have stood before our eyes: longer than news takes to arrive. */
const seenMsMin = 200

/** Simulated markets resolve within minutes, so that a short demo has some. */
const demoRefreshS = 5

/** The account of a demo on Kalshi's face. */
const demoKeyId = 'demo'

/** The tag of the simulated markets whose YES and NO books are kept apart. */
const separateBooksTag = 'separate-books'

/**
 * Trades on paper against a simulated exchange, and judges the result by what the exchange knows.
 *
 * Only addresses differ from a run on the real venue.
 */
export async function runDemo(request: DemoRequest): Promise<DemoSummary> {
  const { machine, seed, faults, watcher, strategyFiles, sets } = request
  const { folder, environment } = machine
  const source = { file: request.configFile, folder, environment, strategyFiles, sets }
  // Before anything is started, so that a mistake in the file is all there is to see.
  const { config, origins } = loadConfig({ ...source, overrides: request.overrides })
  const { files, own } = config.strategies
  await loadUserStrategies({ files, folder, own, origins })

  watcher.event({ kind: 'progress', text: `starting a simulated exchange, seed ${seed}` })
  const { exchange, loaded, credentials } = await openDemo({
    ...request,
    plants: plantsFor(config),
  })
  try {
    const faulty = faults.length === 0 ? '' : `, ${faults.length} faults`
    const session = runSession({
      request,
      loaded,
      badge: 'SIMULATED',
      title: `demo on a simulated exchange, seed ${seed}${faulty}`,
      makeVenues: (config, log) => makeVenues(config, machine, log, credentials),
      hosts: hostsOf(loaded.config),
    })
    const { summary, sightings, watched, stallMs } = await Promise.race([session, exchange.broken])
    const truth = await exchange.stop()
    const planted = truth.planted.filter((plant) => wasThereToSee(plant, watched))
    const toleranceMs = deliveryMs + stallsCounted * stallMs
    const verdict = judgeSignals({ ...truth, planted }, sightings, toleranceMs)
    const { missed, unfounded, ...judged } = verdict
    for (const { kind, markets, fromMs } of missed) {
      watcher.event({
        kind: 'judged',
        verdict: 'missed',
        what: kind,
        markets,
        atMs: epochMs(fromMs),
      })
    }
    for (const { strategy, markets, atMs } of unfounded) {
      watcher.event({
        kind: 'judged',
        verdict: 'unfounded',
        what: strategy,
        markets,
        atMs: epochMs(atMs),
      })
    }
    const lookAlikesTraded = lookAlikesAmong(truth, sightings)
    return { ...summary, seed, faults, ...judged, lookAlikesTraded }
  } finally {
    await exchange.stop()
  }
}

export type DemoWanted = {
  readonly machine: Machine
  readonly configFile: string | undefined
  readonly overrides: readonly Override[]
  readonly seed: number
  readonly faults: readonly FaultName[]
  readonly plants: readonly PlantableKind[]
} & Pick<RunRequest, 'strategyFiles' | 'sets'>

/** A simulated exchange, and the configuration of somebody who has read its rules. */
export type OpenDemo = {
  readonly exchange: SimulatedExchange
  readonly loaded: LoadedConfig
  readonly credentials: KalshiCredentials
}

/** Starts the exchange, and reads from it which questions are asked on both of its venues. */
export async function openDemo(wanted: DemoWanted): Promise<OpenDemo> {
  const { seed, faults, plants } = wanted
  const key = throwAwayKey()
  const exchange = await startSimulatedExchange({
    seed,
    faults,
    markets: marketsMin,
    kalshi: { accounts: [{ keyId: demoKeyId, publicKeyPem: key.publicKeyPem }] },
    plants,
  })
  try {
    const credentials = { keyId: demoKeyId, privateKeyPem: key.privateKeyPem }
    const loaded = await readExchange(exchange, { ...wanted, credentials })
    return { exchange, loaded, credentials }
  } catch (error) {
    await exchange.stop()
    throw error
  }
}

export type Reading = Pick<
  DemoWanted,
  'machine' | 'configFile' | 'overrides' | 'strategyFiles' | 'sets'
> & {
  readonly credentials: KalshiCredentials
}

/** The configuration of somebody who has read an exchange's rules. */
export async function readExchange(
  { pairs, urls }: Pick<SimulatedExchange, 'pairs' | 'urls'>,
  { configFile: file, credentials, machine, overrides: given, strategyFiles, sets }: Reading,
): Promise<LoadedConfig> {
  const { folder, environment } = machine
  const overrides = [...given, ...demoOverrides(urls)]
  const read = loadConfig({ file, folder, environment, overrides, strategyFiles, sets })
  // What the reading of the rules has to say is said again when the run loads them.
  const readers = makeVenues(read.config, machine, () => silentLog, credentials)
  const register = await demoRegister(readers, pairs, machine.clock.epochMs())
  const relations = [...read.relations, ...demoRelations()]
  return { ...read, relations, register: [...read.register, ...register] }
}

/** What the strategies at work can find: what nobody looks for would only be counted as missed. */
function plantsFor({ strategies }: Config): readonly PlantableKind[] {
  const kinds: PlantableKind[] = []
  if (strategies.crossOutcome.enabled) kinds.push('cross-outcome')
  if (strategies.outcomeBasket.enabled) kinds.push('outcome-basket-yes', 'outcome-basket-no')
  if (strategies.conversion.enabled) kinds.push('conversion')
  if (strategies.ladder.enabled) kinds.push('ladder')
  if (strategies.combinatorial.enabled) kinds.push('combinatorial')
  if (strategies.crossVenue.enabled) kinds.push('cross-venue')
  return kinds
}

/** A plant that stood for a moment before we looked, or after, could not be found. */
function wasThereToSee(plant: Plant, { fromMs, untilMs }: FinishedSession['watched']): boolean {
  return Math.min(plant.untilMs, untilMs) - Math.max(plant.fromMs, fromMs) >= seenMsMin
}

/** Each name once; `all` is every one. A text says what is wrong. */
export function parseFaults(names: readonly string[]): readonly FaultName[] | string {
  if (names.includes('all')) return faultNames
  const unknown = names.filter((name) => !isFault(name))
  if (unknown.length > 0) {
    const known = faultNames.join(', ')
    return `"${unknown.join('", "')}" is no fault; expected all, or some of ${known}`
  }
  return faultNames.filter((name) => names.includes(name))
}

/** What to write into the configuration file to trade against an exchange that runs by itself. */
export function configFor(urls: ExchangeUrls): readonly string[] {
  return [
    '[venues.polymarket]',
    `gamma_url = "${urls.gamma}"`,
    `clob_url = "${urls.clob}"`,
    `market_socket_url = "${urls.marketSocket}"`,
    `separate_books_tag = "${separateBooksTag}"`,
    '',
    '[venues.kalshi]',
    'enabled = false',
  ]
}

/** The venue as a whole: filters of a user's file are for the real one. */
function demoOverrides(urls: ExchangeUrls): readonly Override[] {
  const polymarket = {
    gammaUrl: urls.gamma,
    clobUrl: urls.clob,
    marketSocketUrl: urls.marketSocket,
    separateBooksTag,
  }
  const kalshi = { restUrl: urls.kalshiRest, socketUrl: urls.kalshiSocket }
  return [
    { option: 'demo', path: ['venues'], value: { polymarket, kalshi } },
    { option: 'demo', path: ['engine', 'catalogue_refresh_s'], value: demoRefreshS },
    // The exchange has traders of its own, who really are there before us now and then.
    { option: 'demo', path: ['paper', 'rivals'], value: false },
    // A demo shows what is found. That money locked up for months must earn more is for real runs.
    { option: 'demo', path: ['strategies', 'cross_venue', 'hurdle_per_year'], value: 0 },
    { option: 'demo', path: ['strategies', 'ladder', 'hurdle_per_year'], value: 0 },
    { option: 'demo', path: ['strategies', 'combinatorial', 'hurdle_per_year'], value: 0 },
  ]
}

/** A key that lives as long as the demo, so that signatures are made and checked as in earnest. */
function throwAwayKey(): { readonly privateKeyPem: string; readonly publicKeyPem: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  return {
    privateKeyPem: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    publicKeyPem: String(publicKey.export({ type: 'spki', format: 'pem' })),
  }
}

function isFault(name: string): name is FaultName {
  return faultNames.some((known) => known === name)
}
