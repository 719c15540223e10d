import { z } from 'zod'

import type { RelationEntry } from '../arbitrage/relation-entry.ts'
import type { VenueId } from '../core/market.ts'
import type { RegisterEntry } from '../propositions/register.ts'
import type { Config } from './config.ts'
import { configSchema } from './config-schema.ts'
import type { FrameDialect } from './make-venues.ts'
import type { RecordedStrategy } from './user-strategies.ts'

/** What a kernel needs to be built again as it was: the first record of each journal. */
export type JournalHeader = {
  /** The version of the program that wrote it. */
  readonly program: string
  readonly startedAtMs: number
  readonly venues: readonly VenueId[]
  readonly config: Config
  /** Whether orders really travelled. */
  readonly live?: boolean | undefined
  /** What people had said of markets. */
  readonly relations: readonly RelationEntry[]
  /** Pairs of markets that somebody had confirmed. */
  readonly register: readonly RegisterEntry[]
  /** Strategies of the user's own that were at work from the start. */
  readonly own?: readonly RecordedStrategy[]
  /**
   * What a backtest trades with, where nothing traded while this was recorded: the strategies of
   * `config` are then switched off, so that a replay decides what was decided.
   */
  readonly trading?: Config['strategies'] | undefined
  /** How frames are to be read that this program did not ask for. Left out: as it asks for them. */
  readonly dialect?: FrameDialect | undefined
}

/** The configuration that a backtest of this journal begins with. */
export function tradingConfig({ config, trading }: JournalHeader): Config {
  return trading === undefined ? config : { ...config, strategies: trading }
}

/** Written by this program and vouched for by its block's checksum, so only its outline is read. */
const headerShape = z.object({
  program: z.string(),
  startedAtMs: z.number(),
  venues: z.array(z.custom<VenueId>((value) => typeof value === 'string')),
  live: z.boolean().optional(),
  config: z.custom<Config>((value) => isTree(value)).transform(completed),
  relations: z.array(z.custom<RelationEntry>((value) => isTree(value))).default([]),
  register: z.array(z.custom<RegisterEntry>((value) => isTree(value))).default([]),
  trading: z.custom<Config['strategies']>((value) => isTree(value)).optional(),
  dialect: z.object({ kalshiNoSide: z.enum(['yes', 'own']).optional() }).optional(),
  own: z.array(z.custom<RecordedStrategy>((value) => isTree(value))).default([]),
})

export function writeHeader(header: JournalHeader): string {
  return JSON.stringify(header)
}

/** Undefined when the text is no header of ours. */
export function readHeader(text: string): JournalHeader | undefined {
  try {
    return headerShape.safeParse(JSON.parse(text)).data
  } catch {
    // A header that is not JSON is none.
    return undefined
  }
}

/**
 * A recorded configuration with what the program has learned since: the new keys at their defaults,
 * but strategies that did not exist then switched off, or a replay would differ.
 */
function completed(recorded: Config): Config {
  const { strategies, ...rest } = configSchema.parse({})
  const { files, own, lookBudgetMs, stallAfterMs, ...house } = strategies
  const off = Object.fromEntries(
    Object.entries(house).map(([name, settings]) => [name, { ...settings, enabled: false }]),
  )
  return merged<Config>(
    { ...rest, strategies: { files, own, lookBudgetMs, stallAfterMs, ...off } },
    recorded,
  )
}

type Tree = Readonly<Record<string, unknown>>

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function merged<Whole>(base: Tree, over: Whole): Whole {
  if (!isTree(over)) return over
  const both: Record<string, unknown> = { ...base }
  for (const [key, value] of Object.entries(over)) {
    const before = both[key]
    both[key] = isTree(before) ? merged(before, value) : value
  }
  return { ...over, ...both }
}
