import type { EpochMs } from '../core/units.ts'
import type { AlertOperator } from './alert-operator.ts'
import type { ChatMessage } from './alert-telegram.ts'

/** A kill is confirmed within this time, or not at all. */
const confirmMsMax = 60_000
/** A command is of the moment: one that was on its way for longer may be about something else. */
const ageMsMax = 60_000

export type ChatCommandResult = 'done' | 'refused' | 'wrong-chat'

export type ChatDeskOptions = {
  /** Chats that may give commands. */
  readonly chats: readonly string[]
  readonly operator: AlertOperator
  readonly now: () => EpochMs
  /** A code that nobody can guess. */
  readonly makeCode: () => string
  readonly count: (result: ChatCommandResult) => void
}

type Asked = { readonly code: string; readonly untilMs: number }

const help = [
  '/status how the run stands',
  '/positions what is held',
  '/pnl profit and loss',
  '/pause no new baskets',
  '/resume trade again',
  '/kill end trading for good',
].join('\n')

/** Answers what is written in a chat. Whoever may not ask gets no answer, not even a refusal. */
export class ChatDesk {
  readonly #options: ChatDeskOptions
  readonly #asked: Map<string, Asked> = new Map()

  constructor(options: ChatDeskOptions) {
    this.#options = options
  }

  /** Undefined where there is nothing to say. */
  answer({ atS, chat, text }: ChatMessage): string | Promise<string> | undefined {
    const { chats, count, now } = this.#options
    if (!chats.includes(chat)) {
      count('wrong-chat')
      return undefined
    }
    const [command = '', ...rest] = text.trim().split(/\s+/)
    const isCode = /^\d{6}$/.test(command) && this.#asked.has(chat)
    if (!command.startsWith('/') && !isCode) return undefined
    if (now() - atS * 1_000 > ageMsMax) {
      count('refused')
      return 'this came more than a minute late and was not done; send it again'
    }
    // In a group commands are addressed: /status@some_bot.
    const word = command.split('@')[0] ?? command
    if (isCode) return this.#kill(chat, command)
    return word === '/kill' ? this.#kill(chat, rest[0]) : this.#command(word)
  }

  #command(word: string): string {
    const { count, operator } = this.#options
    const known = word.slice(1)
    switch (known) {
      case 'status':
      case 'positions':
      case 'pnl':
      case 'pause':
      case 'resume':
        count('done')
        return operator[known]()
      default:
        count('refused')
        return help
    }
  }

  #kill(chat: string, code: string | undefined): string | Promise<string> {
    const { count, makeCode, now, operator } = this.#options
    const asked = this.#asked.get(chat)
    if (code === undefined) {
      const made = makeCode()
      this.#asked.set(chat, { code: made, untilMs: now() + confirmMsMax })
      return (
        'This ends trading for good and calls back what rests; only a new start trades again.\n' +
        `To confirm, send within ${confirmMsMax / 1_000} s: /kill ${made}`
      )
    }
    // One try: a code is not to be found by trying.
    this.#asked.delete(chat)
    if (asked === undefined || now() > asked.untilMs) {
      count('refused')
      return 'nothing was killed: that code has expired; send /kill for another'
    }
    if (asked.code !== code) {
      count('refused')
      return 'nothing was killed: that is not the code; send /kill for another'
    }
    count('done')
    return operator.kill()
  }
}
