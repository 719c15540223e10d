import { loadSolver } from '../src/app/highs-solver.ts'
import { BeliefProgramme } from '../src/arbitrage/belief-programme.ts'
import { detectImplication } from '../src/arbitrage/detect-linked.ts'
import { detectNoBasket, detectYesBasket } from '../src/arbitrage/detect-set.ts'
import { implicationsOf, type Implication } from '../src/arbitrage/implications.ts'
import { LegCurve } from '../src/arbitrage/leg-curve.ts'
import { LinearProgramme } from '../src/arbitrage/linear-programme.ts'
import type { DetectOptions } from '../src/arbitrage/opportunity.ts'
import { OrderScreen } from '../src/arbitrage/order-screen.ts'
import { SetScreen } from '../src/arbitrage/set-screen.ts'
import { walkEqual } from '../src/arbitrage/set-walk.ts'
import { shareCost, shareDollar } from '../src/core/fee.ts'
import { Random } from '../src/core/random.ts'
import type { MicroShares, Ppm } from '../src/core/units.ts'
import { min, noAsk } from '../src/core/units.ts'
import type { BenchCase, BenchResult } from './bench-case.ts'
import { interleave, median } from './bench-case.ts'
import { DetectScene, type SceneShape } from './detect-scene.ts'

const solver = await loadSolver()
const updatesPerSlice = 2_000
const sweepGroups = 20_000
const none = 0 as Ppm

/**
 * Detection: what a change of a book costs, and what a basket costs when the screen lets through.
 */
export const detectCases: readonly BenchCase[] = [
  ...[2, 10, 50, 200].map(setScreenCase),
  ...[2, 10, 50, 200].map(setWalkCase),
  ...[10, 50, 335].map(ladderScreenCase),
  ...[
    { shape: 'ladder' as const, members: 10, levels: 10 },
    { shape: 'tied' as const, members: 12, levels: 10 },
    { shape: 'ladder' as const, members: 50, levels: 10 },
    { shape: 'ladder' as const, members: 335, levels: 5 },
  ].flatMap((size) => [beliefCase(size), programmeCase(size)]),
  sweepCase(),
]

function setScreenCase(members: number): BenchCase {
  return {
    name: `screen a set of ${members}, one book changed`,
    group: 'detect',
    baseline: 'all best prices and fees summed again',
    run: () => {
      const scene = new DetectScene({ shape: 'set', members, levels: 10, seed: 1 })
      const screen = new SetScreen(members)
      const updates = scene.updates(updatesPerSlice)
      const passed = { candidate: 0, baseline: 0 }
      return interleave({
        opsPerSlice: updates.length,
        candidate: () => {
          for (const update of updates) {
            const { member, entry } = scene.apply(update)
            const { fee } = entry.market
            screen.set(member, shareCost(fee, entry.yes.bestAsk), shareCost(fee, entry.no.bestAsk))
            if (screen.yesPasses || screen.noPasses) passed.candidate++
          }
        },
        baseline: () => {
          for (const update of updates) {
            scene.apply(update)
            let yes = 0
            let no = 0
            for (const { market, yes: yesBook, no: noBook } of scene.entries) {
              yes += shareCost(market.fee, yesBook.bestAsk)
              no += Math.max(0, shareDollar - shareCost(market.fee, noBook.bestAsk))
            }
            if (yes < shareDollar || no > shareDollar) passed.baseline++
          }
        },
      })
    },
  }
}

function setWalkCase(members: number): BenchCase {
  return {
    name: `size a basket of ${members} to the last share`,
    group: 'detect',
    baseline: 'every book quoted again at the end of every level',
    run: () => {
      const scene = new DetectScene({ shape: 'cheap-set', members, levels: 10, seed: 2 })
      const found = { candidate: 0, baseline: 0 }
      const times = Math.max(1, Math.floor(400 / members ** 2))
      return interleave({
        opsPerSlice: times,
        rounds: members > 100 ? 10 : 40,
        candidate: () => {
          for (let time = 0; time < times; time++) found.candidate = sizedEdge(scene)
        },
        baseline: () => {
          for (let time = 0; time < times; time++) found.baseline = quotedAtEveryEnd(scene)
        },
      })
    },
  }
}

