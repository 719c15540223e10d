import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { formatSize, formatUsd } from '../core/decimal.ts'
import type { MicroShares } from '../core/units.ts'
import { add, negate, zeroShares } from '../core/units.ts'
import type { EngineView } from '../engine/engine-view.ts'
import type { FaultName } from '../exchange-sim/fault-names.ts'
import type { VenueAudit } from '../exchange-sim/venue-audit.ts'
import { loadSigningKit, derivePolymarketKey } from '../venues/polymarket/index.ts'
import { readExchange } from './demo.ts'
import type { LiveAccounts } from './live-accounts.ts'
import { openAccounts } from './live-accounts.ts'
import type { Machine } from './machine.ts'
import { hostsOf, makeVenues, toKalshi } from './make-venues.ts'
import type { Stage } from './rehearsal-stage.ts'
import { auditsOf, openTheatre } from './rehearsal-stage.ts'
import { RehearsalTally } from './rehearsal-tally.ts'
import type { Runtime } from './runtime.ts'
import type { Followers, RunRequest } from './session.ts'
import { runSession } from './session.ts'
import type { RunSummary } from './summary.ts'

export type RehearsalRequest = RunRequest & {
  readonly seed: number
  readonly faults: readonly FaultName[]
}

/** How a rehearsal ended. The keys are a contract with whoever reads `--json`: they only grow. */
export type RehearsalSummary = RunSummary & {
  readonly orders: number
  readonly basketsClosed: number
  readonly basketsUnwound: number
  readonly basketsQuarantined: number
  /** Baskets that were still at work when nothing was waited for any more. */
  readonly basketsOpen: number
  /** Orders whose fate was not known for a while, and then was. */
  readonly unknownResolved: number
  /** Orders that a venue took more than once. */
  readonly doubledOrders: number
  /** Whether cash and shares in our books are what the venues say, to the micro-dollar. */
  readonly ledgerEqualsVenue: boolean
  readonly exposureMaxUsd: string
  readonly exposureLimitUsd: string
  /** What differs, in words. Empty when nothing does. */
  readonly differences: readonly string[]
}

/** After the time is up, all at work gets so long to end: what fails is tried again for a while. */
const windDownMs = 90_000
const windDownLookMs = 100

/**
 * Trades in earnest on a simulated exchange: the live code with throw-away keys, only hosts differ.
 * At the end our books are compared with what the venues know.
 */
