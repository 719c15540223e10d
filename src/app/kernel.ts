import { GroupRegistry } from '../arbitrage/group-registry.ts'
import type { RelationEntry } from '../arbitrage/relation-entry.ts'
import type { Solver } from '../arbitrage/solver.ts'
import type { VenueId } from '../core/market.ts'
import type { MicroUsd } from '../core/units.ts'
import { Engine } from '../engine/engine.ts'
import type { EngineLimits } from '../engine/engine-options.ts'
import { engineDefaults } from '../engine/engine-options.ts'
import type { Effect } from '../engine/event.ts'
import { MarketCache } from '../engine/market-cache.ts'
import { RemoteGateway } from '../engine/remote-gateway.ts'
import type { EventIntake } from '../journal/journalled-engine.ts'
import { JournalledEngine, recordEffect } from '../journal/journalled-engine.ts'
import type { FeedCodec } from '../ports/feed-codec.ts'
import type { Journal } from '../ports/journal.ts'
import type { OrderGateway } from '../ports/order-gateway.ts'
import type { RegisterEntry } from '../propositions/register.ts'
import { propositionOf } from '../propositions/register.ts'
import type { Withdrawal } from '../propositions/sentinel.ts'
import { Sentinel } from '../propositions/sentinel.ts'
import type { Strategy } from '../ports/strategy.ts'
import type { StrategyParameters } from '../ports/strategy-parameters.ts'
import { Combinatorial } from '../strategies/combinatorial/combinatorial.ts'
import { Conversion } from '../strategies/conversion/conversion.ts'
import { CrossOutcome } from '../strategies/cross-outcome/cross-outcome.ts'
import { Ladder } from '../strategies/ladder/ladder.ts'
import type { ConfirmedPropositions } from '../strategies/cross-venue/cross-venue.ts'
import { CrossVenue } from '../strategies/cross-venue/cross-venue.ts'
import { OutcomeBasket } from '../strategies/outcome-basket/outcome-basket.ts'
import type { MetricRegistry } from '../telemetry/metric-registry.ts'
import { PaperGateway } from '../venues/paper/index.ts'
import type { Config } from './config.ts'
import { paperOptionsOf } from './paper-options.ts'
import { StrategyKnobs } from './strategy-knobs.ts'
import { propositionEntries } from './proposition-entries.ts'

/** Chance in the paper fills. Fixed, so that a replay draws the same. */
const paperSeed = 1

export type KernelOptions = {
  readonly config: Config
  /** Whether orders travel as effects, to venues where we have an account. Left out: on paper. */
  readonly live?: boolean | undefined
  /** What people have said of how markets hang together. */
  readonly relations: readonly RelationEntry[]
  /** What people have confirmed to be one question on two venues. */
  readonly register: readonly RegisterEntry[]
  readonly codecs: readonly FeedCodec[]
  readonly metrics: MetricRegistry
  /** For baskets of any shape; loaded before, since the kernel waits for nothing. */
  readonly solver: Solver
  readonly obey: (effect: Effect) => void
  /** Writes down every event before it is processed, and every effect before it is obeyed. */
  readonly journal?: Journal | undefined
  /** Strategies of the user's own, after those of the house. */
  readonly plugins?: readonly Strategy[]
  /** Of chance in the paper fills; always the same unless a backtest asks for another. */
  readonly seed?: number
  /** What a backtest may do otherwise: prove books less often, keep more to report on. */
  readonly limits?: Partial<Pick<EngineLimits, 'auditBudget' | 'recentMax'>>
}

/** The deterministic part: events in, effects out. On paper the gateway fills, inside it. */
export type Kernel = {
  readonly engine: Engine
  /** What may be changed of the strategies while they run. */
  readonly parameters: StrategyParameters
  readonly gateway: OrderGateway
  /** Where events go in. */
  readonly intake: EventIntake
  /** Pairs that may not trade any more, and why. */
  readonly withdrawals: () => readonly Withdrawal[]
}