function sizedEdge({ entries }: DetectScene): number {
  const curves = entries.map(({ market, yes }) => new LegCurve(market, 'yes', yes))
  return walkEqual(curves, 1)?.edge ?? 0
}

/** The obvious way to size: a quote of every book for every size at which some level ends. */
function quotedAtEveryEnd(scene: DetectScene): number {
  const ends = new Set<number>()
  for (const { yes } of scene.entries) {
    let end = 0
    for (let price = yes.bestAsk; price !== noAsk; price = yes.nextAsk(price)) {
      end += yes.sizeAt(1, price)
      ends.add(end)
    }
  }
  let best = 0
  for (const size of ends) {
    let profit = size
    for (const { market, yes } of scene.entries) {
      let left = size as MicroShares
      for (let price = yes.bestAsk; price !== noAsk && left > 0; price = yes.nextAsk(price)) {
        const taken = min(left, yes.sizeAt(1, price))
        profit -= (taken * shareCost(market.fee, price)) / shareDollar
        left = (left - taken) as MicroShares
      }
      if (left > 0) profit = 0
    }
    best = Math.max(best, profit)
  }
  return best
}

function ladderScreenCase(members: number): BenchCase {
  return {
    name: `screen a ladder of ${members}, one book changed`,
    group: 'detect',
    baseline: 'every ordered pair compared again',
    run: () => {
      const scene = new DetectScene({ shape: 'ladder', members, levels: 5, seed: 3 })
      const pairs = implicationsOf(scene.group)
      const screen = new OrderScreen(members, pairs)
      const updates = scene.updates(members > 100 ? 200 : updatesPerSlice)
      const passed = { candidate: 0, baseline: 0 }
      return interleave({
        opsPerSlice: updates.length,
        rounds: members > 100 ? 12 : 40,
        candidate: () => {
          for (const update of updates) {
            const { member, entry } = scene.apply(update)
            const { fee } = entry.market
            const yes = shareCost(fee, entry.yes.bestAsk)
            if (!screen.set(member, yes, shareCost(fee, entry.no.bestAsk))) passed.candidate++
          }
        },
        baseline: () => {
          for (const update of updates) {
            scene.apply(update)
            if (pairs.some((pair) => isMispriced(scene, pair))) passed.baseline++
          }
        },
      })
    },
  }
}

function isMispriced({ entries }: DetectScene, { premise, conclusion }: Implication): boolean {
  const below = entries[premise]
  const above = entries[conclusion]
  if (below === undefined || above === undefined) return false
  const no = shareCost(below.market.fee, below.no.bestAsk)
  return no + shareCost(above.market.fee, above.yes.bestAsk) < shareDollar
}

type Size = { readonly shape: SceneShape; readonly members: number; readonly levels: number }

function beliefCase({ shape, members, levels }: Size): BenchCase {
  return {
    name: `prove there is nothing in a ${shape} of ${members} × ${levels}, one book changed`,
    group: 'detect',
    baseline: 'the linear programme solved again from the last answer',
    run: () => {
      const scene = new DetectScene({ shape, members, levels, seed: 4 })
      const states = scene.group.states ?? []
      const beliefs = new BeliefProgramme(members, states, solver)
      const programme = new LinearProgramme(members, states, solver)
      placeAll(programme, scene)
      const updates = scene.updates(members > 100 ? 20 : 100)
      const solved = { candidate: 0, baseline: 0 }
      for (const [member, entry] of scene.entries.entries()) tell(beliefs, member, entry)
      const result = interleave({
        opsPerSlice: updates.length,
        rounds: members > 100 ? 6 : 20,
        candidate: () => {
          for (const update of updates) {
            const { member, entry } = scene.apply(update)
            if (tell(beliefs, member, entry)) solved.candidate++
          }
        },
        baseline: () => {
          for (const update of updates) {
            const { member } = scene.apply(update)
            placeOne(programme, scene, member)
            if ((programme.solve()?.gain ?? 0) < 1e-9) solved.baseline++
          }
        },
      })
      beliefs.close()
      programme.close()
      return { ...result, more: { states: states.length } }
    },
  }
}

