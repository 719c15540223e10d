import type { Market } from '../core/market.ts'
import type { OutcomeSet } from '../core/outcome-set.ts'
import type { EpochMs } from '../core/units.ts'
import type { Confirmation, ConfirmResult } from '../propositions/confirm.ts'
import { confirmPair } from '../propositions/confirm.ts'
import type { Evidence } from '../propositions/evidence.ts'
import { weigh } from '../propositions/evidence.ts'
import { readListing } from '../propositions/extract.ts'
import type { Listing } from '../propositions/listing.ts'
import { listingOf } from '../propositions/listing.ts'
import type { RegisterEntry } from '../propositions/register.ts'
import { writeEntry, writeWithdrawal } from '../propositions/register.ts'
import type { Withdrawal } from '../propositions/sentinel.ts'
import { Sentinel } from '../propositions/sentinel.ts'
import type { Suggestion } from '../propositions/suggest.ts'
import { suggestPairs } from '../propositions/suggest.ts'
import { createLog } from '../telemetry/create-log.ts'
import { openDemo } from './demo.ts'
import { readSettings } from './load-config.ts'
import type { Machine } from './machine.ts'
import { hostsOf, makeVenues } from './make-venues.ts'
import { readRegisterFile, registerFileName, writeRegisterFile } from './propositions-file.ts'
import { withinDeadline } from './start-deadline.ts'
import type { Venue } from './venue.ts'

export type PairsRequest = {
  readonly machine: Machine
  readonly configFile: string | undefined
  /** The register, when it is not the one that the configuration names. */
  readonly registerFile: string | undefined
  /** With it a simulated exchange is read, made from this seed. */
  readonly demoSeed: number | undefined
  readonly progress: (text: string) => void
}

/** What both venues list now. */
type Listings = {
  readonly markets: readonly Market[]
  readonly polymarket: readonly Listing[]
  readonly kalshi: readonly Listing[]
}

/** Pairs worth reading, the most promising first, and those that are in the register already. */
export async function findPairs(
  request: PairsRequest,
): Promise<{ readonly found: readonly Suggestion[]; readonly confirmed: ReadonlySet<string> }> {
  const { entries } = registerOf(request)
  const { polymarket, kalshi } = await readListings(request)
  const confirmed = new Set<string>(entries.map(({ id }) => id))
  return { found: suggestPairs(polymarket, kalshi), confirmed }
}

/** The evidence of one pair, named by its id or by its two markets. */
export async function weighPair(
  request: PairsRequest,
  names: readonly string[],
): Promise<Evidence | undefined> {
  return evidenceOf(await readListings(request), registerOf(request).entries, names)
}

/** Confirms a pair in the register. Undefined when there is no such pair. */
export async function confirmInRegister(
  request: PairsRequest,
  names: readonly string[],
  word: Omit<Confirmation, 'at'>,
): Promise<{ readonly result: ConfirmResult; readonly file: string } | undefined> {
  const register = registerOf(request)
  const evidence = evidenceOf(await readListings(request), register.entries, names)
  if (evidence === undefined) return undefined

  const result = confirmPair(evidence, { ...word, at: request.machine.clock.epochMs() })
  if (result.kind === 'confirmed') {
    writeRegisterFile(register, writeEntry(register.text, result.entry))
  }
  return { result, file: register.file }
}

/** A confirmed pair as it stands now. */
export type CheckedPair = {
  readonly entry: RegisterEntry
  readonly state: 'holds' | 'not-listed' | 'withdrawn' | 'withdrawn-now'
  readonly detail: string
}

/**
 * Holds every confirmed pair against what both venues list now, and writes into the register what
 * no longer holds.
 */
export async function checkRegister(
  request: PairsRequest,
): Promise<{ readonly pairs: readonly CheckedPair[]; readonly file: string }> {
  const register = registerOf(request)
  if (register.entries.length === 0) return { pairs: [], file: register.file }

  const { markets } = await readListings(request)
  const sentinel = new Sentinel(register.entries)
  sentinel.onMarkets(markets)
  const at = request.machine.clock.epochMs()
  const fresh = sentinel.withdrawals.filter(({ reason }) => reason !== 'withdrawn-by-hand')
  if (fresh.length > 0) {
    writeRegisterFile(
      register,
      fresh.reduce((text, one) => withdrawn(text, one, at), register.text),
    )
  }
  const listed = new Set(markets.map(({ venue, id }) => `${venue}:${id}`))
  const pairs = register.entries.map((entry) => checkedPair(entry, sentinel, listed))
  return { pairs, file: register.file }
}

