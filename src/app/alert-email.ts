import type { Transporter } from 'nodemailer'
import { createTransport } from 'nodemailer'
import type { AlertMessage } from '../telemetry/alerts/alert-message.ts'
import { bodyOf, clip, titleOf } from '../telemetry/alerts/alert-message.ts'
import type { SendOutcome } from '../telemetry/alerts/outbox.ts'
import type { AlertSender } from './alert-sender.ts'
import type { EmailSettings } from './alert-settings.ts'

/** RFC 5322, 2.1.1: longer lines are cut by some. */
const subjectLengthMax = 200
const answerMsMax = 10_000
const sendMsMax = 30_000

export type EmailOptions = {
  readonly settings: EmailSettings
  readonly password: string | undefined
  readonly badge: string
}

/** Sends mails through a mail server of the user's. */
export class EmailSender implements AlertSender {
  readonly channel = 'email'
  readonly #options: EmailOptions
  readonly #transport: Transporter

  constructor(options: EmailOptions) {
    this.#options = options
    const { host, port, security, user } = options.settings
    this.#transport = createTransport({
      host,
      port,
      secure: security === 'tls',
      // Without it a network in between could take STARTTLS away, and read the password.
      requireTLS: security === 'starttls',
      ignoreTLS: security === 'none',
      ...(user === undefined ? {} : { auth: { user, pass: options.password ?? '' } }),
      connectionTimeout: answerMsMax,
      greetingTimeout: answerMsMax,
      socketTimeout: sendMsMax,
      // Text of a message must never be taken for a file or an address to read.
      disableFileAccess: true,
      disableUrlAccess: true,
    })
  }

  async send(message: AlertMessage): Promise<SendOutcome> {
    const { badge, settings } = this.#options
    try {
      await this.#transport.sendMail({
        from: settings.from,
        to: [...settings.to],
        subject: clip(titleOf(message, badge), subjectLengthMax),
        text: `${bodyOf(message)}\n`,
      })
      return { kind: 'sent' }
    } catch (error) {
      return outcomeOf(error)
    }
  }

  stop(): Promise<void> {
    this.#transport.close()
    return Promise.resolve()
  }
}

/** RFC 5321, 4.2.1: a reply from 500 on is for good, one below may be otherwise later. */
function outcomeOf(error: unknown): SendOutcome {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN'
  const reply =
    error instanceof Error && 'responseCode' in error ? Number(error.responseCode) : undefined
  // The codes only: what the server says may repeat what it was told.
  if (reply !== undefined && reply >= 500) return { kind: 'refused', reason: `${code} ${reply}` }
  const reason = reply === undefined ? code : `${code} ${reply}`
  return { kind: 'retry', afterMs: undefined, reason }
}
