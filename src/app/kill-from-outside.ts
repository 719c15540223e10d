import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

import type { VenueId } from '../core/market.ts'
import { zeroShares } from '../core/units.ts'
import { controlResult, killWord, refusal } from '../server/schema/control.ts'
import { tokenFile } from './access-tokens.ts'
import type { Config } from './config.ts'
import { liveAccounts } from './go-live.ts'
import { killFile } from './kill-switch.ts'
import { openAccounts } from './live-accounts.ts'
import { loadConfig } from './load-config.ts'
import type { Machine } from './machine.ts'
import type { KillResult } from './trading-wire.ts'
import { TradingWire } from './trading-wire.ts'
import { describeKill } from './kill-trading.ts'
import { silentLog } from './silent-log.ts'

export type KillRequest = {
  readonly machine: Machine
  readonly configFile: string | undefined
  readonly port: number | undefined
}

export type KillAnswer = {
  /** Whether it was seen that nothing is open any more. */
  readonly done: boolean
  readonly message: string
}

const answerMsMax = 60_000
const askAgainMs = 500
const venueIds: readonly VenueId[] = ['polymarket', 'kalshi']

/**
 * Ends trading from another process: the engine that runs is told, and says what the venues said.
 *
 * Where none answers, the file that keeps one from starting is written, and what is open at the
 * venues of a live configuration is cancelled from here.
 */
export async function killFromOutside(request: KillRequest): Promise<KillAnswer> {
  const { machine } = request
  const { folder, environment } = machine
  const { config } = loadConfig({ file: request.configFile, folder, environment, overrides: [] })
  const data = path.resolve(folder, config.data.folder)
  const address = `http://127.0.0.1:${request.port ?? config.server.port}`
  const told = await tellEngine(address, readToken(tokenFile(data, 'control')), machine)
  if (told !== undefined) return told
  return cancelFromHere(config, machine, address, data)
}

/**
 * Undefined when no engine answers there. One that has not seen the end of it yet is asked again:
 * it answers before the venues do when these are slow.
 */
async function tellEngine(
  address: string,
  token: string | undefined,
  { clock, timers }: Machine,
): Promise<KillAnswer | undefined> {
  if (token === undefined) return undefined
  const until = clock.epochMs() + answerMsMax
  for (;;) {
    const answer = await askEngine(address, token)
    if (answer === undefined || answer.done || clock.epochMs() >= until) return answer
    await new Promise<void>((resolve) => void timers.after(askAgainMs, resolve))
  }
}

async function askEngine(address: string, token: string): Promise<KillAnswer | undefined> {
  try {
    const response = await fetch(`${address}/api/control/kill`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ confirm: killWord }),
      signal: AbortSignal.timeout(answerMsMax),
    })
    const body: unknown = await response.json()
    if (response.ok) return { done: true, message: controlResult.parse(body).message }
    const said = refusal.safeParse(body)
    return { done: false, message: said.success ? said.data.message : `${response.status}` }
  } catch {
    // Nobody listens there, or what does is no engine: either way there is none to be told.
    return undefined
  }
}

async function cancelFromHere(
  config: Config,
  machine: Machine,
  address: string,
  data: string,
): Promise<KillAnswer> {
  const nobody = `no engine answers on ${address}`
  const venues = venueIds.filter((venue) => config.live[venue].enabled)
  if (venues.length === 0) {
    return { done: false, message: `${nobody}, and the configuration names no account` }
  }
  mkdirSync(data, { recursive: true, mode: 0o700 })
  writeFileSync(killFile(data), 'killed from the command line\n', { mode: 0o600 })
  const results = await Promise.all(venues.map((venue) => cancelAt(venue, config, machine)))
  const { done, message } = describeKill(results.flat())
  return { done, message: `${nobody}; from here:\n${message}` }
}

/** An account that cannot be opened keeps nobody from cancelling what is at the other venue. */
async function cancelAt(
  venue: VenueId,
  config: Config,
  machine: Machine,
): Promise<readonly KillResult[]> {
  const { kalshi, polymarket } = config.live
  const live = {
    ...config.live,
    polymarket: { ...polymarket, enabled: venue === 'polymarket' },
    kalshi: { ...kalshi, enabled: venue === 'kalshi' },
  }
  try {
    const accounts = await openAccounts(await liveAccounts({ ...config, live }, machine), machine, {
      log: () => silentLog,
      marketOf: () => undefined,
      heldOf: () => ({ yes: zeroShares, no: zeroShares }),
    })
    const wire = new TradingWire({ accounts, machine, log: silentLog, process: () => undefined })
    return await wire.cancelAll()
  } catch (error) {
    return [{ venue, error: error instanceof Error ? error.message : String(error) }]
  }
}

function readToken(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    // No engine has been started here.
    return undefined
  }
}
