import { createHmac } from 'node:crypto'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { AlertMessage } from '../telemetry/alerts/alert-message.ts'
import { epochMs } from '../core/units.ts'
import { DiscordSender } from './alert-discord.ts'
import { EmailSender } from './alert-email.ts'
import type { AlertSender } from './alert-sender.ts'
import type { EmailSettings } from './alert-settings.ts'
import { SlackSender } from './alert-slack.ts'
import { TelegramApi, TelegramSender } from './alert-telegram.ts'
import { WebhookSender } from './alert-webhook.ts'
import { fakeBotApi } from '../../test/alerts/fake-bot-api.ts'
import { fakeMailServer } from '../../test/alerts/fake-mail-server.ts'
import type { PostReply } from '../../test/alerts/fake-post-server.ts'
import { fakePostServer } from '../../test/alerts/fake-post-server.ts'

const atMs = epochMs(Date.UTC(2026, 10, 25, 12))
const message: AlertMessage = {
  atMs,
  lines: [
    {
      rule: 'kill',
      severity: 'critical',
      cause: 'kill',
      text: 'Trading was killed <!channel> & @everyone',
      count: 2,
      firstMs: epochMs(atMs - 60_000),
      lastMs: atMs,
    },
  ],
  heldBack: [{ rule: 'fill', count: 3 }],
}
const body =
  'Trading was killed <!channel> & @everyone (12:00:00 UTC, 2 times since 11:59:00 UTC)\n' +
  'Held back and only counted: 3 fill.'
const title = '[PAPER] critical: kill'
const whole = `${title}\n${body}`
const token = '123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11'

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

function closing<T extends { stop(): Promise<void> }>(thing: T): T {
  stops.push(() => thing.stop())
  return thing
}

async function server(...replies: readonly PostReply[]) {
  return closing(await fakePostServer((_, count) => replies[count - 1] ?? { status: 200 }))
}

describe('TelegramSender', () => {
  test('says title and lines in its chat', async () => {
    const bot = closing(await fakeBotApi(token))
    const sender = closing(new TelegramSender(new TelegramApi(bot.url, token), '-42', 'PAPER'))

    expect(await sender.send(message)).toEqual({ kind: 'sent' })
    expect(bot.said).toEqual([{ chat: '-42', text: whole }])
  })

  test('waits as long as a 429 asks', async () => {
    const bot = closing(await fakeBotApi(token))
    const sender = closing(new TelegramSender(new TelegramApi(bot.url, token), '-42', 'PAPER'))
    bot.refuse({
      status: 429,
      body: {
        ok: false,
        error_code: 429,
        description: 'Too Many Requests: retry after 7',
        parameters: { retry_after: 7 },
      },
    })

    const first = await sender.send(message)

    expect(first).toEqual({ kind: 'retry', afterMs: 7_000, reason: 'status 429' })
    expect(await sender.send(message)).toEqual({ kind: 'sent' })
  })

  test('a token that is not known is no matter of time', async () => {
    const bot = closing(await fakeBotApi(token))
    const sender = closing(new TelegramSender(new TelegramApi(bot.url, 'wrong'), '-42', 'PAPER'))

    expect(await sender.send(message)).toEqual({ kind: 'refused', reason: 'status 401' })
  })
})

describe('DiscordSender', () => {
  test('posts content that calls nobody', async () => {
    const web = await server({ status: 204 })
    const sender = closing(new DiscordSender(`${web.url}/api/webhooks/1/x`, 'PAPER'))

    expect(await sender.send(message)).toEqual({ kind: 'sent' })
    expect(web.posted.map((one): unknown => [one.path, JSON.parse(one.body)])).toEqual([
      ['/api/webhooks/1/x', { content: whole, allowed_mentions: { parse: [] } }],
    ])
  })

  test('waits as long as the body of a 429 asks', async () => {
    const limited = { message: 'You are being rate limited.', retry_after: 1.25, global: false }
    const web = await server({ status: 429, body: limited, headers: { 'retry-after': '2' } })
    const sender = closing(new DiscordSender(web.url, 'PAPER'))

    expect(await sender.send(message)).toEqual({
      kind: 'retry',
      afterMs: 1_250,
      reason: 'status 429',
    })
  })

  test('lines that do not fit any more are counted', async () => {
    const web = await server()
    const sender = closing(new DiscordSender(web.url, 'PAPER'))
    const lines = Array.from({ length: 10 }, () => message.lines).flat()
    const long = lines.map((line) => ({ ...line, text: '\u{1F4C8}'.repeat(170), count: 1 }))

    await sender.send({ ...message, lines: long })

    const { content } = z
      .object({ content: z.string() })
      .parse(JSON.parse(web.posted[0]?.body ?? ''))
    expect(content.length).toBeLessThanOrEqual(2_000)
    expect(content.match(/12:00:00 UTC/g)).toHaveLength(5)
    expect(content).toMatch(/\nHeld back and only counted: 3 fill, 5 kill\.$/)
    // Half a character would not come through UTF-8 as it is.
    expect(Buffer.from(content).toString()).toBe(content)
  })
})

describe('SlackSender', () => {
  test('posts text in which nothing is a command of Slack', async () => {
    const web = await server()
    const sender = closing(new SlackSender(`${web.url}/services/T/B/x`, 'PAPER'))

    expect(await sender.send(message)).toEqual({ kind: 'sent' })
    const text = whole.replace('<!channel> &', '&lt;!channel&gt; &amp;')
    expect(web.posted.map((one) => JSON.parse(one.body) as unknown)).toEqual([{ text }])
  })

  test('waits as long as the header of a 429 asks', async () => {
    const web = await server({ status: 429, headers: { 'retry-after': '30' } })
    const sender = closing(new SlackSender(web.url, 'PAPER'))

    expect(await sender.send(message)).toMatchObject({ kind: 'retry', afterMs: 30_000 })
  })
})

