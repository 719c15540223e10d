/**
 * Holds the detectors of `src/arbitrage` against enumeration, on thousands of random small worlds.
 *
 * Each world is a group of two to four markets with books, fees, lots, least sizes and perhaps
 * little money. Every basket in it is tried, and the best is compared with what the closed forms
 * and the linear programme find; each certificate is evaluated apart, then spoiled in every way we
 * know. The last line counts what went wrong:
 *
 * - `unsound`: something was reported that does not earn what it says.
 * - `suboptimal`: an earning basket was missed, or a better one was there.
 * - `certificatesRefused`: the checker refused the truth.
 * - `mutantsAccepted`: the checker accepted what had been spoiled.
 */
import { parseArgs } from 'node:util'
import { loadSolver } from '../src/app/highs-solver.ts'
import type { Solver } from '../src/arbitrage/solver.ts'
import { Random } from '../src/core/random.ts'
import { judgeWorld, type Judgement } from './verify-arbitrage/judge-world.ts'
import { nearMiss } from './verify-arbitrage/near-miss.ts'
import { smallWorld, type SmallWorld } from './verify-arbitrage/small-world.ts'

/** Tries to bring a world to the line; most worlds have lots too coarse for a micro-dollar. */
const nearTriesMax = 20
/** Lines about what went wrong: the first few say what the others say. */
const complaintsMax = 20

const { values } = parseArgs({
  options: {
    worlds: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
})

const solver = await loadSolver()
process.exitCode = verify(Number(values.worlds), Number(values.seed), solver)

function verify(worlds: number, seed: number, solver: Solver): number {
  const random = new Random(seed)
  const judgements: Judgement[] = []
  for (let index = 0; index < worlds; index++) {
    judgements.push(judgeWorld(nextWorld(random, index), random, solver))
  }

  const complaints = judgements.flatMap((one, index) =>
    one.complaints.map((text) => `world ${index}: ${text}, ${brief(one.world)}`),
  )
  for (const line of complaints.slice(0, complaintsMax)) console.log(line)
  for (const line of tableOf(judgements)) console.log(line)
  const total = (count: (one: Judgement) => number): number =>
    judgements.reduce((sum, one) => sum + count(one), 0)
  const result = {
    worlds,
    unsound: total((one) => one.unsound),
    suboptimal: total((one) => one.suboptimal),
    certificatesRefused: total((one) => one.certificatesRefused),
    mutantsAccepted: total((one) => one.mutantsAccepted),
  }
  console.log(JSON.stringify(result))
  const { worlds: _, ...wrong } = result
  return Object.values(wrong).every((count) => count === 0) ? 0 : 1
}

/** Every third world stands within a micro-dollar of the line between an arbitrage and none. */
function nextWorld(random: Random, index: number): SmallWorld {
  const world = smallWorld(random)
  if (index % 3 !== 2) return world
  for (let tries = 0; tries < nearTriesMax; tries++) {
    const near = nearMiss(smallWorld(random), random.integer(-1, 1))
    if (near !== undefined) return near
  }
  return world
}

/** What makes a world what it is, on one line. */
function brief({ shape, markets, books, cash }: SmallWorld): string {
  const made = markets.map(({ lot, sizeMin, fee }, index) => ({
    lot,
    sizeMin,
    fee: fee.kind === 'known' ? [fee.taker.rate, fee.rounding] : fee,
    bids: books[index]?.bids.map(({ price, size }) => [price, size]),
    asks: books[index]?.asks.map(({ price, size }) => [price, size]),
  }))
  return JSON.stringify({ shape, made, cash: cash === undefined ? undefined : [...cash] })
}

function tableOf(judgements: readonly Judgement[]): readonly string[] {
  const shapes = [...new Set(judgements.map(({ world }) => world.shape))].toSorted()
  const head = row(['shape', 'worlds', 'earning', 'near misses', 'baskets tried', 'mutants'])
  return [
    head,
    ...shapes.map((shape) => {
      const own = judgements.filter(({ world }) => world.shape === shape)
      const sum = (count: (one: Judgement) => number): string =>
        String(own.reduce((so, one) => so + count(one), 0))
      return row([
        shape,
        String(own.length),
        sum((one) => (one.optimum > 0 ? 1 : 0)),
        sum((one) => (one.near ? 1 : 0)),
        sum((one) => one.tried),
        sum((one) => one.mutants),
      ])
    }),
  ]
}

function row(cells: readonly string[]): string {
  return cells.map((cell, index) => (index === 0 ? cell.padEnd(10) : cell.padStart(14))).join('')
}
