import { z } from 'zod'
import { parseDecimal } from '../core/decimal.ts'
import type { Ppm } from '../core/units.ts'
import type { AlertRule, RuleSettings, Severity } from '../telemetry/alerts/alert.ts'
import { alertChannels, severities } from '../telemetry/alerts/alert.ts'

/** What is told, how often, and where. The secrets of the channels stand elsewhere. */
export type AlertSettings = {
  readonly perMinuteMax: number
  readonly dedupeS: number
  readonly rules: {
    readonly fill: RuleSettings
    readonly basketUnwinding: RuleSettings
    readonly basketStuck: RuleSettings
    readonly lockedLoss: RuleSettings
    readonly limitNear: RuleSettings & { readonly fraction: Ppm }
    readonly feedBroken: RuleSettings & { readonly forS: number }
    readonly strategyStopped: RuleSettings
    readonly pairWithdrawn: RuleSettings
    readonly accountDiffers: RuleSettings
    readonly kill: RuleSettings
    readonly journalEnded: RuleSettings
    readonly dailySummary: RuleSettings & { readonly at: string }
  }
  readonly telegram: ChannelSettings & {
    readonly apiUrl: string
    readonly tokenFile?: string | undefined
    readonly chatIds: readonly string[]
    readonly commands: boolean
  }
  readonly discord: ChannelSettings & { readonly urlFile?: string | undefined }
  readonly slack: ChannelSettings & { readonly urlFile?: string | undefined }
  readonly email: ChannelSettings & EmailSettings
  readonly webhook: ChannelSettings & {
    readonly urlFile?: string | undefined
    readonly secretFile?: string | undefined
  }
}

export type EmailSettings = {
  readonly host: string
  readonly port: number
  readonly security: 'starttls' | 'tls' | 'none'
  readonly user?: string | undefined
  readonly passwordFile?: string | undefined
  readonly from: string
  readonly to: readonly string[]
}

type ChannelSettings = { readonly enabled: boolean; readonly perMinuteMax: number }

/** The table `[alerts]`. The published schema and the example are made from this. */
export const alertSettingsSchema: z.ZodType<AlertSettings> = table({
  perMinuteMax: perMinute(30, 'Messages in a minute, over all channels.'),
  dedupeS: z
    .int()
    .min(0)
    .max(86_400)
    .default(300)
    .describe('The same cause again within so many seconds is one line with a count.'),
  rules: table({
    fill: rule('info', 'Legs of a basket were filled.'),
    basketUnwinding: rule('warning', 'A basket did not come about: completed dearer, or unwound.'),
    basketStuck: rule('critical', 'A basket is quarantined or stranded, and waits for you.'),
    lockedLoss: rule('critical', 'A basket that could not lose has settled below nothing.'),
    limitNear: table({
      ...ruleKeys('warning', 'A limit is nearly used up.'),
      fraction: fraction('0.9', 'How much of a limit is near: 0.9 is 90 %.'),
    }),
    feedBroken: table({
      ...ruleKeys('warning', 'A venue has fewer connections than it should.'),
      forS: z
        .int()
        .min(1)
        .max(86_400)
        .default(30)
        .describe('For so many seconds before it is told.'),
    }),
    strategyStopped: rule('critical', 'A strategy broke a rule and was stopped.'),
    pairWithdrawn: rule('critical', 'The sentinel took a confirmed pair out of trading.'),
    accountDiffers: rule('critical', 'Books and account of a venue do not agree.'),
    kill: rule('critical', 'Trading was killed.'),
    journalEnded: rule('critical', 'The journal cannot be written on, so trading is paused.'),
    dailySummary: table({
      ...ruleKeys('info', 'What the day has brought.'),
      at: z
        .string()
        .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'expected a time of day such as "21:00"' })
        .default('21:00')
        .describe('Time of day, UTC.'),
    }),
  }),
  telegram: table({
    ...channelKeys('Telegram', 20),
    apiUrl: z
      .string()
      .regex(/^https?:\/\/[^\s/]/, { error: 'expected an address that starts with https://' })
      .default('https://api.telegram.org')
      .describe('Where the Bot API is.'),
    tokenFile: secretFile('TELEGRAM_BOT_TOKEN', 'the token of the bot'),
    chatIds: z
      .array(chatId())
      .default([])
      .describe('Chats that get the messages and may give commands; all others are ignored.'),
    commands: z
      .boolean()
      .default(false)
      .describe('Whether these chats may ask for status, pause, resume and kill.'),
  }),
  discord: table({
    ...channelKeys('Discord', 20),
    urlFile: secretFile('DISCORD_WEBHOOK_URL', 'the address of the webhook'),
  }),
  slack: table({
    ...channelKeys('Slack', 20),
    urlFile: secretFile('SLACK_WEBHOOK_URL', 'the address of the incoming webhook'),
  }),
  email: table({
    ...channelKeys('e-mail', 2),
    host: z.string().default('').describe('Name of the mail server.'),
    port: z.int().min(1).max(65_535).default(587).describe('Port of the mail server.'),
    security: z
      .enum(['starttls', 'tls', 'none'])
      .default('starttls')
      .describe('How the connection is secured. "tls" is mostly port 465; "none" only locally.'),
    user: z.string().min(1).optional().describe('Name to log in with. Not set: without a login.'),
    passwordFile: secretFile('SMTP_PASSWORD', 'the password'),
    from: z.string().default('').describe('Address that messages come from.'),
    to: z.array(z.string().min(3)).default([]).describe('Addresses that get the messages.'),
  }),
  webhook: table({
    ...channelKeys('a webhook of your own', 60),
    urlFile: secretFile('ALERT_WEBHOOK_URL', 'the address'),
    secretFile: secretFile('ALERT_WEBHOOK_SECRET', 'the key that messages are signed with'),
  }),
})

