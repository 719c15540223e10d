import { loadConfig } from './load-config.ts'
import { hostsOf, makeVenues } from './make-venues.ts'
import type { RunRequest } from './session.ts'
import { runSession } from './session.ts'
import type { RunSummary } from './summary.ts'

/** Trades on paper against the public feeds of the configured venues. */
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
