import { expect, test } from 'vitest'
import { Phantoms } from './phantoms.ts'

test('a sighting that lasts is counted once, and again when it comes back', () => {
  const counted: string[] = []
  const phantoms = new Phantoms((cause) => counted.push(cause))

  phantoms.sight(5_000, 'TORN')
  phantoms.sight(5_000, 'TORN')
  phantoms.clear(5_000)
  phantoms.sight(5_000, 'TORN')

  expect(counted).toEqual(['TORN', 'TORN'])
  expect(phantoms.total).toBe(2)
})

test('another cause, and the same in another market, are sightings of their own', () => {
  const counted: string[] = []
  const phantoms = new Phantoms((cause) => counted.push(cause))

  phantoms.sight(1, 'TORN')
  phantoms.sight(1, 'BROKEN')
  phantoms.sight(2, 'BROKEN')

  expect(counted).toEqual(['TORN', 'BROKEN', 'BROKEN'])
})