describe('WebhookSender', () => {
  test('posts what docs/operating.md says, signed with the time', async () => {
    const web = await server()
    const options = { url: `${web.url}/hook?x=1`, secret: 'a secret of ours', badge: 'PAPER' }
    const sender = closing(new WebhookSender(options))

    expect(await sender.send(message)).toEqual({ kind: 'sent' })

    const [one] = web.posted
    expect(one?.path).toBe('/hook?x=1')
    expect(JSON.parse(one?.body ?? '')).toEqual({
      version: 1,
      badge: 'PAPER',
      severity: 'critical',
      title,
      text: body,
      sentAt: '2026-11-25T12:00:00.000Z',
      alerts: [
        {
          rule: 'kill',
          severity: 'critical',
          cause: 'kill',
          text: 'Trading was killed <!channel> & @everyone',
          count: 2,
          firstAt: '2026-11-25T11:59:00.000Z',
          lastAt: '2026-11-25T12:00:00.000Z',
        },
      ],
      heldBack: [{ rule: 'fill', count: 3 }],
    })
    const timestamp = String(atMs / 1_000)
    const wanted = createHmac('sha256', 'a secret of ours').update(`${timestamp}.${one?.body}`)
    expect(one?.headers['x-prediction-engine-timestamp']).toBe(timestamp)
    expect(one?.headers['x-prediction-engine-signature']).toBe(`sha256=${wanted.digest('hex')}`)
  })

  test('is not signed without a key', async () => {
    const web = await server()
    const sender = closing(new WebhookSender({ url: web.url, secret: undefined, badge: 'PAPER' }))

    await sender.send(message)

    expect(web.posted[0]?.headers['x-prediction-engine-signature']).toBeUndefined()
  })

  test.each([
    { status: 503, headers: {}, want: { kind: 'retry', afterMs: undefined } },
    { status: 500, headers: { 'retry-after': 'tomorrow' }, want: { kind: 'retry' } },
    { status: 302, headers: { location: 'http://127.0.0.1:1/' }, want: { kind: 'refused' } },
    { status: 410, headers: {}, want: { kind: 'refused', reason: 'status 410' } },
  ])('an answer of $status is: $want.kind', async ({ headers, status, want }) => {
    const web = await server({ status, headers })
    const sender = closing(new WebhookSender({ url: web.url, secret: undefined, badge: 'PAPER' }))

    expect(await sender.send(message)).toMatchObject(want)
    expect(web.posted).toHaveLength(1)
  })

  test('a host that refuses is tried again, and the reason holds no address', async () => {
    const url = `http://127.0.0.1:${await closedPort()}/secret-path`
    const sender = closing(new WebhookSender({ url, secret: undefined, badge: 'PAPER' }))

    const outcome = await sender.send(message)

    expect(outcome).toEqual({ kind: 'retry', afterMs: undefined, reason: 'ECONNREFUSED' })
  })
})

describe('EmailSender', () => {
  const login = { user: 'bot@mail.test', password: 'a long password' }
  const settings: EmailSettings = {
    host: '127.0.0.1',
    port: 0,
    security: 'none',
    from: 'engine@mail.test',
    to: ['ann@mail.test', 'bob@mail.test'],
  }
  const mailer = (over: Partial<EmailSettings>, password?: string): AlertSender =>
    closing(new EmailSender({ settings: { ...settings, ...over }, password, badge: 'PAPER' }))

  test('sends a mail to everybody, with the title as its subject', async () => {
    const mail = closing(await fakeMailServer())

    expect(await mailer({ port: mail.port }).send(message)).toEqual({ kind: 'sent' })
    expect(mail.mails.map(({ from, to }) => ({ from, to }))).toEqual([
      { from: settings.from, to: settings.to },
    ])
    const [one] = mail.mails
    expect(one?.data).toContain(`\nSubject: ${title}\n`)
    expect(one?.data).toContain('Trading was killed <!channel> & @everyone')
  })

  test('logs in where there is a user', async () => {
    const mail = closing(await fakeMailServer())

    await mailer({ port: mail.port, user: login.user }, login.password).send(message)

    const plain = Buffer.from(`\0${login.user}\0${login.password}`).toString('base64')
    expect(mail.lines).toContain(`AUTH PLAIN ${plain}`)
  })

  test('a login that is refused is refused, and the reason holds no word of it', async () => {
    const mail = closing(await fakeMailServer({ login: `535 5.7.8 not ${login.password}` }))

    const outcome = await mailer({ port: mail.port, user: login.user }, login.password).send(
      message,
    )

    expect(outcome).toEqual({ kind: 'refused', reason: 'EAUTH 535' })
  })

  test('a server that is busy is tried again', async () => {
    const mail = closing(await fakeMailServer({ mailFrom: ['451 4.7.1 try again later'] }))
    const sender = mailer({ port: mail.port })

    expect(await sender.send(message)).toMatchObject({ kind: 'retry', reason: 'EENVELOPE 451' })
    expect(await sender.send(message)).toEqual({ kind: 'sent' })
  })

  test('a server without STARTTLS gets neither mail nor password', async () => {
    const mail = closing(await fakeMailServer())
    const over = { port: mail.port, user: login.user, security: 'starttls' } as const

    expect(await mailer(over, login.password).send(message)).not.toEqual({ kind: 'sent' })
    expect(mail.lines.some((line) => line.startsWith('AUTH'))).toBe(false)
    expect(mail.mails).toEqual([])
  })
})

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}