export async function rehearse(request: RehearsalRequest): Promise<RehearsalSummary> {
  const { watcher, seed, faults } = request
  watcher.event({ kind: 'progress', text: `starting a simulated exchange, seed ${seed}` })
  const theatre = await openTheatre({ seed, faults })
  const folder = mkdtempSync(join(tmpdir(), 'rehearsal-'))
  try {
    const stage = await theatre.openStage('rehearsal')
    return await Promise.race([act(stage, { request, folder }), theatre.broken])
  } finally {
    await theatre.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

export type Act = {
  readonly request: RunRequest
  /** Where the books are kept; what an earlier act has left there is gone on with. */
  readonly folder: string
  readonly followers?: Followers
  readonly unattended?: boolean
}

/** One run on a stage, from its start until all that it has begun is ended. */
export async function act(stage: Stage, options: Act): Promise<RehearsalSummary> {
  const { request, folder, followers, unattended } = options
  const { machine } = request
  const { kalshiKey } = stage
  const loaded = await readExchange(stage, {
    machine,
    configFile: request.configFile,
    overrides: [
      ...request.overrides,
      { option: 'rehearse', path: ['data', 'folder'], value: folder },
    ],
    credentials: kalshiKey,
  })
  const { config } = loaded
  const accounts = await accountsOn(stage, machine, toKalshi(config.venues.kalshi, machine))
  const tally = new RehearsalTally()
  const ended: { view?: EngineView; audits?: readonly VenueAudit[] } = {}
  const { summary } = await runSession({
    request,
    loaded,
    badge: 'SIMULATED',
    title: 'rehearsal: live trading on a simulated exchange',
    makeVenues: (settings, log) => makeVenues(settings, machine, log, kalshiKey),
    accounts: (wanted) => openAccounts(accounts, machine, wanted),
    continues: true,
    followers: (runtime) => {
      tally.watch(runtime)
      runtime.follow({ observe: (effect) => tally.observe(effect), learn: () => undefined })
      return followers ?? {}
    },
    windDown: async (runtime) => {
      await windDown(runtime, machine)
      ended.view = runtime.view
      ended.audits = await auditsOf(stage)
    },
    hosts: hostsOf(config),
    unattended,
  })
  const { audits = [], view } = ended
  const differences = view === undefined ? ['it did not end'] : differencesOf(view, audits)
  return {
    ...summary,
    ...tally.result(),
    basketsOpen: view?.openBaskets ?? 0,
    orders: audits.reduce((sum, { orders }) => sum + orders.length, 0),
    doubledOrders: audits.reduce((sum, { doubledOrders }) => sum + doubledOrders.length, 0),
    ledgerEqualsVenue: differences.length === 0,
    exposureLimitUsd: formatUsd(config.risk.totalExposureMax),
    differences,
  }
}

async function accountsOn(
  { kalshiKey, urls, walletKey }: Stage,
  { clock }: Machine,
  config: NonNullable<LiveAccounts['kalshi']>['config'],
): Promise<LiveAccounts> {
  const kit = await loadSigningKit(Buffer.from(walletKey, 'hex'))
  const hosts = {
    clobUrl: urls.clob,
    userSocketUrl: urls.userSocket,
    dataUrl: urls.data,
    relayerUrl: urls.relayer,
    rpcUrl: urls.rpc,
  }
  return {
    polymarket: {
      hosts,
      kit,
      apiKey: await derivePolymarketKey({ clobUrl: urls.clob, kit, clock }),
      signatureType: 0,
      funder: kit.signer.address,
    },
    kalshi: { config, key: kalshiKey },
  }
}

/** No new baskets, and time for those at work to end and for their trades to settle. */
async function windDown(runtime: Runtime, { clock, timers }: Machine): Promise<void> {
  runtime.pause()
  const until = clock.epochMs() + windDownMs
  let calm = 0
  while (clock.epochMs() < until && calm < 10) {
    await new Promise<void>((resolve) => void timers.after(windDownLookMs, resolve))
    calm = runtime.view.atRest ? calm + 1 : 0
  }
}

/** Where our books are not what the venues say. */
export function differencesOf(view: EngineView, audits: readonly VenueAudit[]): readonly string[] {
  return audits.flatMap(({ cash, positions, venue }) => {
    const ours = formatUsd(view.cashOf(venue))
    const money = ours === cash ? [] : [`${venue}: cash is ${ours} here and ${cash} there`]
    const held = venue === 'kalshi' ? netHoldings(view) : holdings(view)
    const theirs = new Map(positions.map(({ instrument, size }) => [instrument, size]))
    const names = new Set([...held.keys(), ...theirs.keys()])
    const shares = [...names].flatMap((name) => {
      const here = formatSize(held.get(name) ?? zeroShares)
      const there = theirs.get(name) ?? formatSize(zeroShares)
      return here === there ? [] : [`${venue}: ${name} is ${here} here and ${there} there`]
    })
    return [...money, ...shares]
  })
}

/** By token. */
function holdings(view: EngineView): ReadonlyMap<string, MicroShares> {
  const held = view.positions().filter(({ position }) => position.venue === 'polymarket')
  return new Map(held.map(({ position }) => [position.instrument, position.size]))
}

/** By market, NO as less than nothing: Kalshi nets the two outcomes of a market. */
function netHoldings(view: EngineView): ReadonlyMap<string, MicroShares> {
  const net = new Map<string, MicroShares>()
  for (const { position } of view.positions()) {
    if (position.venue !== 'kalshi') continue
    const { market, outcome, size } = position
    const change = outcome === 'yes' ? size : negate(size)
    net.set(market, add(net.get(market) ?? zeroShares, change))
  }
  for (const [market, size] of net) if (size === 0) net.delete(market)
  return net
}
