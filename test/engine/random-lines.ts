import { Random } from '../../src/core/random.ts'
import { marketOf, setOf } from './market-of.ts'
import type { Scene, SceneOptions } from './scene.ts'
import { feeOf } from './market-of.ts'
import { CrossOutcome } from '../../src/strategies/cross-outcome/cross-outcome.ts'
import { OutcomeBasket } from '../../src/strategies/outcome-basket/outcome-basket.ts'
import type { MicroShares, MicroUsd, Ppm } from '../../src/core/units.ts'
import type { OutcomeSetId } from '../../src/core/market.ts'

const names = ['ann', 'bob', 'cid', 'rain', 'snow']
const tokens = names.flatMap((name) => [`${name}-yes`, `${name}-no`])
const edgeMin = 1_000 as Ppm
const sizeMin = 1_000_000 as MicroShares

/** A small world with every kind of book and both strategies, eager to trade. */
export function smallWorld(): SceneOptions {
  const set = 'winner' as OutcomeSetId
  return {
    strategies: [
      new CrossOutcome({ edgeMin, sizeMin, sizeMax: 50_000_000 as MicroShares }),
      new OutcomeBasket({ edgeMin, sizeMin, spendMax: 50_000_000 as MicroUsd }),
    ],
    markets: [
      ...['ann', 'bob', 'cid'].map((name) => marketOf(name, { bookKind: 'mirrored', set })),
      marketOf('rain', { fee: feeOf(20_000) }),
      marketOf('snow', { bookKind: 'separate', takerDelayMs: 30 }),
    ],
    sets: [setOf('winner', ['ann', 'bob', 'cid'])],
    latencyMs: 15,
  }
}

/** What the world does to an engine: any scene has these hands. */
type Hands = Pick<Scene, 'frame' | 'lose' | 'silence' | 'wait'>

/** Lets so many things happen, drawn from a seed: changes, faults, losses, time, resolutions. */
export function live(scene: Hands, seed: number, deeds: number): void {
  const random = new Random(seed)
  for (let deed = 0; deed < deeds; deed++) happen(scene, random)
}

function happen(scene: Hands, random: Random): void {
  const token = random.pick(tokens)
  const dice = random.integer(0, 99)
  if (dice < 55) scene.frame(...Array.from({ length: random.integer(1, 4) }, () => change(random)))
  else if (dice < 70) scene.wait(random.integer(1, 40))
  else if (dice < 80) scene.frame(snapshot(random, token))
  else if (dice < 82) scene.frame(`tear ${token}`, change(random))
  else if (dice < 88) scene.frame(`mend ${token}`)
  else if (dice < 90) scene.frame(`break ${token}`)
  else if (dice < 92) scene.frame(`${random.pick(['lie', 'honest'])} ${token}`)
  else if (dice < 94) scene.lose(0, [random.pick(names)])
  else if (dice < 96) scene.silence(random.integer(100, 800))
  else if (dice < 97) scene.frame('gibberish')
  else if (dice < 98) scene.frame(`${random.pick(['pause', 'reopen'])} ${random.pick(names)}`)
  else if (dice < 99) scene.wait(1_000)
  else if (random.chance(0.05))
    scene.frame(`resolve ${random.pick(names)} ${random.pick([0, 1e6, 5e5])}`)
}

function change(random: Random): string {
  const token = random.pick(tokens)
  const side = random.pick(['bid', 'ask'] as const)
  const size = random.chance(0.3) ? 0 : random.integer(1, 60)
  return `${side} ${token} ${price(random, token, side)} ${size}`
}

function snapshot(random: Random, token: string): string {
  const level = (side: 'bid' | 'ask'): string =>
    `${price(random, token, side)}x${random.integer(5, 60)}`
  return `book ${token} ${level('bid')} ${level('bid')} / ${level('ask')} ${level('ask')}`
}

/** Around a third for the three, around a half for the two; crossed now and then. */
function price(random: Random, token: string, side: 'bid' | 'ask'): string {
  const isOfThree = /^(ann|bob|cid)/.test(token)
  const isMirror = isOfThree && token.endsWith('no')
  const middle = isOfThree ? (isMirror ? 67 : 33) : 50
  const cents = middle + (side === 'bid' ? random.integer(-15, 1) : random.integer(-1, 15))
  return `0.${String(cents).padStart(2, '0')}`
}