/** The settings of each rule, by its name. */
export function ruleSettings({ rules }: AlertSettings): Readonly<Record<AlertRule, RuleSettings>> {
  return {
    fill: rules.fill,
    'basket-unwinding': rules.basketUnwinding,
    'basket-stuck': rules.basketStuck,
    'locked-loss': rules.lockedLoss,
    'limit-near': rules.limitNear,
    'feed-broken': rules.feedBroken,
    'strategy-stopped': rules.strategyStopped,
    'pair-withdrawn': rules.pairWithdrawn,
    'account-differs': rules.accountDiffers,
    kill: rules.kill,
    'journal-ended': rules.journalEnded,
    'daily-summary': rules.dailySummary,
  }
}

function rule(severity: Severity, means: string) {
  return table(ruleKeys(severity, means))
}

function ruleKeys(severity: Severity, means: string) {
  return {
    enabled: z.boolean().default(true).describe(means),
    severity: z.enum(severities).default(severity).describe('How bad it is.'),
    channels: z
      .array(z.enum(alertChannels))
      .default([])
      .describe('Channels that are told. Empty: every one that is on.'),
  }
}

function channelKeys(name: string, perMinuteMax: number) {
  return {
    enabled: z.boolean().default(false).describe(`Whether alerts go to ${name}.`),
    perMinuteMax: perMinute(perMinuteMax, 'Messages in a minute; what is more goes in the next.'),
  }
}

function perMinute(fallback: number, means: string) {
  return z.int().min(1).max(600).default(fallback).describe(means)
}

function secretFile(variable: string, what: string) {
  return z
    .string()
    .min(1)
    .optional()
    .describe(`File with ${what}. ${variable} or ${variable}_FILE in the environment override it.`)
}

/** People write them as numbers, and those of groups are negative. */
function chatId() {
  const error = 'expected the number of a chat, such as 123456789'
  const text = z.string().regex(/^-?\d{1,20}$/, { error })
  return z.union([z.int(), text], { error }).transform(String)
}

/** Read exactly, never rounded. */
function fraction(fallback: string, means: string): z.ZodType<Ppm> {
  const expected = 'expected a fraction from 0 to 1, such as "0.9"'
  return z
    .union([z.number(), z.string()], { error: expected })
    .transform((value, context): Ppm => {
      const exact = parseDecimal(String(value), 6)
      if (exact !== undefined && exact >= 0 && exact <= 1_000_000) return exact as Ppm
      context.addIssue({ code: 'custom', message: expected, input: value })
      return z.NEVER
    })
    .prefault(fallback)
    .describe(means)
}

function table<Shape extends z.ZodRawShape>(
  shape: Shape,
): z.ZodPrefault<z.ZodObject<Shape, z.core.$strict>> {
  return z.strictObject(shape).prefault({} as z.input<z.ZodObject<Shape, z.core.$strict>>)
}
