import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { redactText } from '../telemetry/redact.ts'
import { configFileName, loadConfig } from './load-config.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'secrets-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function load(toml: string, environment: Readonly<Record<string, string>> = {}) {
  writeFileSync(path.join(folder, configFileName), toml)
  const loaded = loadConfig({ file: undefined, folder, environment, overrides: [] })
  return {
    ...loaded,
    problems: loaded.alerts.problems.map(({ where, what }) => `${where} ${what}`),
  }
}

function write(name: string, text: string): void {
  writeFileSync(path.join(folder, name), text)
}

const slack = '[alerts.slack]\nenabled = true\n'
const url = 'https://hooks.slack.test/services/T1/B2/abcdefgh'

describe('secrets of alerts', () => {
  test('come from the environment, over a file it names, over a file of the configuration', () => {
    write('named', 'https://hooks.slack.test/named\n')
    write('configured', 'https://hooks.slack.test/configured\n')
    const toml = `${slack}url_file = "configured"\n`
    const named = { SLACK_WEBHOOK_URL_FILE: 'named' }

    const read = (environment: Record<string, string>): string | undefined =>
      load(toml, environment).alerts.secrets.slackUrl

    expect(read({})).toBe('https://hooks.slack.test/configured')
    expect(read(named)).toBe('https://hooks.slack.test/named')
    expect(read({ ...named, SLACK_WEBHOOK_URL: url })).toBe(url)
    expect(read({ SLACK_WEBHOOK_URL: '' })).toBe('https://hooks.slack.test/configured')
  })

  test('of a channel that is off are not read, and not missed', () => {
    const { alerts, problems } = load('[alerts.slack]\nurl_file = "none"\n', {
      SLACK_WEBHOOK_URL: url,
    })

    expect(alerts.secrets).toEqual({})
    expect(problems).toEqual([])
  })

  test('are hidden wherever they occur, an address by its parts, too', () => {
    const { config, secrets } = load(slack, { SLACK_WEBHOOK_URL: url })

    const shown = redactText(`${url} /services/T1/B2/abcdefgh abcdefgh`, secrets)

    expect(shown).toBe('[redacted] [redacted] [redacted]')
    expect(JSON.stringify(config)).not.toContain('abcdefgh')
  })

  test.each([
    {
      name: 'a channel without its secret',
      toml: slack,
      says: ['alerts.slack is on without its secret'],
    },
    {
      name: 'a file that is not there',
      toml: `${slack}url_file = "none"\n`,
      says: [
        'alerts.slack.url_file none cannot be read (ENOENT)',
        'alerts.slack is on without its secret',
      ],
    },
    {
      name: 'an address that is none',
      toml: slack,
      environment: { SLACK_WEBHOOK_URL: 'abcdefgh-ijkl' },
      says: ['alerts.slack.url_file holds no address'],
    },
    {
      name: 'an address that would be sent in clear',
      toml: slack,
      environment: { SLACK_WEBHOOK_URL: 'http://hooks.slack.test/abcdefgh' },
      says: ['alerts.slack.url_file holds an address that is not https'],
    },
    {
      name: 'a chat that nobody reads, and a token in clear',
      toml: '[alerts.telegram]\nenabled = true\napi_url = "http://telegram.test"\n',
      environment: { TELEGRAM_BOT_TOKEN: 'abcdefgh-ijkl' },
      says: [
        'alerts.telegram.chat_ids is empty, so nobody would be told',
        'alerts.telegram.api_url would send the token in clear: use https',
      ],
    },
    {
      name: 'a mail to nobody, with a password in clear',
      toml:
        '[alerts.email]\nenabled = true\nhost = "mail.test"\nsecurity = "none"\nuser = "u"\n' +
        'from = "a@mail.test"\n',
      environment: { SMTP_PASSWORD: 'abcdefgh-ijkl' },
      says: [
        'alerts.email.to is not set',
        'alerts.email.security would send the password in clear',
      ],
    },
  ])('$name is a problem, told without a word of it', ({ environment = {}, says, toml }) => {
    const { problems } = load(toml, environment)

    expect(problems).toEqual(says)
    expect(problems.join()).not.toContain('abcdefgh')
  })

  test('chats are written as numbers or as text', () => {
    const { config } = load('alerts.telegram.chat_ids = [7, "-1001234567890123"]\n')

    expect(config.alerts.telegram.chatIds).toEqual(['7', '-1001234567890123'])
    for (const wrong of ['"@channel"', '7.5', 'true']) {
      expect(() => load(`alerts.telegram.chat_ids = [${wrong}]\n`)).toThrow(
        /alerts\.telegram\.chat_ids\.0: was .*, expected the number of a chat/,
      )
    }
  })
})
