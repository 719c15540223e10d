import type { VenueId, MarketId } from '../core/market.ts'
import type { Command } from '../engine/event.ts'
import type { RegisterEntry } from '../propositions/register.ts'
import type { Tokens } from '../server/access.ts'
import type { CommandOutcome } from '../server/command-outcome.ts'
import type { Digest, Kept, Listing } from '../server/digest.ts'
import type { Health } from '../server/schema/health.ts'
import type { Run } from '../server/schema/run-status.ts'

/** What the server's thread is started with. */
export type ServerStart = {
  readonly host: string
  readonly port: number
  readonly allowedHosts: readonly string[]
  readonly tokens: Tokens
  readonly run: Run
  /** The configuration, its secrets taken out. */
  readonly config: unknown
  readonly dashboardFolder: string
  /** Where the tokens, the backtests and the words against pairs are kept. */
  readonly dataFolder: string
  /** The directory of this run's journal, when it keeps one. */
  readonly journal: string | undefined
  /** What an earlier run has left at work. */
  readonly kept: Kept
  readonly register: readonly RegisterEntry[]
  /** Where a confirmed pair is written, and whether the configuration names that file. */
  readonly registerFile: { readonly file: string; readonly isConfigured: boolean }
}

/** What the engine's thread tells: both ends are one program, so nothing is parsed here. */
export type ToServer =
  | { readonly kind: 'digest'; readonly digest: Digest; readonly notReady: readonly string[] }
  | { readonly kind: 'listing'; readonly listing: Listing }
  | { readonly kind: 'log'; readonly line: string }
  | { readonly kind: 'reply'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'stop' }

/** What the server's thread says and asks. */
export type FromServer =
  | {
      readonly kind: 'listening'
      readonly url: string
      readonly port: number
      readonly loginUrl: string
    }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }
  | {
      readonly kind: 'look'
      readonly markets: readonly { readonly venue: VenueId; readonly market: MarketId }[]
    }
  | { readonly kind: 'ask'; readonly id: number; readonly question: Question }
  /** A request met a bug of the server. */
  | { readonly kind: 'bug'; readonly error: unknown }
  | { readonly kind: 'stopped' }

/** A question and the type of its answer. */
export type Question =
  | { readonly kind: 'exposition' }
  | { readonly kind: 'health' }
  | { readonly kind: 'command'; readonly command: Command }

export type Answers = {
  readonly exposition: string
  readonly health: Health
  readonly command: CommandOutcome
}
