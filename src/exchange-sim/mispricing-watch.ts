import type { EpochMs } from '../core/units.ts'
import { crossVenueChecks } from './cross-pairs.ts'
import { groupKeyOf } from './fair-group.ts'
import { lineCheck } from './line-check.ts'
import type { ExactUsd, MispricingCheck } from './mispricing-check.ts'
import { checksOfSet, edgeTicksOf } from './mispricing-check.ts'
import type { SimMarket, SimSet } from './sim-market.ts'
import { isOnLine } from './sim-market.ts'
import type { RealMispricing } from './truth.ts'
import type { World, WorldEvent } from './world.ts'

/** A run long enough to see more than this is judged by its first part. */
const intervalsMax = 200_000

type Watched = {
  readonly check: MispricingCheck
  readonly group: readonly string[]
  /** Of the mispricing that is there now. */
  openSince: EpochMs | undefined
  edgeMost: ExactUsd
}

/** Looks at the books after every event and notes each stretch in which they allowed a profit. */
export class MispricingWatch {
  readonly #world: World
  readonly #byMarket = new Map<SimMarket, Watched[]>()
  readonly #watched = new Set<Watched>()
  readonly #ended: RealMispricing[] = []

  constructor(world: World) {
    this.#world = world
  }

  /** Starts to look. What is returned ends that. */
  start(): () => void {
    this.#watch(this.#world.sets)
    return this.#world.listen((event) => this.#onEvent(event))
  }

  /** What was seen so far; what is there now ends now. */
  intervals(): readonly RealMispricing[] {
    const open = [...this.#watched].filter(({ openSince }) => openSince !== undefined)
    return [...this.#ended, ...open.map((one) => intervalOf(one, this.#world.now()))]
  }

  #onEvent(event: WorldEvent): void {
    const { market, at } = event
    if (event.kind === 'market-listed' && !this.#byMarket.has(market)) this.#watch([market.set])
    for (const watched of this.#byMarket.get(market) ?? []) this.#look(watched, at)
    if (event.kind === 'market-resolved') this.#forget(market)
  }

  #look(watched: Watched, at: EpochMs): void {
    const edge = watched.check.edge()
    if (edge !== undefined && edge > 0n) {
      watched.openSince ??= at
      if (edge > watched.edgeMost) watched.edgeMost = edge
      return
    }
    if (watched.openSince === undefined) return
    if (this.#ended.length < intervalsMax) this.#ended.push(intervalOf(watched, at))
    watched.openSince = undefined
    watched.edgeMost = 0n
  }

  #forget(market: SimMarket): void {
    for (const watched of this.#byMarket.get(market) ?? []) this.#watched.delete(watched)
    this.#byMarket.delete(market)
  }

  #watch(sets: readonly SimSet[]): void {
    const groups = new Map<string, SimSet[]>()
    for (const set of sets) {
      const key = groupKeyOf(set)
      groups.set(key, [...(groups.get(key) ?? []), set])
    }
    for (const members of groups.values()) {
      const group = members.flatMap(({ markets }) => markets)
      const ids = group.map(({ listing }) => listing.conditionId)
      const joint = members.length > 1 && members.every(isOnLine) ? [lineCheck(members)] : []
      const across = crossVenueChecks(members)
      for (const check of [...members.flatMap(checksOfSet), ...joint, ...across]) {
        this.#add(check, ids)
      }
    }
  }

  #add(check: MispricingCheck, group: readonly string[]): void {
    const watched: Watched = { check, group, openSince: undefined, edgeMost: 0n }
    this.#watched.add(watched)
    for (const market of check.markets) {
      const list = this.#byMarket.get(market)
      if (list === undefined) this.#byMarket.set(market, [watched])
      else list.push(watched)
    }
  }
}

function intervalOf(
  { check, group, openSince, edgeMost }: Watched,
  untilMs: EpochMs,
): RealMispricing {
  return {
    kind: check.kind,
    markets: check.markets.map(({ listing }) => listing.conditionId),
    group,
    fromMs: openSince ?? untilMs,
    untilMs,
    edgeTicks: edgeTicksOf(edgeMost),
  }
}
