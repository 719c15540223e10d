import { expect, test } from 'vitest'
import { marketOf } from '../../test/engine/market-of.ts'
import { WatchedScene } from '../../test/server/watched-scene.ts'

test('profits by strategy add up to what the run has realised', () => {
  const given = new WatchedScene([marketOf('rain'), marketOf('snow')])

  given.offer('rain')
  given.tell()
  given.settle('rain')
  given.offer('snow')
  given.tell()

  const { byStrategy, realised, fees } = given.replica.profitAndLoss ?? { byStrategy: [] }
  expect(byStrategy.map(({ strategy }) => strategy)).toEqual(['cross-outcome'])
  expect(byStrategy[0]?.realised).toBe(realised)
  expect(byStrategy[0]?.fees).toBe(fees)
})
