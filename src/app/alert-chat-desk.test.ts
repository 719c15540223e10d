import { afterEach, describe, expect, test } from 'vitest'
import { epochMs } from '../core/units.ts'
import type { Log } from '../ports/log.ts'
import { ChatDesk } from './alert-chat-desk.ts'
import { startChatLoop } from './alert-chat-loop.ts'
import type { AlertOperator } from './alert-operator.ts'
import { TelegramApi } from './alert-telegram.ts'
import { fakeBotApi } from '../../test/alerts/fake-bot-api.ts'
import { thisMachine } from './machine.ts'

const start = Date.UTC(2026, 10, 25, 12)

/** A desk with a clock that is set by hand, and a run that remembers what was done to it. */
function scene() {
  const done: string[] = []
  const counts: string[] = []
  let atS = 0
  let codes = 0
  const act = (what: string) => () => {
    done.push(what)
    return `${what} done`
  }
  const operator: AlertOperator = {
    status: () => 'all well',
    positions: () => 'no positions',
    pnl: () => 'nothing earned',
    pause: act('pause'),
    resume: act('resume'),
    kill: act('kill'),
  }
  const desk = new ChatDesk({
    chats: ['7', '-42'],
    operator,
    now: () => epochMs(start + atS * 1_000),
    makeCode: () => String(111_111 * ++codes),
    count: (result) => counts.push(result),
  })
  return {
    desk,
    done,
    counts,
    say: (text: string, second: number, chat = '7') => {
      atS = second
      return desk.answer({ chat, text, atS: start / 1_000 + second })
    },
    late: (text: string, writtenS: number, readS: number) => {
      atS = readS
      return desk.answer({ chat: '7', text, atS: start / 1_000 + writtenS })
    },
  }
}

describe('ChatDesk', () => {
  test.each([
    { text: '/status', says: 'all well' },
    { text: '/status@some_bot', says: 'all well' },
    { text: '  /pnl  ', says: 'nothing earned' },
    { text: '/positions', says: 'no positions' },
    { text: '/pause', says: 'pause done' },
    { text: '/resume', says: 'resume done' },
  ])('$text is answered with "$says"', ({ says, text }) => {
    const { counts, say } = scene()

    expect(say(text, 0)).toBe(says)
    expect(counts).toEqual(['done'])
  })

  test('what is no command is none of its business, and a command it does not know gets help', () => {
    const { counts, say } = scene()

    expect(say('good morning', 0)).toBeUndefined()
    expect(say('123456', 0)).toBeUndefined()
    expect(counts).toEqual([])
    expect(say('/sell everything', 0)).toContain('/status')
    expect(counts).toEqual(['refused'])
  })

  test('another chat gets no answer and does nothing, and is counted', () => {
    const { counts, done, say } = scene()

    expect(say('/pause', 0, '8')).toBeUndefined()
    expect(say('/status', 0, '42')).toBeUndefined()
    expect(done).toEqual([])
    expect(counts).toEqual(['wrong-chat', 'wrong-chat'])
  })

  test.each(['/kill 111111', '111111', '/kill@some_bot 111111'])(
    'a kill is done when its code comes back: %s',
    (text) => {
      const { done, say } = scene()

      expect(say('/kill', 0)).toMatch(/within 60 s: \/kill 111111$/)
      expect(done).toEqual([])
      expect(say(text, 60)).toBe('kill done')
      expect(done).toEqual(['kill'])
    },
  )

  test('a code is good for a minute and no longer', () => {
    const { done, say } = scene()

    void say('/kill', 0)
    expect(say('/kill 111111', 61)).toMatch(/^nothing was killed: that code has expired/)
    expect(say('/kill 111111', 61)).toMatch(/^nothing was killed/)
    expect(done).toEqual([])
  })

  test('a wrong code ends the matter: the right one is not good any more', () => {
    const { done, say } = scene()

    void say('/kill', 0)
    expect(say('/kill 222222', 1)).toMatch(/^nothing was killed: that is not the code/)
    expect(say('/kill 111111', 2)).toMatch(/^nothing was killed/)
    expect(done).toEqual([])
  })

  test('a code is good in its own chat, once', () => {
    const { done, say } = scene()

    void say('/kill', 0)
    expect(say('/kill 111111', 1, '-42')).toMatch(/^nothing was killed/)
    expect(say('/kill 111111', 2)).toBe('kill done')
    expect(say('/kill 111111', 3)).toMatch(/^nothing was killed/)
    expect(done).toEqual(['kill'])
  })

  test('a newer code takes the place of the older', () => {
    const { say } = scene()

    void say('/kill', 0)
    expect(say('/kill', 1)).toMatch(/222222$/)
    expect(say('/kill 111111', 2)).toMatch(/^nothing was killed/)
  })

  test('a command that was under way for more than a minute is not done', () => {
    const { counts, done, late } = scene()

    expect(late('/pause', 0, 61)).toMatch(/late and was not done/)
    expect(late('/pause', 0, 60)).toBe('pause done')
    expect(done).toEqual(['pause'])
    expect(counts).toEqual(['refused', 'done'])
  })
})

