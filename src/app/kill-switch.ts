import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

import type { Log } from '../ports/log.ts'
import { ConfigError } from './load-config.ts'
import type { Machine } from './machine.ts'

const lookEveryMs = 500

/** While this file is there, nothing is traded: whoever can write it can end trading. */
export function killFile(dataFolder: string): string {
  return join(dataFolder, 'KILL')
}

/** Refuses a start that somebody has forbidden. Throws a `ConfigError`. */
export function refuseWhereKilled(dataFolder: string): void {
  const file = killFile(dataFolder)
  if (!existsSync(file)) return
  throw new ConfigError([
    {
      where: file,
      key: '',
      what: 'is there: trading was killed',
      remedy: 'find out why, then remove the file',
    },
  ])
}

export type KillSwitchOptions = {
  readonly dataFolder: string
  readonly machine: Machine
  readonly log: Log
  readonly kill: () => void
}

/**
 * The ways to end trading that need no network: the file `KILL` in the data folder, and the signal
 * SIGUSR2. Either way the file stays, so that no restart trades by itself. What is given back ends
 * the watching.
 */
export function watchKillSwitch({ dataFolder, kill, log, machine }: KillSwitchOptions): () => void {
  const file = killFile(dataFolder)
  let killed = false
  const pull = (how: string): void => {
    if (killed) return
    killed = true
    log.error('trading is killed', { how })
    kill()
  }
  const onSignal = (): void => {
    writeFileSync(file, 'killed by a signal\n', { mode: 0o600 })
    pull('SIGUSR2')
  }
  process.on('SIGUSR2', onSignal)
  const stop = machine.timers.every(lookEveryMs, () => {
    if (existsSync(file)) pull(file)
  })
  return () => {
    stop()
    process.off('SIGUSR2', onSignal)
  }
}