function programmeCase({ shape, members, levels }: Size): BenchCase {
  return {
    name: `solve a ${shape} of ${members} × ${levels} anew, one book changed`,
    group: 'detect',
    baseline: 'the model built and solved from nothing',
    run: () => {
      const scene = new DetectScene({ shape, members, levels, seed: 5 })
      const states = scene.group.states ?? []
      const programme = new LinearProgramme(members, states, solver)
      placeAll(programme, scene)
      programme.solve()
      const updates = scene.updates(members > 100 ? 4 : 20)
      const result = interleave({
        opsPerSlice: updates.length,
        rounds: members > 100 ? 4 : 12,
        candidate: () => {
          for (const update of updates) {
            const { member } = scene.apply(update)
            placeOne(programme, scene, member)
            programme.solve()
          }
        },
        baseline: () => {
          for (const update of updates) {
            scene.apply(update)
            const fresh = new LinearProgramme(members, states, solver)
            placeAll(fresh, scene)
            fresh.solve()
            fresh.close()
          }
        },
      })
      programme.close()
      return { ...result, more: { states: states.length, columns: 2 * members * levels } }
    },
  }
}

type Entry = DetectScene['entries'][number]

function tell(beliefs: BeliefProgramme, member: number, { market, yes, no }: Entry): boolean {
  return beliefs.set(member, shareCost(market.fee, yes.bestAsk), shareCost(market.fee, no.bestAsk))
}

function placeOne(programme: LinearProgramme, { entries }: DetectScene, member: number): void {
  const entry = entries[member]
  if (entry === undefined) return
  programme.place(2 * member, new LegCurve(entry.market, 'yes', entry.yes), none)
  programme.place(2 * member + 1, new LegCurve(entry.market, 'no', entry.no), none)
}

function placeAll(programme: LinearProgramme, scene: DetectScene): void {
  for (const member of scene.entries.keys()) placeOne(programme, scene, member)
}

/**
 * Every group of a large catalogue once: sets of all sizes and ladders, one in a hundred mispriced.
 */
function sweepCase(): BenchCase {
  return {
    name: `sweep ${sweepGroups} groups`,
    group: 'detect',
    baseline: 'every group sized without a screen',
    run: () => {
      const random = new Random(6)
      const scenes = Array.from({ length: sweepGroups }, (_, index) => {
        const isLadder = random.chance(0.3)
        const shape = isLadder ? 'ladder' : random.chance(0.01) ? 'cheap-set' : 'set'
        const members = Math.min(60, 2 + Math.floor(random.exponentialMs(250)))
        return new DetectScene({ shape, members, levels: 4, seed: index, step: 100 })
      })
      const candidate: number[] = []
      const baseline: number[] = []
      let found = 0
      for (let round = 0; round < 3; round++) {
        candidate.push(timed(() => (found = sweep(scenes, 'screened'))))
        baseline.push(timed(() => sweep(scenes, 'all')))
      }
      return sweepResult(candidate, baseline, found)
    },
  }
}

function sweepResult(
  candidate: readonly number[],
  baseline: readonly number[],
  found: number,
): BenchResult {
  const seconds = median(candidate)
  return {
    nsPerOp: (seconds * 1e9) / sweepGroups,
    baselineNsPerOp: (median(baseline) * 1e9) / sweepGroups,
    ratio: median(baseline.map((one, round) => one / (candidate[round] ?? one))),
    rounds: candidate.length,
    more: { sweep_seconds: seconds, found },
  }
}

function sweep(scenes: readonly DetectScene[], how: 'screened' | 'all'): number {
  let found = 0
  for (const scene of scenes) {
    if (how === 'screened' && scene.screenedOut()) continue
    const { group } = scene
    const options: DetectOptions = scene.options
    if (group.facts.shape === 'set') {
      if (detectYesBasket(group, options) ?? detectNoBasket(group, options)) found++
      continue
    }
    if (scene.pairs.some((pair) => detectImplication(group, pair, options) !== undefined)) found++
  }
  return found
}

/** Seconds. */
function timed(run: () => void): number {
  const start = performance.now()
  run()
  return (performance.now() - start) / 1_000
}
