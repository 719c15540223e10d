import { loadConfig } from './load-config.ts'
import { hostsOf, makeVenues } from './make-venues.ts'
import type { RunRequest } from './session.ts'
import { runSession } from './session.ts'
import type { RunSummary } from './summary.ts'
import { capped, examineAccounts, examineConsents } from './go-live.ts'
import type { Finding } from './finding.ts'
import { openAccounts } from './live-accounts.ts'

/**
 * Trades on paper against the public feeds of the configured venues. Rejects with a
 * {@link NotLiveError} when the configuration says that it is live.
 */
export async function runPaper(request: RunRequest): Promise<RunSummary> {
  const { machine, configFile, overrides, strategyFiles, sets } = request
  const { folder, environment } = machine
  const loaded = loadConfig({
    file: configFile,
    folder,
    environment,
    overrides,
    strategyFiles,
    sets,
  })
  // Whoever has written "live" must not think that a run without the word trades in earnest.
  if (loaded.config.mode === 'live') refuseWhereFailed(examineConsents(loaded, false))

  const { summary } = await runSession({
    request,
    loaded,
    badge: 'PAPER',
    title: 'prediction-engine on the real feeds, filled on paper',
    makeVenues: (config, log) => makeVenues(config, machine, log),
    hosts: hostsOf(loaded.config),
  })
  return summary
}

/** Why a live run did not start. */
export class NotLiveError extends Error {
  override readonly name = 'NotLiveError'
  readonly findings: readonly Finding[]

  constructor(findings: readonly Finding[]) {
    super('live trading does not start')
    this.findings = findings
  }
}

/**
 * Trades in earnest, with the accounts that the configuration names. Rejects with a
 * {@link NotLiveError} when a consent is missing or an account is not fit.
 */
export async function runLive(request: RunRequest): Promise<RunSummary> {
  const { machine, configFile: file, overrides, strategyFiles, sets } = request
  const { folder, environment } = machine
  const loaded = loadConfig({ file, folder, environment, overrides, strategyFiles, sets })
  const consents = examineConsents(loaded, true)
  refuseWhereFailed(consents)
  // A key is opened once: what was looked at is what trades.
  const { accounts, findings } = await examineAccounts(loaded.config, machine)
  refuseWhereFailed(findings)

  const config = capped(loaded.config)
  const { summary } = await runSession({
    request,
    loaded: { ...loaded, config },
    badge: 'LIVE',
    title: 'prediction-engine, live: orders are real',
    makeVenues: (settings, log) => makeVenues(settings, machine, log),
    accounts: (wanted) => openAccounts(accounts, machine, wanted),
    hosts: hostsOf(config),
  })
  return summary
}

function refuseWhereFailed(findings: readonly Finding[]): void {
  const failed = findings.filter(({ state }) => state !== 'ok')
  if (failed.length > 0) throw new NotLiveError(failed)
}
