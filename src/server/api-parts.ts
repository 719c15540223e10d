import type { Clock } from '../ports/clock.ts'
import type { Command } from '../engine/event.ts'
import type { Access } from './access.ts'
import type { BacktestFolder } from './backtest-folder.ts'
import type { JournalSearch } from './journal-search.ts'
import type { LogTail } from './log-tail.ts'
import type { CommandOutcome } from './command-outcome.ts'
import type { PairDesk } from './pair-desk.ts'
import type { Replica } from './replica.ts'
import type { Health } from './schema/health.ts'
import type { StreamHub } from './stream-hub.ts'

/** The way to the engine. It answers when the command has had its effect. */
export type Control = (command: Command) => Promise<CommandOutcome>

/** What the API is made of. Everything a route may touch is here. */
export type ApiParts = {
  readonly replica: Replica
  readonly hub: StreamHub
  readonly access: Access
  readonly logs: LogTail
  readonly pairs: PairDesk
  readonly backtests: BacktestFolder
  readonly journal: JournalSearch
  readonly clock: Clock
  readonly control: Control
  /** Asks the engine's thread for its metrics: at most once a second, however many look. */
  readonly health: () => Promise<Health>
  /** Is told of errors that are bugs. */
  readonly failed: (error: unknown) => void
  /** The configuration, its secrets taken out. */
  readonly config: unknown
}
