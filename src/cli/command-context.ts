import type { Override } from '../app/load-config.ts'
import type { Machine } from '../app/machine.ts'
import { exitCode } from './exit-code.ts'
import type { Io } from './io.ts'
import type { StrategyOptions } from './strategy-options.ts'

/** What every command is handed. */
export type CommandContext = {
  readonly io: Io
  readonly machine: Machine
  /** Tells how the command ended: one of exit-code.ts. */
  readonly end: (code: number) => void
}

/** The options that `demo` and `run` share. */
export type RunOptions = {
  readonly for?: number
  readonly json?: true
  readonly port?: number
  readonly config?: string
  readonly journal?: string
} & StrategyOptions

/** What `demo` and `run` ask for of strategies of the user's own. */
export function ownStrategies(
  { strategy, set }: StrategyOptions,
  io: Io,
): {
  readonly strategyFiles: readonly string[]
  readonly sets: readonly string[]
  readonly onStalled: (reason: string) => void
} {
  return {
    strategyFiles: strategy,
    sets: set,
    ...stalledEnd(io),
  }
}

/** Says which strategy loops for ever, and ends the process. */
export function stalledEnd(io: Io): { readonly onStalled: (reason: string) => void } {
  return {
    onStalled: (reason) => {
      io.complain(reason)
      io.quit(exitCode.stalled)
    },
  }
}

export function runOverrides({ port }: RunOptions): readonly Override[] {
  return port === undefined ? [] : [{ option: '--port', path: ['server', 'port'], value: port }]
}
