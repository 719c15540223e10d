import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { fakeBotApi } from '../alerts/fake-bot-api.ts'
import { fakeMailServer } from '../alerts/fake-mail-server.ts'
import type { PostReply } from '../alerts/fake-post-server.ts'
import { fakePostServer } from '../alerts/fake-post-server.ts'
import { startCli } from './start-cli.ts'

const secret = {
  token: '987654:AAtelegram-token-that-nobody-sees',
  discord: 'discord-webhook-token-that-nobody-sees',
  slack: 'slack-webhook-token-that-nobody-sees',
  password: 'mail-password-that-nobody-sees',
  hook: 'webhook-address-that-nobody-sees',
  key: 'webhook-key-that-nobody-sees',
}

/** Every channel on a socket of this machine, and a configuration that is told of all of them. */
async function scene(replies: { discord?: PostReply; slack?: PostReply } = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'alerts-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const bot = closing(await fakeBotApi(secret.token))
  const mail = closing(await fakeMailServer())
  const answering = (first: PostReply | undefined) =>
    fakePostServer((_, count) => (count === 1 && first !== undefined ? first : { status: 200 }))
  const discord = closing(await answering(replies.discord))
  const slack = closing(await answering(replies.slack))
  const hook = closing(await answering(undefined))
  writeFileSync(path.join(folder, 'slack-url'), `${slack.url}/services/${secret.slack}\n`)
  writeFileSync(path.join(folder, 'hook-key'), secret.key)
  const config = path.join(folder, 'mine.toml')
  writeFileSync(
    config,
    `
data.folder = "${folder}/data"
[alerts.telegram]
enabled = true
commands = true
api_url = "${bot.url}"
chat_ids = [7]
[alerts.discord]
enabled = true
[alerts.slack]
enabled = true
url_file = "${folder}/slack-url"
[alerts.email]
enabled = true
host = "127.0.0.1"
port = ${mail.port}
security = "none"
user = "bot"
from = "engine@mail.test"
to = ["ann@mail.test"]
per_minute_max = 60
[alerts.webhook]
enabled = true
`,
  )
  const environment = {
    TELEGRAM_BOT_TOKEN: secret.token,
    DISCORD_WEBHOOK_URL: `${discord.url}/api/webhooks/1/${secret.discord}`,
    SMTP_PASSWORD: secret.password,
    ALERT_WEBHOOK_URL: `${hook.url}/${secret.hook}`,
    ALERT_WEBHOOK_SECRET_FILE: path.join(folder, 'hook-key'),
  }
  return { folder, config, environment, bot, mail, discord, slack, hook }
}

describe('a run with every channel on', () => {
  test('tells of fills, takes commands from its chat, and shows no secret anywhere', async () => {
    const { bot, config, discord, environment, folder, hook, mail, slack } = await scene({
      discord: { status: 500 },
      slack: { status: 403 },
    })
    const journal = path.join(folder, 'journal')
    const args = [...demoArgs, '--config', config, '--journal', journal]
    const demo = startCli(args, { ...environment, LOG_LEVEL: 'trace' })
    const { url } = Serving.parse(JSON.parse(await demo.line((line) => line.includes('"serving"'))))
    const say = (text: string, chat = 7): void =>
      bot.write(chat, text, Math.floor(Date.now() / 1_000))
    const answered = async (pattern: RegExp): Promise<string> => {
      await expect.poll(() => bot.said.some(({ text }) => pattern.test(text)), patient).toBe(true)
      return bot.said.find(({ text }) => pattern.test(text))?.text ?? ''
    }

    await answered(/fill/)
    for (const each of [discord, slack, hook]) {
      await expect.poll(() => each.posted.length, patient).toBeGreaterThan(1)
    }
    await expect.poll(() => mail.mails.length, patient).toBeGreaterThan(0)
    say('/status', 8)
    say('/status')
    expect(await answered(/connections: /)).toMatch(/^SIMULATED, trading/)
    say('/positions')
    say('/pnl')
    await answered(/^realized /)
    say('/pause')
    await answered(/^paused/)
    say('/kill 123456')
    await answered(/^nothing was killed/)
    say('/kill')
    const code = /\/kill (\d{6})/.exec(await answered(/To confirm/))?.[1] ?? ''
    say(`/kill ${code}`)
    await answered(/^killed/)
    await expect
      .poll(() => hook.posted.some(({ body }) => /"rule":"kill"/.test(body)), patient)
      .toBe(true)
    const metrics = await (await fetch(`${url}/metrics`)).text()
    const shown = await Promise.all(['config', 'logs'].map((each) => readApi(url, each, folder)))
    demo.child.kill('SIGTERM')
    const { stderr, stdout } = await demo.ended

    // It has come to its end. How the trading is judged is the demo's own test.
    expect(JSON.parse(stdout.at(-1) ?? '')).toMatchObject({ ledgerBalanced: true })
    expect(bot.said.every(({ chat }) => chat === '7')).toBe(true)
    expect(metrics).toMatch(/^alerts_sent_total\{channel="webhook",result="sent"\} [1-9]/m)
    expect(metrics).toMatch(/^alerts_sent_total\{channel="discord",result="retried"\} 1$/m)
    expect(metrics).toMatch(/^alerts_sent_total\{channel="slack",result="refused"\} 1$/m)
    expect(metrics).toMatch(/^alert_commands_total\{result="wrong-chat"\} 1$/m)
    expect(metrics).toMatch(/^alerts_raised_total\{rule="kill"\} 1$/m)
    expect(shown[0]).toContain('alerts')
    expect(stderr.join('\n')).toContain('a message of alerts was refused')
    const everything = [
      ...stdout,
      ...stderr,
      metrics,
      ...shown,
      ...bot.said.map(({ text }) => text),
      ...mail.mails.map(({ data }) => data),
      ...[discord, slack, hook].flatMap(({ posted }) => posted.map(({ body }) => body)),
      ...textsIn(path.join(folder, 'data')),
      ...textsIn(journal),
    ]
    expect(everything.length).toBeGreaterThan(20)
    for (const word of Object.values(secret)) {
      expect(everything.filter((text) => text.includes(word))).toEqual([])
    }
  }, 90_000)
})

