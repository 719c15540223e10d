/**
 * Makes the golden journals of test/golden, from the simulated exchange and never from captures.
 *
 * `--update` keeps the recorded events and writes the effects anew: for a change of what the engine
 * decides, or of how an effect reads, that is meant. Look at the difference before it is committed.
 */
import { mkdtempSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'

import { loadConfig } from '../src/app/load-config.ts'
import { thisMachine } from '../src/app/machine.ts'
import { hostsOf, makeVenues } from '../src/app/make-venues.ts'
import { rerecord } from '../src/app/rerecord.ts'
import { runSession } from '../src/app/session.ts'
import { startSimulatedExchange } from '../src/app/simulated-exchange.ts'
import type { FaultName } from '../src/exchange-sim/fault-names.ts'
import { faultNames } from '../src/exchange-sim/fault-names.ts'
import { compressSegment } from '../src/journal/compress-segment.ts'
import { listSegments } from '../src/journal/segment.ts'

type Golden = {
  readonly name: string
  readonly seed: number
  readonly faults: readonly FaultName[]
  readonly forMs: number
}

const goldens: readonly Golden[] = [
  { name: 'calm', seed: 5, faults: [], forMs: 8_000 },
  { name: 'faulty', seed: 5, faults: faultNames, forMs: 8_000 },
]
const marketsMax = 16
const folder = path.resolve(import.meta.dirname, '../test/golden')

const { values } = parseArgs({ options: { update: { type: 'boolean', default: false } } })
for (const golden of goldens) {
  const place = path.join(folder, golden.name)
  const fresh = mkdtempSync(path.join(tmpdir(), 'golden-'))
  if (values.update) await rerecord(place, fresh)
  else await record(golden, fresh)
  rmSync(place, { recursive: true, force: true })
  renameSync(fresh, place)
  for (const { path: segment, compressed } of await listSegments(place)) {
    const packed = compressed ? segment : await compressSegment(segment)
    console.log(`${packed}: ${Math.ceil(statSync(packed).size / 1024)} KB`)
  }
}
process.exit(0)

async function record({ seed, faults, forMs }: Golden, journal: string): Promise<void> {
  const elsewhere = mkdtempSync(path.join(tmpdir(), 'golden-data-'))
  const exchange = await startSimulatedExchange({ seed, faults })
  const { gamma, clob, marketSocket } = exchange.urls
  const polymarket = {
    gammaUrl: gamma,
    clobUrl: clob,
    marketSocketUrl: marketSocket,
    separateBooksTag: 'separate-books',
    marketsMax,
  }
  const loaded = loadConfig({
    file: undefined,
    folder: elsewhere,
    environment: {},
    overrides: [
      { option: 'golden', path: ['venues'], value: { polymarket } },
      { option: 'golden', path: ['server', 'port'], value: 0 },
      { option: 'golden', path: ['engine', 'catalogueRefreshS'], value: 5 },
    ],
  })
  await runSession({
    request: {
      machine: { ...thisMachine, folder: elsewhere },
      configFile: undefined,
      overrides: [],
      forMs,
      journal,
      stop: new AbortController().signal,
      watcher: { viewEveryMs: 1_000, event: () => {}, view: () => {}, log: () => {} },
    },
    loaded,
    badge: 'SIMULATED',
    title: 'golden',
    makeVenues: (config, log) => makeVenues(config, thisMachine, log),
    hosts: hostsOf(loaded.config),
  })
  await exchange.stop()
  rmSync(elsewhere, { recursive: true, force: true })
}
