import { GroupRegistry } from '../arbitrage/group-registry.ts'
import type { Opportunity } from '../arbitrage/opportunity.ts'
import type { Survey } from '../arbitrage/survey.ts'
import { assert } from '../core/assert.ts'
import type { EpochMs } from '../core/units.ts'
import { plantableKinds } from '../exchange-sim/plant-kinds.ts'
import type { RoomLog } from '../telemetry/create-log.ts'
import { createLog } from '../telemetry/create-log.ts'
import { parseLogFilter } from '../telemetry/log-filter.ts'
import { metricCatalog } from '../telemetry/metric-catalog.ts'
import { MetricRegistry } from '../telemetry/metric-registry.ts'
import { openDemo } from './demo.ts'
import { loadSolver } from './highs-solver.ts'
import { confirmedBy } from './kernel.ts'
import type { LoadedConfig, Override } from './load-config.ts'
import { loadConfig } from './load-config.ts'
import type { Machine } from './machine.ts'
import { hostsOf, makeVenues } from './make-venues.ts'
import { Onlooker } from './onlooker.ts'
import { propositionEntries } from './proposition-entries.ts'
import { Runtime } from './runtime.ts'
import { withinDeadline } from './start-deadline.ts'
import { SurveyDesk } from './survey-desk.ts'
import type { Venue } from './venue.ts'

export type ScanRequest = {
  readonly machine: Machine
  readonly configFile: string | undefined
  readonly forMs: number
  /** With it a simulated exchange is looked at, made from this seed. */
  readonly demoSeed: number | undefined
  readonly stop: AbortSignal
  readonly progress: (text: string) => void
}

/** An opportunity that lasted for a while is one, however often it was seen. */
export type Sighted = {
  /** At its best. */
  readonly opportunity: Opportunity
  readonly firstSeenAt: EpochMs
  readonly lastSeenAt: EpochMs
  readonly sightings: number
}

export type Scanned = {
  /** Best first. */
  readonly sighted: readonly Sighted[]
  readonly surveys: number
  /** Of the last survey. */
  readonly groups: number
  /** Certificates that the checker did not accept: each is a bug. */
  readonly refused: number
}

/** How often everything is looked at. */
const surveyEveryMs = 500

/**
 * Follows the books for a while without trading, and tells every opportunity that was there.
 *
 * The same feeds and the same proofs as a run; the strategies are switched off.
 */
export async function runScan(request: ScanRequest): Promise<Scanned> {
  if (request.demoSeed === undefined) return scanVenues(request)

  request.progress(`starting a simulated exchange, seed ${request.demoSeed}`)
  const { exchange, loaded, credentials } = await openDemo({
    machine: request.machine,
    configFile: request.configFile,
    overrides: strategiesOff,
    seed: request.demoSeed,
    faults: [],
    plants: plantableKinds,
  })
  try {
    const log = logTo(request, loaded)
    const venues = makeVenues(loaded.config, request.machine, log, credentials)
    return await Promise.race([look(request, loaded, venues), exchange.broken])
  } finally {
    await exchange.stop()
  }
}

async function scanVenues(request: ScanRequest): Promise<Scanned> {
  const { machine, configFile } = request
  const { folder, environment } = machine
  const loaded = loadConfig({ file: configFile, folder, environment, overrides: strategiesOff })
  return look(request, loaded, makeVenues(loaded.config, machine, logTo(request, loaded)))
}

const strategiesOff: readonly Override[] = [
  'cross_outcome',
  'outcome_basket',
  'conversion',
  'ladder',
  'combinatorial',
  'cross_venue',
].map((name) => ({ option: 'scan', path: ['strategies', name, 'enabled'], value: false }))

async function look(
  request: ScanRequest,
  loaded: LoadedConfig,
  venues: readonly Venue[],
): Promise<Scanned> {
  const { machine, stop } = request
  const onlooker = new Onlooker(registryOf(loaded))
  let fail: (error: unknown) => void = () => {}
  const broken = new Promise<never>((_, reject) => (fail = reject))
  // A failure that comes after the end is nobody's any more.
  broken.catch((error: unknown) => error)
  const runtime = new Runtime({
    machine,
    config: loaded.config,
    venues,
    metrics: new MetricRegistry(metricCatalog),
    solver: await loadSolver(),
    relations: loaded.relations,
    register: loaded.register,
    plugins: [onlooker],
    log: logTo(request, loaded)('app'),
    tell: () => {},
    fail: (error) => fail(error),
  })
  const desk = SurveyDesk.start()
  const album = new Album()
  try {
    const { timers } = machine
    const hosts = hostsOf(loaded.config)
    await Promise.race([withinDeadline(runtime.start(), { timers, hosts }), broken])
    request.progress('looking')
    const end = machine.clock.nanos() + request.forMs * 1_000_000
    while (!stop.aborted && machine.clock.nanos() < end) {
      await Promise.race([pause(machine, stop), broken])
      const nowMs = machine.clock.epochMs()
      const job = onlooker.job(nowMs)
      const survey = job === undefined ? undefined : await Promise.race([desk.survey(job), broken])
      if (survey !== undefined) album.add(survey, nowMs)
    }
    return album.scanned()
  } finally {
    await desk.stop()
    await runtime.stop()
  }
}

/** What groups are made from besides what venues list: as the kernel has it. */
function registryOf({ relations, register }: LoadedConfig): GroupRegistry {
  const { propositions, watch } = confirmedBy(register)
  const pairs = propositionEntries(propositions, watch)
  return new GroupRegistry([...relations, ...pairs.entries], pairs.watch)
}

function pause({ timers }: Machine, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const cancel = timers.after(surveyEveryMs, resolve)
    const end = (): void => {
      cancel()
      resolve()
    }
    stop.addEventListener('abort', end, { once: true })
  })
}

/** Warnings are told where progress is. */
function logTo({ progress }: ScanRequest, { config, secrets }: LoadedConfig): RoomLog {
  const filter = parseLogFilter(config.log.level)
  assert(filter !== undefined, 'the schema lets only a level through that reads')
  return createLog({ filter, destination: { write: (line) => progress(line.trimEnd()) }, secrets })
}

/** What was seen, each opportunity once. */
class Album {
  readonly #sighted: Map<string, Sighted> = new Map()
  #surveys = 0
  #groups = 0
  #refused = 0

  add({ found, groups, refused }: Survey, at: EpochMs): void {
    this.#surveys++
    this.#groups = groups
    this.#refused += refused.length
    for (const opportunity of found) {
      const known = this.#sighted.get(opportunity.id)
      const isBetter = known === undefined || opportunity.edge > known.opportunity.edge
      this.#sighted.set(opportunity.id, {
        opportunity: isBetter ? opportunity : known.opportunity,
        firstSeenAt: known?.firstSeenAt ?? at,
        lastSeenAt: at,
        sightings: (known?.sightings ?? 0) + 1,
      })
    }
  }

  scanned(): Scanned {
    const sighted = [...this.#sighted.values()].toSorted(
      (a, b) => b.opportunity.edge - a.opportunity.edge,
    )
    return { sighted, surveys: this.#surveys, groups: this.#groups, refused: this.#refused }
  }
}
