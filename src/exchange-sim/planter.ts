import type { Random } from '../core/random.ts'
import type { FairGroup } from './fair-group.ts'
import { LaidList } from './laid-list.ts'
import { edgeTicksOf, exactTick } from './mispricing-check.ts'
import type { OrderLayer } from './order-layer.ts'
import type { PlantableKind } from './plant-kinds.ts'
import { canHold, layoutOf, payoutUsdOf } from './plant-kinds.ts'
import { improveTo, layoutEdge, marketsOf } from './plant-layout.ts'
import type { Population } from './population.ts'
import type { Scheduler } from './scheduler.ts'
import type { Plant } from './truth.ts'
import type { World } from './world.ts'

type Span = { readonly least: number; readonly most: number }

export type PlanterOptions = {
  /** Taken in turn, in a sequence drawn anew each round. */
  readonly kinds: readonly PlantableKind[]
  /** The edge of a set after exact fees, by dollar of its payout, in ticks. */
  readonly edgeTicks: Span
  readonly lifeMs: Span
  readonly sizeShares: Span
  /** From one to the next. */
  readonly everyMs: Span
}

export const planterDefaults: Omit<PlanterOptions, 'kinds'> = {
  edgeTicks: { least: 130, most: 350 },
  lifeMs: { least: 400, most: 5000 },
  sizeShares: { least: 20, most: 400 },
  everyMs: { least: 900, most: 2100 },
}

const firstAfterMs = 1000
/** When no group has room, it is tried again so soon. */
const retryAfterMs = 60

/** What whoever lays orders needs. */
export type PlantingGround = {
  readonly world: World
  readonly population: Population
  readonly layer: OrderLayer
  readonly scheduler: Scheduler
  readonly random: Random
}

/**
 * Lays mispricings into books that have none of their own.
 *
 * Each is laid at one instant with a fresh order in every leg, lives for its time in a group that
 * is held still, and is taken out again. No trader of the exchange touches it.
 */
export class Planter {
  readonly #ground: PlantingGround
  readonly #options: PlanterOptions
  readonly #laid = new LaidList<Omit<Plant, 'id' | 'fromMs' | 'untilMs'>>('plant')
  #bag: PlantableKind[] = []

  constructor(ground: PlantingGround, options: PlanterOptions) {
    this.#ground = ground
    this.#options = options
  }

  /** What was laid so far; what still lies there ends now. */
  get plants(): readonly Plant[] {
    return this.#laid.all(this.#ground.world.now())
  }

  start(): void {
    if (this.#options.kinds.length === 0) return
    this.#ground.scheduler.after(firstAfterMs, () => this.#next())
  }

  #next(): void {
    const { scheduler, random, population } = this.#ground
    if (this.#bag.length === 0) this.#bag = [...this.#options.kinds]
    const kind = random.pick(this.#bag)
    const groups = population.groups.filter((group) => group.isFree && canHold(kind, group))
    const isLaid = groups.length > 0 && this.#lay(kind, random.pick(groups))
    // A kind that no group of this world can hold gives way to the others.
    const isHopeless = !population.groups.some((group) => canHold(kind, group))
    if (isLaid || isHopeless) this.#bag.splice(this.#bag.indexOf(kind), 1)
    scheduler.after(isLaid ? this.#within(this.#options.everyMs) : retryAfterMs, () => this.#next())
  }

  /** False when the books leave no room for it. */
  #lay(kind: PlantableKind, group: FairGroup): boolean {
    const { world, layer, random } = this.#ground
    const layout = layoutOf(kind, group, random)
    if (layout === undefined) return false
    const payoutUsd = payoutUsdOf(kind, group)
    const target = BigInt(this.#within(this.#options.edgeTicks) * payoutUsd) * exactTick
    const choose = kind === 'conversion' ? 'first' : 'spread'
    if (!improveTo(layout, target, { choose, random })) return false

    const sizeShares = this.#within(this.#options.sizeShares)
    const lifeMs = this.#within(this.#options.lifeMs)
    const edgeTicks = edgeTicksOf(layoutEdge(layout))
    const plant = { kind, markets: marketsOf(layout), edgeTicks, payoutUsd, sizeShares }
    layer.lay({
      group,
      legs: layout.legs,
      sizeShares,
      lifeMs,
      laid: () => {
        const close = this.#laid.open(plant, world.now())
        return () => close(world.now())
      },
    })
    return true
  }

  #within({ least, most }: Span): number {
    return this.#ground.random.integer(least, most)
  }
}
