import type { AlertChannel } from '../telemetry/alerts/alert.ts'
import { DiscordSender } from './alert-discord.ts'
import type { AlertSecrets } from './alert-secrets.ts'
import type { AlertSender } from './alert-sender.ts'
import type { AlertSettings } from './alert-settings.ts'
import { SlackSender } from './alert-slack.ts'
import { TelegramApi, TelegramSender } from './alert-telegram.ts'
import { WebhookSender } from './alert-webhook.ts'

export type SendersOptions = {
  readonly settings: AlertSettings
  readonly secrets: AlertSecrets
  /** Says without a doubt what the money in a message is. */
  readonly badge: string
  /** Only this one, when given. */
  readonly channel?: AlertChannel | undefined
}

/** A sender for each address of every channel that is on. */
export async function makeSenders(options: SendersOptions): Promise<readonly AlertSender[]> {
  const { badge, channel, secrets, settings } = options
  const { email, telegram } = settings
  const isWanted = (name: AlertChannel): boolean =>
    settings[name].enabled && (channel ?? name) === name
  const senders: AlertSender[] = []
  if (isWanted('telegram') && secrets.telegramToken !== undefined) {
    for (const chat of telegram.chatIds) {
      const api = new TelegramApi(telegram.apiUrl, secrets.telegramToken)
      senders.push(new TelegramSender(api, chat, badge))
    }
  }
  if (isWanted('discord') && secrets.discordUrl !== undefined) {
    senders.push(new DiscordSender(secrets.discordUrl, badge))
  }
  if (isWanted('slack') && secrets.slackUrl !== undefined) {
    senders.push(new SlackSender(secrets.slackUrl, badge))
  }
  if (isWanted('email')) {
    // Loaded before anything trades: to load it in the middle of a run would hold the engine up.
    const { EmailSender } = await import('./alert-email.ts')
    senders.push(new EmailSender({ settings: email, password: secrets.emailPassword, badge }))
  }
  if (isWanted('webhook') && secrets.webhookUrl !== undefined) {
    const { webhookSecret: secret, webhookUrl: url } = secrets
    senders.push(new WebhookSender({ url, secret, badge }))
  }
  return senders
}
