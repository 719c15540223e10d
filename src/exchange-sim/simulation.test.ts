import { describe, expect, test } from 'vitest'
import type { EpochMs } from '../core/units.ts'
import { judgeSignals } from './judge.ts'
import { plantableKinds } from './plant-kinds.ts'
import { Simulation } from './simulation.ts'
import type { SimulationOptions } from './simulation.ts'
import type { Truth } from './truth.ts'
import type { WorldEvent } from './world.ts'

const beatMs = 4

function simulate(
  options: SimulationOptions,
  lengthMs: number,
  onEvent: (event: WorldEvent) => void = () => undefined,
): Truth {
  let now = 1_800_000_000_000
  const simulation = new Simulation(options, { epochMs: () => now as EpochMs })
  simulation.world.listen(onEvent)
  for (let elapsed = 0; elapsed <= lengthMs; elapsed += beatMs) {
    now += beatMs
    simulation.run(elapsed)
  }
  return simulation.truth()
}

const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]

describe('the truth', () => {
  test.each(seeds)('without plants no book ever allows a profit, seed %i', (seed) => {
    expect(simulate({ seed, plants: [] }, 10_000).real).toEqual([])
  })

  test.each(seeds)('every plant is really there, and nothing else is, seed %i', (seed) => {
    const truth = simulate({ seed }, 10_000)

    const { planted, real } = truth
    const perfect = real.map(({ kind, markets, fromMs }) => {
      const strategy = kind === 'combinatorial' ? 'any' : kind.replace(/-(yes|no)$/, '')
      return { strategy, markets, atMs: fromMs }
    })
    const { missed, unfounded } = judgeSignals(truth, perfect, 0)
    const unexplained = real.filter(
      ({ group, fromMs, untilMs }) =>
        !planted.some(
          (plant) =>
            plant.markets.some((market) => group.includes(market)) &&
            plant.fromMs <= fromMs &&
            plant.untilMs >= untilMs,
        ),
    )

    expect(planted.length).toBeGreaterThanOrEqual(3)
    expect({ missed, unfounded, unexplained }).toEqual({
      missed: [],
      unfounded: [],
      unexplained: [],
    })
  })

  test('half a minute has several plants of each kind, the first within two seconds', () => {
    const { planted, decoys } = simulate({ seed: 11 }, 30_000)

    for (const kind of plantableKinds) {
      expect(planted.filter((plant) => plant.kind === kind).length).toBeGreaterThanOrEqual(2)
    }
    expect(planted[0]?.fromMs).toBeLessThan(1_800_000_002_000)
    expect(new Set(decoys.map(({ kind }) => kind)).size).toBe(3)
  })

  test('only the kinds that are asked for are planted', () => {
    const { planted } = simulate({ seed: 12, plants: ['ladder'] }, 10_000)

    expect(new Set(planted.map(({ kind }) => kind))).toEqual(new Set(['ladder']))
  })
})

test('the same seed gives the same orders, another seed others', () => {
  const story = (seed: number): readonly string[] => {
    const told: string[] = []
    simulate({ seed }, 2_000, (event) => {
      const { conditionId } = event.market.listing
      const id = event.kind === 'order-executed' ? event.execution.request.id : ''
      told.push(`${event.at} ${event.kind} ${conditionId} ${id}`)
    })
    return told
  }

  expect(story(21)).toEqual(story(21))
  expect(story(22)).not.toEqual(story(21))
})

test('markets are listed, refined, closed and resolved while no book is ever crossed', () => {
  const kinds = new Set<string>()
  let crossedCount = 0
  simulate({ seed: 13 }, 30_000, ({ kind, market }) => {
    kinds.add(kind)
    for (const outcome of ['yes', 'no'] as const) {
      if (market.engine.bestBid(outcome) >= market.engine.bestAsk(outcome)) crossedCount += 1
    }
  })

  expect([...kinds].toSorted()).toEqual([
    'market-closed',
    'market-listed',
    'market-resolved',
    'order-cancelled',
    'order-executed',
    'tick-changed',
  ])
  expect(crossedCount).toBe(0)
})
