import { accessSync, constants, statfsSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import type { Config } from './config.ts'
import type { ConfigProblem } from './config-problem.ts'
import { examineHosts } from './examine-hosts.ts'
import type { Finding } from './finding.ts'
import { ConfigError, loadConfig } from './load-config.ts'
import type { LoadedConfig } from './load-config.ts'
import type { Machine } from './machine.ts'

const gigabyte = 1024 ** 3
/** A day of both venues' feeds, compressed, with room to spare. */
const freeBytesMin = 2 * gigabyte

/** Looks at everything a run needs. Never rejects: what is wrong is a finding. */
export async function examine({
  machine,
  configFile,
  live = false,
}: {
  readonly machine: Machine
  readonly configFile: string | undefined
  /** Whether all that live trading needs is looked at as well: keys, accounts, consents. */
  readonly live?: boolean
}): Promise<readonly Finding[]> {
  const { finding, loaded } = examineConfig(machine, configFile)
  const { config } = loaded
  return [
    examineNode(process.versions.node),
    finding,
    ...examineFile(loaded.file),
    examineFolder(machine.folder),
    examineDisk(machine.folder),
    await examinePort(config.server),
    ...examineKey(machine.environment),
    ...examineAlerts(loaded.alerts.problems),
    // Which hosts to ask stands in the configuration.
    ...(finding.state === 'ok' ? await examineHosts(config, machine.clock) : []),
    ...(live && finding.state === 'ok' ? await examineLive(loaded, machine) : []),
  ]
}

export function examineNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const fits = major > 22 || (major === 22 && minor >= 19)
  return {
    name: 'Node',
    state: fits ? 'ok' : 'failure',
    found: version,
    remedy: fits ? '' : 'install Node 22.19 or newer, best 24',
  }
}

function examineConfig(
  { environment, folder }: Machine,
  file: string | undefined,
): { readonly finding: Finding; readonly loaded: LoadedConfig } {
  try {
    const loaded = loadConfig({ file, folder, environment, overrides: [] })
    const found = loaded.file ?? 'no file, everything at its default'
    return { finding: { name: 'configuration', state: 'ok', found, remedy: '' }, loaded }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const [first] = error.problems
    const more = error.problems.length > 1 ? ` and ${error.problems.length - 1} more` : ''
    const finding: Finding = {
      name: 'configuration',
      state: 'failure',
      found:
        first === undefined ? error.message : `${first.where} ${first.key}: ${first.what}${more}`,
      remedy: first?.remedy ?? '',
    }
    // The rest is looked at as it would be without the file, so that one visit tells most.
    const loaded = loadConfig({ file: '/dev/null', folder, environment: {}, overrides: [] })
    return { finding, loaded: { ...loaded, file: undefined } }
  }
}

async function examineLive(loaded: LoadedConfig, machine: Machine): Promise<readonly Finding[]> {
  const { examineAccounts, examineConsents } = await import('./go-live.ts')
  const { findings } = await examineAccounts(loaded.config, machine)
  return [...examineConsents(loaded, true), ...findings]
}

function examineFile(file: string | undefined): readonly Finding[] {
  if (file === undefined) return []
  const open = (statSync(file).mode & 0o022) !== 0
  return [
    {
      name: 'permissions',
      state: open ? 'warning' : 'ok',
      found: open ? `${file} can be changed by other users` : 'only its owner can change the file',
      remedy: open ? `chmod go-w ${file}` : '',
    },
  ]
}

function examineFolder(folder: string): Finding {
  const name = 'folder'
  try {
    accessSync(folder, constants.R_OK | constants.W_OK)
    return { name, state: 'ok', found: `${folder} can be written`, remedy: '' }
  } catch (error) {
    const found = `${folder} cannot be written (${codeOf(error)})`
    return { name, state: 'failure', found, remedy: 'run from a folder of your own' }
  }
}

function examineDisk(folder: string): Finding {
  const { bavail, bsize } = statfsSync(folder)
  const free = bavail * bsize
  const enough = free >= freeBytesMin
  return {
    name: 'disk',
    state: enough ? 'ok' : 'warning',
    found: `${(free / gigabyte).toFixed(1)} GB free`,
    remedy: enough ? '' : `free some: ${freeBytesMin / gigabyte} GB are little for recordings`,
  }
}

function examinePort({ host, port }: Config['server']): Promise<Finding> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error) => {
      resolve({
        name: 'port',
        state: 'failure',
        found: `${host}:${port} cannot be listened on (${codeOf(error)})`,
        remedy: 'stop what has it, or choose another: --port, or [server] port',
      })
    })
    server.listen(port, host, () => {
      const found = port === 0 ? `any free one on ${host}` : `${host}:${port} is free`
      server.close(() => resolve({ name: 'port', state: 'ok', found, remedy: '' }))
    })
  })
}

function examineAlerts(problems: readonly ConfigProblem[]): readonly Finding[] {
  return problems.map(({ remedy, what, where }) => ({
    name: 'alerts',
    state: 'failure',
    found: `${where}: ${what}`,
    remedy,
  }))
}

function examineKey(environment: Machine['environment']): readonly Finding[] {
  if ((environment['PRIVATE_KEY'] ?? '') === '') return []
  return [
    {
      name: 'PRIVATE_KEY',
      state: 'warning',
      found: 'is set: any program that you start can read it',
      remedy: 'keep it in a keystore: prediction-engine keys import',
    },
  ]
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN'
}