function withdrawn(text: string, { id, reason, detail }: Withdrawal, at: EpochMs): string {
  return writeWithdrawal(text, id, { at, because: `${reason}: ${detail}` })
}

function checkedPair(
  entry: RegisterEntry,
  sentinel: Sentinel,
  listed: ReadonlySet<string>,
): CheckedPair {
  if (entry.withdrawn !== undefined) {
    return { entry, state: 'withdrawn', detail: entry.withdrawn.because }
  }
  const now = sentinel.withdrawals.find(({ id }) => id === entry.id)
  if (now !== undefined) {
    return { entry, state: 'withdrawn-now', detail: `${now.reason}: ${now.detail}` }
  }
  const missing = [
    ...(listed.has(`polymarket:${entry.polymarket.market}`) ? [] : ['polymarket']),
    ...(listed.has(`kalshi:${entry.kalshi.market}`) ? [] : ['kalshi']),
  ]
  if (missing.length === 0) return { entry, state: 'holds', detail: '' }
  return { entry, state: 'not-listed', detail: `not listed on ${missing.join(' and ')} now` }
}

function registerOf({
  machine,
  configFile,
  registerFile,
}: PairsRequest): ReturnType<typeof readRegisterFile> {
  const { folder, environment } = machine
  const { config } = readSettings({ file: configFile, folder, environment, overrides: [] })
  return readRegisterFile(registerFile ?? config.propositions.file ?? registerFileName, folder)
}

function evidenceOf(
  { polymarket, kalshi }: Listings,
  entries: readonly RegisterEntry[],
  names: readonly string[],
): Evidence | undefined {
  const [id, ticker] = names
  const known = entries.find((entry) => entry.id === id)
  const isNamed = (listing: Listing, name: string | undefined): boolean =>
    listing.market === name || listing.slug === name
  const pick = (
    wanted: readonly [string | undefined, string | undefined],
  ): Evidence | undefined => {
    const first = polymarket.find((listing) => isNamed(listing, wanted[0]))
    const second = kalshi.find((listing) => isNamed(listing, wanted[1]))
    if (first === undefined || second === undefined) return undefined
    return weigh(readListing(first), readListing(second))
  }
  if (ticker !== undefined) return pick([id, ticker])
  if (known !== undefined) return pick([known.polymarket.market, known.kalshi.market])
  return suggestPairs(polymarket, kalshi).find((one) => one.id === id)?.evidence
}

async function readListings(request: PairsRequest): Promise<Listings> {
  const { machine, demoSeed } = request
  const log = createLog({
    filter: { level: 'off', rooms: new Map() },
    destination: { write: () => {} },
    secrets: [],
  })
  if (demoSeed === undefined) {
    const { folder, environment } = machine
    const { config } = readSettings({
      file: request.configFile,
      folder,
      environment,
      overrides: [],
    })
    return listingsOf(makeVenues(config, machine, log), machine, hostsOf(config))
  }
  request.progress(`starting a simulated exchange, seed ${demoSeed}`)
  const { exchange, loaded, credentials } = await openDemo({
    machine,
    configFile: request.configFile,
    overrides: [{ option: 'pairs', path: ['propositions', 'file'], value: undefined }],
    seed: demoSeed,
    faults: [],
    plants: [],
  })
  try {
    const venues = makeVenues(loaded.config, machine, log, credentials)
    return await listingsOf(venues, machine, hostsOf(loaded.config))
  } finally {
    await exchange.stop()
  }
}

async function listingsOf(
  venues: readonly Venue[],
  { timers }: Machine,
  hosts: readonly string[],
): Promise<Listings> {
  const loads = Promise.all(venues.map((venue) => venue.catalogue.load()))
  const changes = await withinDeadline(loads, { timers, hosts })
  const sets = new Map<string, OutcomeSet>(
    changes.flatMap((change) => change.sets.map((set) => [`${set.venue}:${set.id}`, set] as const)),
  )
  const markets = changes.flatMap((change) => change.markets)
  const of = (venue: Market['venue']): readonly Listing[] =>
    markets
      .filter((market) => market.venue === venue)
      .map((market) => listingOf(market, sets.get(`${market.venue}:${market.set ?? ''}`)))
  return { markets, polymarket: of('polymarket'), kalshi: of('kalshi') }
}
