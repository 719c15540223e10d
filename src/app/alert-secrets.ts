import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { AlertSettings } from './alert-settings.ts'
import type { ConfigProblem } from './config-problem.ts'

/** What the channels must know and nobody may see. Undefined where its channel is off. */
export type AlertSecrets = Readonly<Partial<Record<SecretName, string>>>

type SecretName =
  | 'telegramToken'
  | 'discordUrl'
  | 'slackUrl'
  | 'emailPassword'
  | 'webhookUrl'
  | 'webhookSecret'

type Wanted = {
  readonly name: SecretName
  readonly variable: string
  readonly key: string
  readonly file: string | undefined
  readonly isNeeded: boolean
}

export type AlertSecretsSource = {
  readonly settings: AlertSettings
  readonly folder: string
  readonly environment: Readonly<Record<string, string | undefined>>
}

export type AlertSecretsRead = {
  readonly secrets: AlertSecrets
  readonly problems: readonly ConfigProblem[]
}

/**
 * Reads the secrets of the channels that are on: from the environment, from a file that the
 * environment names, or from the file that the configuration names, in this order.
 *
 * Also says what such a channel lacks, and what would send a secret in clear over a network. Never
 * with a word of a secret.
 */
export function readAlertSecrets(source: AlertSecretsSource): AlertSecretsRead {
  const problems: ConfigProblem[] = []
  const secrets: Partial<Record<SecretName, string>> = {}
  for (const wanted of wantedBy(source.settings)) {
    const value = readSecret(wanted, source, problems)
    if (value !== undefined) secrets[wanted.name] = value
    else if (wanted.isNeeded) problems.push(missing(wanted))
  }
  return { secrets, problems: [...problems, ...faultsOf(source.settings, secrets)] }
}

/** Every text by which a secret could be recognised: the parts of an address, too. */
export function hiddenTexts(secrets: AlertSecrets): readonly string[] {
  return Object.values(secrets).flatMap((secret) => {
    const url = URL.canParse(secret) ? new URL(secret) : undefined
    if (url === undefined) return [secret]
    const { password, pathname, search } = url
    const last = pathname.split('/').findLast((part) => part !== '') ?? ''
    return [secret, url.href, pathname, last, search.slice(1), password].filter(isTelling)
  })
}

/** Shorter texts than this are ordinary words. */
function isTelling(text: string): boolean {
  return text.length >= 8
}

function wantedBy(settings: AlertSettings): readonly Wanted[] {
  const { discord, email, slack, telegram, webhook } = settings
  const all: readonly (Wanted & { readonly isOn: boolean })[] = [
    {
      name: 'telegramToken',
      variable: 'TELEGRAM_BOT_TOKEN',
      key: 'alerts.telegram.token_file',
      file: telegram.tokenFile,
      isOn: telegram.enabled,
      isNeeded: true,
    },
    {
      name: 'discordUrl',
      variable: 'DISCORD_WEBHOOK_URL',
      key: 'alerts.discord.url_file',
      file: discord.urlFile,
      isOn: discord.enabled,
      isNeeded: true,
    },
    {
      name: 'slackUrl',
      variable: 'SLACK_WEBHOOK_URL',
      key: 'alerts.slack.url_file',
      file: slack.urlFile,
      isOn: slack.enabled,
      isNeeded: true,
    },
    {
      name: 'emailPassword',
      variable: 'SMTP_PASSWORD',
      key: 'alerts.email.password_file',
      file: email.passwordFile,
      isOn: email.enabled,
      isNeeded: email.user !== undefined,
    },
    {
      name: 'webhookUrl',
      variable: 'ALERT_WEBHOOK_URL',
      key: 'alerts.webhook.url_file',
      file: webhook.urlFile,
      isOn: webhook.enabled,
      isNeeded: true,
    },
    {
      name: 'webhookSecret',
      variable: 'ALERT_WEBHOOK_SECRET',
      key: 'alerts.webhook.secret_file',
      file: webhook.secretFile,
      isOn: webhook.enabled,
      isNeeded: false,
    },
  ]
  return all.filter(({ isOn }) => isOn)
}

function readSecret(
  { file, key, variable }: Wanted,
  { environment, folder }: AlertSecretsSource,
  problems: ConfigProblem[],
): string | undefined {
  const given = environment[variable]
  if (given !== undefined && given !== '') return given
  const named = environment[`${variable}_FILE`]
  const isNamed = named !== undefined && named !== ''
  const from = isNamed ? named : file
  if (from === undefined) return undefined
  try {
    const text = readFileSync(path.resolve(folder, from), 'utf8').trim()
    if (text !== '') return text
    problems.push(problem(isNamed ? `${variable}_FILE` : key, `${from} is empty`))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN'
    problems.push(problem(isNamed ? `${variable}_FILE` : key, `${from} cannot be read (${code})`))
  }
  return undefined
}

function missing({ key, variable }: Wanted): ConfigProblem {
  const channel = key.split('.').slice(0, 2).join('.')
  return {
    where: channel,
    key: '',
    what: 'is on without its secret',
    remedy: `set ${variable} or ${variable}_FILE, or ${key}`,
  }
}

function faultsOf(settings: AlertSettings, secrets: AlertSecrets): readonly ConfigProblem[] {
  const { email, telegram } = settings
  const problems: ConfigProblem[] = []
  if (telegram.enabled) {
    if (telegram.chatIds.length === 0) {
      problems.push(problem('alerts.telegram.chat_ids', 'is empty, so nobody would be told'))
    }
    if (!isSafe(telegram.apiUrl)) {
      problems.push(problem('alerts.telegram.api_url', 'would send the token in clear: use https'))
    }
  }
  if (email.enabled) {
    for (const key of ['host', 'from', 'to'] as const) {
      if (email[key].length === 0) problems.push(problem(`alerts.email.${key}`, 'is not set'))
    }
    if (email.security === 'none' && email.user !== undefined && !isLoopback(email.host)) {
      problems.push(problem('alerts.email.security', 'would send the password in clear'))
    }
  }
  for (const name of ['discordUrl', 'slackUrl', 'webhookUrl'] as const) {
    const url = secrets[name]
    if (url === undefined) continue
    const key = `alerts.${name.replace('Url', '')}.url_file`
    // Within a network of containers a webhook of one's own has no certificate.
    if (!/^https?:/.test(url) || !URL.canParse(url)) problems.push(problem(key, 'holds no address'))
    else if (name !== 'webhookUrl' && !isSafe(url)) {
      problems.push(problem(key, 'holds an address that is not https'))
    }
  }
  return problems
}

function problem(where: string, what: string): ConfigProblem {
  return { where, key: '', what, remedy: '' }
}

function isSafe(url: string): boolean {
  return url.startsWith('https:') || (URL.canParse(url) && isLoopback(new URL(url).hostname))
}

function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/.test(host)
}