/** A busy machine takes its time over a socket. */
const patient = { timeout: 10_000 }

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop()
})

describe('startChatLoop', () => {
  const token = '123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11'
  const warnings: unknown[] = []
  const log: Log = {
    debug() {},
    info() {},
    warn: (message, fields) => warnings.push([message, fields]),
    error() {},
  }

  /** A loop over a Bot API on a real socket. */
  async function running(wrong?: 'token') {
    warnings.length = 0
    const bot = await fakeBotApi(token)
    stops.push(() => bot.stop())
    const parts = scene()
    const api = new TelegramApi(bot.url, wrong === undefined ? token : 'wrong-token')
    const { timers } = thisMachine
    const stopLoop = startChatLoop({ api, desk: parts.desk, timers, log })
    stops.push(async () => {
      await stopLoop()
      await api.stop()
    })
    return { ...parts, bot, stopLoop }
  }

  test('what is written is answered in its chat, once', async () => {
    const { bot } = await running()

    // A date that is no whole number is not one of Telegram's: it is passed over.
    bot.write(7, '/status', start / 1_000 + 0.5)
    bot.write(7, '/status', start / 1_000)
    bot.write(8, '/status', start / 1_000)
    bot.write(-42, '/pnl', start / 1_000)
    await expect.poll(() => bot.said.length, patient).toBe(2)
    await expect
      .poll(() => bot.paths.filter((path) => path.endsWith('Updates')).length, patient)
      .toBe(2)

    expect(bot.said).toEqual([
      { chat: '7', text: 'all well' },
      { chat: '-42', text: 'nothing earned' },
    ])
  })

  test('a kill goes there and back', async () => {
    const { bot, done } = await running()

    bot.write(7, '/kill', start / 1_000)
    await expect.poll(() => bot.said.length, patient).toBe(1)
    const code = /\/kill (\d{6})$/.exec(bot.said[0]?.text ?? '')?.[1] ?? ''
    bot.write(8, `/kill ${code}`, start / 1_000)
    bot.write(7, `/kill ${code}`, start / 1_000)
    await expect.poll(() => bot.said.length, patient).toBe(2)

    expect(bot.said[1]).toEqual({ chat: '7', text: 'kill done' })
    expect(done).toEqual(['kill'])
  })

  test('ends at once, although a request is held open', async () => {
    const { bot, stopLoop } = await running()
    await expect.poll(() => bot.paths.length, patient).toBe(1)

    const began = performance.now()
    await stopLoop()

    // It would be held for 25 s.
    expect(performance.now() - began).toBeLessThan(10_000)
  })

  test('a token that is refused is told without a word of it, and ends at once, too', async () => {
    const { stopLoop } = await running('token')
    await expect.poll(() => warnings.length, patient).toBe(1)

    await stopLoop()

    expect(warnings).toEqual([['the chat cannot be heard', { reason: 'status 401' }]])
  })
})
