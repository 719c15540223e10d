import { generateKeyPairSync, verify } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { AuthHeaders } from './auth.ts'
import { RequestSigner } from './auth.ts'
import { HandClock } from './fixtures/hand-clock.ts'
import { PreparedHeaders } from './prepared-headers.ts'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const call = { method: 'POST', path: '/trade-api/v2/portfolio/events/orders' }

function scene() {
  const clock = new HandClock(1_800_000_000_000)
  const signer = new RequestSigner({ keyId: 'id', privateKeyPem }, clock)
  const headers = new PreparedHeaders({ signer, clock, timers: clock, calls: [call] })
  headers.start()
  return { clock, headers }
}

function ageMs(clock: HandClock, taken: AuthHeaders): number {
  return clock.epochMs() - Number(taken['KALSHI-ACCESS-TIMESTAMP'])
}

function isGood(taken: AuthHeaders, { method, path } = call): boolean {
  const text = Buffer.from(taken['KALSHI-ACCESS-TIMESTAMP'] + method + path)
  return verify(null, text, publicKey, Buffer.from(taken['KALSHI-ACCESS-SIGNATURE'], 'base64'))
}

describe('PreparedHeaders', () => {
  test('gives a signature that was made before', async () => {
    const { clock, headers } = scene()
    await clock.pass(3_000)

    const taken = headers.take(call.method, call.path)

    expect(ageMs(clock, taken)).toBe(3_000)
    expect(isGood(taken)).toBe(true)
  })

  test('uses each once, and makes the next when the turn is over', async () => {
    const { clock, headers } = scene()
    await clock.pass(1_000)

    const first = headers.take(call.method, call.path)
    const second = headers.take(call.method, call.path)
    await clock.pass(500)
    const third = headers.take(call.method, call.path)

    expect([first, second, third].map((taken) => ageMs(clock, taken))).toEqual([1_500, 500, 500])
    expect(isGood(second)).toBe(true)
  })

  test('keeps none until it is old', async () => {
    const { clock, headers } = scene()

    await clock.pass(3_600_000)

    expect(ageMs(clock, headers.take(call.method, call.path))).toBeLessThan(8_000)
  })

  test('signs other calls now, and after the end all of them', async () => {
    const { clock, headers } = scene()
    const other = { method: 'DELETE', path: '/trade-api/v2/portfolio/events/orders/1' }
    await clock.pass(2_000)

    const deleted = headers.take(other.method, other.path)
    headers.stop()
    const last = headers.take(call.method, call.path)

    expect([deleted, last].map((taken) => ageMs(clock, taken))).toEqual([0, 0])
    expect(isGood(deleted, other)).toBe(true)
  })
})
