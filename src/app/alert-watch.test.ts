import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { marketOf } from '../../test/engine/market-of.ts'
import { Scene } from '../../test/engine/scene.ts'
import type { EpochMs, Nanos } from '../core/units.ts'
import { epochMs } from '../core/units.ts'
import type { Log } from '../ports/log.ts'
import { metricCatalog } from '../telemetry/metric-catalog.ts'
import { MetricRegistry } from '../telemetry/metric-registry.ts'
import type { AlertSender } from './alert-sender.ts'
import { alertSettingsSchema } from './alert-settings.ts'
import { TelegramApi, TelegramSender } from './alert-telegram.ts'
import { AlertWatch } from './alert-watch.ts'
import { WebhookSender } from './alert-webhook.ts'
import { fakeBotApi } from '../../test/alerts/fake-bot-api.ts'
import { fakePostServer } from '../../test/alerts/fake-post-server.ts'
import type { FeedView } from './run-view.ts'

/** A busy machine takes its time over a socket. */
const patient = { timeout: 10_000 }

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop()
})

function closing<T extends { stop(): Promise<void> }>(thing: T): T {
  stops.push(() => thing.stop())
  return thing
}

const start = Date.UTC(2026, 10, 25, 12)
const token = '123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11'

/** A clock and timers that are moved by hand. */
function handMachine() {
  let nowMs = start
  const everies: { readonly everyMs: number; readonly run: () => void; dueMs: number }[] = []
  const afters: { readonly dueMs: number; readonly run: () => void }[] = []
  return {
    environment: {},
    folder: '/',
    clock: { epochMs: (): EpochMs => epochMs(nowMs), nanos: (): Nanos => (nowMs * 1e6) as Nanos },
    timers: {
      every: (everyMs: number, run: () => void) => {
        const one = { everyMs, run, dueMs: nowMs + everyMs }
        everies.push(one)
        return () => void everies.splice(everies.indexOf(one), 1)
      },
      after: (delayMs: number, run: () => void) => {
        const one = { dueMs: nowMs + delayMs, run }
        afters.push(one)
        return () => void afters.splice(afters.indexOf(one), 1)
      },
    },
    pass: (ms: number): void => {
      const untilMs = nowMs + ms
      while (nowMs < untilMs) {
        nowMs += 50
        for (const one of everies) {
          if (one.dueMs > nowMs) continue
          one.dueMs += one.everyMs
          one.run()
        }
        for (const one of afters.filter(({ dueMs }) => dueMs <= nowMs)) {
          afters.splice(afters.indexOf(one), 1)
          one.run()
        }
      }
    },
  }
}

/** A watch over an engine that does nothing by itself. */
function scene(
  senders: readonly AlertSender[],
  settings: Readonly<Record<string, unknown>> = {},
  secrets: readonly string[] = [],
) {
  const machine = handMachine()
  const { engine } = new Scene({ strategies: [], markets: [marketOf('rain')] })
  const feeds: { -readonly [Key in keyof FeedView]: FeedView[Key] }[] = [
    { venue: 'polymarket', mode: 'socket', open: 1, wanted: 1, markets: 1, reconnects: 0 },
  ]
  const errors: unknown[] = []
  const log: Log = {
    debug() {},
    info() {},
    warn() {},
    error: (_, fields) => errors.push(fields?.['error']),
  }
  const metrics = new MetricRegistry(metricCatalog)
  const watch = new AlertWatch({
    machine,
    settings: alertSettingsSchema.parse(settings),
    senders,
    metrics,
    runtime: { view: engine.view, feeds: () => feeds, marketOf: () => undefined },
    log,
    secrets,
  })
  watch.start()
  stops.push(async () => {
    const done = watch.stop()
    machine.pass(3_000)
    await done
  })
  const stopped = (strategy: string, reason = 'threw'): void =>
    watch.observe({ kind: 'note-strategy-stopped', strategy, reason })
  return { machine, watch, engine, feeds, errors, metrics, stopped }
}

async function webhook() {
  const server = closing(await fakePostServer(() => ({ status: 200 })))
  const sender = new WebhookSender({ url: server.url, secret: undefined, badge: 'PAPER' })
  return { server, sender }
}