describe('alerts test', () => {
  test('sends one message to each channel, and says so', async () => {
    const { bot, config, discord, environment, hook, mail, slack } = await scene()

    const { code, stderr, stdout } = await startCli(
      ['alerts', 'test', '--config', config],
      environment,
    ).ended

    expect(stderr).toEqual([])
    expect(code).toBe(0)
    expect(stdout.map((line) => line.split(/\s+/))).toEqual(
      ['telegram', 'discord', 'slack', 'email', 'webhook'].map((channel) => [channel, 'sent']),
    )
    expect(bot.said[0]?.text).toMatch(/^\[TEST\] info/)
    for (const { posted } of [discord, slack, hook]) expect(posted).toHaveLength(1)
    expect(mail.mails).toHaveLength(1)
  }, 20_000)

  test('says which channel refused, with no word of its secret', async () => {
    const { config, environment } = await scene({ slack: { status: 403 } })

    const { code, stdout } = await startCli(
      ['alerts', 'test', '--config', config, '--channel', 'slack', '--json'],
      environment,
    ).ended

    expect(code).toBe(1)
    expect(JSON.parse(stdout[0] ?? '')).toEqual({
      ok: false,
      tried: [{ channel: 'slack', outcome: { kind: 'refused', reason: 'status 403' } }],
    })
  }, 20_000)

  test('a channel that does not answer is told by the exit code', async () => {
    const { config, environment, slack } = await scene()
    await slack.stop()

    const { code, stdout } = await startCli(
      ['alerts', 'test', '--config', config, '--channel', 'slack'],
      environment,
    ).ended

    expect(code).toBe(2)
    expect(stdout).toEqual(['slack     did not go out: ECONNREFUSED'])
  }, 20_000)

  test('lists everything that is missing, with the remedy', async () => {
    const { config } = await scene()

    const { code, stderr } = await startCli(['alerts', 'test', '--config', config]).ended

    expect(code).toBe(78)
    expect(stderr).toEqual([
      'alerts.telegram: is on without its secret; set TELEGRAM_BOT_TOKEN or ' +
        'TELEGRAM_BOT_TOKEN_FILE, or alerts.telegram.token_file',
      'alerts.discord: is on without its secret; set DISCORD_WEBHOOK_URL or ' +
        'DISCORD_WEBHOOK_URL_FILE, or alerts.discord.url_file',
      'alerts.email: is on without its secret; set SMTP_PASSWORD or SMTP_PASSWORD_FILE, or ' +
        'alerts.email.password_file',
      'alerts.webhook: is on without its secret; set ALERT_WEBHOOK_URL or ' +
        'ALERT_WEBHOOK_URL_FILE, or alerts.webhook.url_file',
    ])
  }, 20_000)

  test('with no channel on there is nothing to test', async () => {
    const { code, stderr } = await startCli(['alerts', 'test']).ended

    expect(code).toBe(78)
    expect(stderr).toEqual(['error: no channel is on; see [alerts] in docs/operating.md'])
  }, 20_000)
})

const demoArgs = ['demo', '--for', '60s', '--seed', '7', '--json', '--port', '0']
const patient = { timeout: 30_000, interval: 50 }
const Serving = z.object({ url: z.string() })

function closing<T extends { stop(): Promise<void> }>(thing: T): T {
  onTestFinished(() => thing.stop())
  return thing
}

/** What the API answers to somebody with the token of the data folder. */
async function readApi(url: string, what: string, folder: string): Promise<string> {
  const token = readFileSync(path.join(folder, 'data', 'read.token'), 'utf8').trim()
  const headers = { authorization: `Bearer ${token}` }
  return (await fetch(`${url}/api/${what}`, { headers })).text()
}

/** Every file below a folder as text, unpacked where it is packed. */
function textsIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => {
      const bytes = readFileSync(file)
      return (file.endsWith('.zst') ? zstdDecompressSync(bytes) : bytes).toString('latin1')
    })
}
