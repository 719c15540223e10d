import type { Override } from '../app/load-config.ts'
import type { Machine } from '../app/machine.ts'
import type { Io } from './io.ts'

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
}

export function runOverrides({ port }: RunOptions): readonly Override[] {
  return port === undefined ? [] : [{ option: '--port', path: ['server', 'port'], value: port }]
}
