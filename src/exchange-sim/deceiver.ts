import { canDeceive, decoyKinds, decoyLayout } from './decoy-kinds.ts'
import type { FairGroup } from './fair-group.ts'
import { LaidList } from './laid-list.ts'
import type { PlantLeg } from './plant-layout.ts'
import { marketsOf } from './plant-layout.ts'
import type { PlantingGround } from './planter.ts'
import type { Decoy } from './truth.ts'

const firstAfterMs = 2500
const everyMs = { least: 1500, most: 4000 }
const lifeMs = { least: 400, most: 4000 }
const sizeShares = { least: 20, most: 400 }

/** Lays decoys: what looks like a mispricing and is none. Whoever trades on one is wrong. */
export class Deceiver {
  readonly #ground: PlantingGround
  readonly #laid = new LaidList<Omit<Decoy, 'id' | 'fromMs' | 'untilMs'>>('decoy')

  constructor(ground: PlantingGround) {
    this.#ground = ground
  }

  /** What was laid so far; what still lies there ends now. */
  get decoys(): readonly Decoy[] {
    return this.#laid.all(this.#ground.world.now())
  }

  start(): void {
    this.#ground.scheduler.after(firstAfterMs, () => this.#next())
  }

  #next(): void {
    const { random, population, scheduler } = this.#ground
    const kind = random.pick(decoyKinds)
    const groups = population.groups.filter((group) => group.isFree && canDeceive(kind, group))
    if (groups.length > 0) {
      const group = random.pick(groups)
      const layout = decoyLayout(kind, group, random)
      if (layout !== undefined) this.#lay({ kind, markets: marketsOf(layout) }, group, layout.legs)
    }
    scheduler.after(random.integer(everyMs.least, everyMs.most), () => this.#next())
  }

  #lay(
    decoy: { readonly kind: Decoy['kind']; readonly markets: readonly string[] },
    group: FairGroup,
    legs: readonly PlantLeg[],
  ): void {
    const { world, layer, random } = this.#ground
    layer.lay({
      group,
      legs,
      sizeShares: random.integer(sizeShares.least, sizeShares.most),
      lifeMs: random.integer(lifeMs.least, lifeMs.most),
      laid: () => {
        const close = this.#laid.open(decoy, world.now())
        return () => close(world.now())
      },
    })
  }
}
