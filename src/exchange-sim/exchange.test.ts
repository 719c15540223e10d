import { expect, test } from 'vitest'
import { thisMachine } from '../app/machine.ts'
import { startExchange } from './exchange.ts'

test('it plants while it runs, and its truth stands still once it has stopped', async () => {
  const exchange = await startExchange({ seed: 71, faults: [], plants: ['ladder'] }, thisMachine)
  for (let waited = 0; waited < 15_000 && exchange.truth().planted.length === 0; waited += 50) {
    await pause(50)
  }
  await pause(100)

  const truth = await exchange.stop()
  await pause(300)

  expect(truth.planted[0]?.kind).toBe('ladder')
  // The plant is noted when it is laid, its mispricing when the books are looked at.
  const [plant, seen] = [truth.planted[0]?.fromMs ?? 0, truth.real[0]?.fromMs ?? 0]
  expect(Math.abs(seen - plant)).toBeLessThan(50)
  expect(await exchange.stop()).toEqual(truth)
})

test('once stopped it answers nobody', async () => {
  const exchange = await startExchange({ seed: 72, faults: [] }, thisMachine)
  const { gamma, clob } = exchange.urls
  const before = await fetch(`${clob}/ok`)

  await exchange.stop()

  expect(before.status).toBe(200)
  for (const url of [gamma, clob]) await expect(fetch(`${url}/ok`)).rejects.toThrow('fetch failed')
})

test('it takes as many markets as it is asked for', async () => {
  const exchange = await startExchange({ seed: 73, faults: [], markets: 500 }, thisMachine)

  const reply = await fetch(`${exchange.urls.clob}/markets`)
  const page: unknown = await reply.json()
  await exchange.stop()

  expect(page).toMatchObject({ count: 500, limit: 500 })
})

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
}