/** Live, paper, replay and backtest are built here, so that nothing but their feeders differs. */
export function createKernel(options: KernelOptions): Kernel {
  const { config, codecs, metrics, journal } = options
  const cache = new MarketCache()
  const gateway = options.live === true ? new RemoteGateway(cache) : paperGateway(options, cache)
  const { staleAfterMs, ...risk } = config.risk
  const confirmed = confirmedBy(options.register)
  const pairs = propositionEntries(confirmed.propositions, confirmed.watch)
  const groups = new GroupRegistry([...options.relations, ...pairs.entries], pairs.watch)
  const knobs = new StrategyKnobs()
  const strategies = [
    ...makeStrategies(options, groups, confirmed, knobs),
    ...(options.plugins ?? []),
  ]
  for (const { name } of strategies) {
    // There from the first scrape, or a rate over the first signal would miss it.
    for (const { venue } of codecs)
      metrics.counter('strategy_signals_total', { strategy: name, venue })
  }
  const engine = new Engine({
    cache,
    codecs,
    strategies,
    groups,
    parameters: knobs,
    gateway,
    metrics,
    capital: capitalOf(options),
    limits: {
      ...engineDefaults,
      ...options.limits,
      risk: { ...engineDefaults.risk, ...risk },
      freshness: { ...engineDefaults.freshness, silenceMsMax: staleAfterMs },
    },
    obey: journal === undefined ? options.obey : obeyAfter(journal, options.obey),
  })
  const venues = codecs.map(({ venue }) => venue)
  const intake = journal === undefined ? engine : new JournalledEngine(engine, journal, venues)
  const withdrawals = () => confirmed.watch.withdrawals
  return { engine, gateway, intake, parameters: knobs, withdrawals }
}

function paperGateway({ config, seed }: KernelOptions, books: MarketCache): PaperGateway {
  return new PaperGateway({
    ...paperOptionsOf(config.paper),
    books,
    seed: seed ?? paperSeed,
  })
}

/** On paper what the configuration says. Live the accounts say what there is. */
function capitalOf({ codecs, config, live }: KernelOptions): ReadonlyMap<VenueId, MicroUsd> {
  if (live === true) return new Map()
  return new Map(codecs.map(({ venue }) => [venue, config.paper.capital]))
}

/** The pairs that may trade, and the sentinel that takes them back when something has changed. */
export function confirmedBy(
  register: readonly RegisterEntry[],
): ConfirmedPropositions & { readonly watch: Sentinel } {
  return {
    propositions: register.flatMap((entry) => propositionOf(entry) ?? []),
    watch: new Sentinel(register),
  }
}

function obeyAfter(journal: Journal, obey: (effect: Effect) => void): (effect: Effect) => void {
  return (effect) => {
    recordEffect(journal, effect)
    obey(effect)
  }
}

/** In this order: what is money at once comes before what has to wait. */
function makeStrategies(
  { config, relations, solver }: KernelOptions,
  groups: GroupRegistry,
  confirmed: ConfirmedPropositions,
  knobs: StrategyKnobs,
): readonly Strategy[] {
  const { crossOutcome, conversion, outcomeBasket, ladder, combinatorial, crossVenue } =
    config.strategies
  return [
    ...(crossOutcome.enabled ? [new CrossOutcome(knobs.keep('cross-outcome', crossOutcome))] : []),
    ...(conversion.enabled ? [new Conversion(knobs.keep('conversion', conversion))] : []),
    ...(outcomeBasket.enabled
      ? [new OutcomeBasket(knobs.keep('outcome-basket', outcomeBasket), relations)]
      : []),
    ...(ladder.enabled ? [new Ladder(knobs.keep('ladder', ladder), groups)] : []),
    ...(crossVenue.enabled
      ? [new CrossVenue(knobs.keep('cross-venue', crossVenue), groups, confirmed)]
      : []),
    ...(combinatorial.enabled
      ? [new Combinatorial(knobs.keep('combinatorial', combinatorial), groups, solver)]
      : []),
  ]
}
