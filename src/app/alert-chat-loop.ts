import type { Timers } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { ChatDesk } from './alert-chat-desk.ts'
import type { ChatMessage, TelegramApi } from './alert-telegram.ts'

const backoffMsMin = 1_000
const backoffMsMax = 60_000

export type ChatLoopOptions = {
  readonly api: TelegramApi
  readonly desk: ChatDesk
  readonly timers: Timers
  readonly log: Log
}

/** Listens to what is written to the bot and answers it, until what is given back is called. */
export function startChatLoop(options: ChatLoopOptions): () => Promise<void> {
  const stop = new AbortController()
  const done = listen(options, stop.signal)
  return async () => {
    stop.abort()
    await done
  }
}

async function listen(
  { api, desk, log, timers }: ChatLoopOptions,
  stop: AbortSignal,
): Promise<void> {
  let offset: number | undefined
  let failures = 0
  while (!stop.aborted) {
    const news = await api.listen(offset, stop)
    if (stop.aborted) return
    if (news.kind === 'failed') {
      const { afterMs, reason } = news
      log.warn('the chat cannot be heard', { reason })
      await pause(afterMs ?? Math.min(backoffMsMin * 2 ** failures, backoffMsMax), timers, stop)
      failures++
      continue
    }
    failures = 0
    offset = news.next
    for (const message of news.messages) {
      const answer = await answerOf(message, desk, log)
      if (answer === undefined) continue
      const outcome = await api.say(message.chat, answer)
      if (outcome.kind !== 'sent') log.warn('an answer did not go out', { reason: outcome.reason })
    }
  }
}

/** A mistake in an answer is told, and neither ends the run nor the listening. */
async function answerOf(
  message: ChatMessage,
  desk: ChatDesk,
  log: Log,
): Promise<string | undefined> {
  try {
    return await desk.answer(message)
  } catch (error) {
    log.error('a chat could not be answered', { error })
    return 'this went wrong; the log says why'
  }
}

function pause(delayMs: number, timers: Timers, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const cancel = timers.after(delayMs, () => {
      stop.removeEventListener('abort', end)
      resolve()
    })
    const end = (): void => {
      cancel()
      resolve()
    }
    stop.addEventListener('abort', end, { once: true })
  })
}
