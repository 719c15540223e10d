import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Group } from '../arbitrage/group.ts'
import {
  smallBooks,
  smallMarket,
  smallSet,
  type SmallBook,
} from '../arbitrage/fixtures/small-market.ts'
import { groupOfSet } from '../arbitrage/set-group.ts'
import type { EpochMs, Ppm } from '../core/units.ts'
import { loadSolver } from './highs-solver.ts'
import { SurveyDesk } from './survey-desk.ts'
import { runSurvey, takeBooks, type SurveyJob } from './survey-job.ts'

let desk: SurveyDesk
beforeAll(() => {
  desk = SurveyDesk.start()
})
afterAll(async () => desk.stop())

function jobOf(groupCount: number): SurveyJob {
  const markets = ['ann', 'bob', 'cid'].map((name) => smallMarket(name))
  const books = smallBooks(markets, [
    { asks: [[40, 10]] },
    { asks: [[35, 10]] },
    { asks: [[22, 10]] },
  ] satisfies SmallBook[])
  const group = groupOfSet(smallSet(markets), (id) => markets.find((one) => one.id === id))
  if (!(group instanceof Group)) throw new Error(group)
  return {
    groups: Array.from({ length: groupCount }, () => group.facts),
    books: markets.flatMap((market) => {
      const both = books(market)
      return both === undefined ? [] : [takeBooks({ market, ...both })]
    }),
    nowMs: 1_790_000_000_000 as EpochMs,
    hurdle: 0 as Ppm,
    hurdlePerYear: 0 as Ppm,
  }
}

describe('a survey in another thread', () => {
  test('finds what it would find here', async () => {
    const here = runSurvey(jobOf(1), await loadSolver(), () => false)

    const there = await desk.survey(jobOf(1))

    expect(there).toEqual(here)
    expect(there?.found.map(({ edge }) => edge)).toEqual([300_000])
  })

  test('ends when another is asked for, and the other is answered', async () => {
    const first = desk.survey(jobOf(50_000))
    const second = desk.survey(jobOf(2))

    expect(await first).toBeUndefined()
    expect((await second)?.groups).toBe(2)
  })

  test('ends when nobody waits any more', async () => {
    const asked = desk.survey(jobOf(50_000))
    desk.cancel()

    expect(await asked).toBeUndefined()
    expect((await desk.survey(jobOf(3)))?.groups).toBe(3)
  })
})