describe('AlertWatch', () => {
  test('in the turn of an effect nothing is sent; a quarter of a second later it is', async () => {
    const { sender, server } = await webhook()
    const { machine, stopped } = scene([sender])

    for (let count = 0; count < 3; count++) stopped('mine')
    machine.pass(200)
    expect(server.posted).toEqual([])
    machine.pass(50)

    await expect.poll(() => server.posted.length, patient).toBe(1)
    expect(server.posted[0]?.body).toContain('"count":3')
  })

  test('a storm is heard in parts, so that no part holds the engine up', async () => {
    const { sender, server } = await webhook()
    const { machine, metrics, stopped } = scene([sender])
    const heard = (): number => metrics.total('alerts_raised_total')

    for (let count = 0; count < 600; count++) stopped('mine')

    machine.pass(250)
    expect(heard()).toBe(250)
    machine.pass(500)
    expect(heard()).toBe(600)
    await expect.poll(() => server.posted.length, patient).toBe(1)
  })

  test('a chat that asks for patience gets the message when it said, and not before', async () => {
    const bot = closing(await fakeBotApi(token))
    const sender = new TelegramSender(new TelegramApi(bot.url, token), '7', 'PAPER')
    const { machine, metrics, stopped } = scene([sender])
    const parameters = { retry_after: 5 }
    bot.refuse({ status: 429, body: { ok: false, error_code: 429, description: '', parameters } })

    stopped('mine')
    machine.pass(250)
    await expect.poll(() => metrics.total('alerts_sent_total'), patient).toBe(1)
    machine.pass(4_750)
    expect(bot.paths).toHaveLength(1)
    stopped('other')
    machine.pass(250)

    await expect.poll(() => bot.said.length, patient).toBe(1)
    expect(bot.said[0]?.text).toMatch(/mine was stopped.*\n.*other was stopped/)
    expect(bot.paths).toHaveLength(2)
  })

  test('a channel that hangs keeps no other waiting, and the end not for long', async () => {
    const silent = createServer(() => {})
    await new Promise<void>((resolve) => void silent.listen(0, '127.0.0.1', resolve))
    stops.push(() => {
      silent.closeAllConnections()
      return new Promise((resolve) => silent.close(() => resolve()))
    })
    const { port } = silent.address() as AddressInfo
    const url = `http://127.0.0.1:${port}`
    const hanging = new WebhookSender({ url, secret: undefined, badge: 'PAPER' })
    const { sender, server } = await webhook()
    const { engine, machine, stopped, watch } = scene([hanging, sender])

    stopped('mine')
    machine.pass(250)
    await expect.poll(() => server.posted.length, patient).toBe(1)
    stopped('other')
    machine.pass(250)
    await expect.poll(() => server.posted.length, patient).toBe(2)

    engine.process({ kind: 'command', command: { kind: 'kill' }, at: 1 as Nanos })
    const end = watch.stop()
    await expect.poll(() => server.posted.at(-1)?.body, patient).toContain('"rule":"kill"')
    machine.pass(3_000)
    await end
  })

  test('a rule goes to its channels alone, at the rate of the channel and of all', async () => {
    const bot = closing(await fakeBotApi(token))
    const telegram = new TelegramSender(new TelegramApi(bot.url, token), '7', 'PAPER')
    const { sender, server } = await webhook()
    const { engine, machine, stopped } = scene([telegram, sender], {
      perMinuteMax: 4,
      webhook: { perMinuteMax: 2 },
      rules: { kill: { channels: ['telegram'] } },
    })

    engine.process({ kind: 'command', command: { kind: 'kill' }, at: 1 as Nanos })
    machine.pass(1_000)
    await expect.poll(() => bot.said.length, patient).toBe(1)
    for (let count = 0; count < 20; count++) {
      stopped(`s${count}`)
      machine.pass(250)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    await expect.poll(() => bot.said.length + server.posted.length, patient).toBe(4)
    expect(server.posted.length).toBeLessThanOrEqual(2)
    expect(server.posted.some(({ body }) => body.includes('"rule":"kill"'))).toBe(false)
    machine.pass(60_000)

    // What was held back comes in one message: ten lines, and the rest as a count.
    await expect
      .poll(() => server.posted.at(-1)?.body, patient)
      .toMatch(/"heldBack":\[\{"rule":"strategy/)
  })

  test('a kill just before the end is told at the end', async () => {
    const { sender, server } = await webhook()
    const { engine, watch } = scene([sender])

    engine.process({ kind: 'command', command: { kind: 'kill' }, at: 1 as Nanos })
    await watch.stop()

    expect(server.posted.map(({ body }) => /"rule":"kill"/.test(body))).toEqual([true])
  })

  test('a lost connection is told after its time, and its return', async () => {
    const { sender, server } = await webhook()
    const { feeds, machine } = scene([sender])

    for (const feed of feeds) feed.open = 0
    machine.pass(25_000)
    expect(server.posted).toEqual([])
    machine.pass(10_000)
    await expect.poll(() => server.posted.length, patient).toBe(1)
    for (const feed of feeds) feed.open = 1
    machine.pass(1_000)

    await expect.poll(() => server.posted.length, patient).toBe(2)
    expect(server.posted[1]?.body).toContain('polymarket is back')
  })

  test('a secret leaves in no message', async () => {
    const { sender, server } = await webhook()
    const { machine, stopped } = scene([sender], {}, ['0xabcdef1234567890'])

    stopped('mine', 'threw: bad key abcdef1234567890')
    machine.pass(250)

    await expect.poll(() => server.posted.length, patient).toBe(1)
    expect(server.posted[0]?.body).toContain('bad key [redacted]')
  })

  test('a mistake of its own is logged, and the next is told all the same', async () => {
    const { sender, server } = await webhook()
    const { errors, feeds, machine, stopped } = scene([sender])

    feeds.length = 0
    Object.defineProperty(feeds, 'flatMap', { value: undefined })
    machine.pass(250)
    expect(errors).toHaveLength(1)
    stopped('mine')
    machine.pass(500)

    await expect.poll(() => server.posted.length, patient).toBe(1)
  })
})
