import { z } from 'zod'
import type { LogLine } from './schema/health.ts'

const linesMax = 500

const Line = z.looseObject({
  level: z.string().default('info'),
  time: z.string().default(''),
  room: z.string().default(''),
  msg: z.string().default(''),
})

/** The last lines of the log, for people. */
export class LogTail {
  #lines: LogLine[] = []
  #count = 0

  /** A line as it was written: JSON, without its secrets. */
  add(text: string): void {
    const line = read(text)
    this.#count++
    this.#lines.push({ number: this.#count, ...line })
    if (this.#lines.length > 2 * linesMax) this.#lines = this.#lines.slice(-linesMax)
  }

  /** The latest first. */
  latest(): readonly LogLine[] {
    return this.#lines.slice(-linesMax).reverse()
  }
}

function read(text: string): Omit<LogLine, 'number'> {
  const parsed = Line.safeParse(parse(text))
  // What is no line of ours is shown as it came.
  if (!parsed.success) return { atMs: 0, level: 'info', room: '', message: text, fields: '' }
  const { level, time, room, msg, ...fields } = parsed.data
  const atMs = Date.parse(time)
  return {
    atMs: Number.isNaN(atMs) ? 0 : atMs,
    level,
    room,
    message: msg,
    fields: Object.keys(fields).length === 0 ? '' : JSON.stringify(fields),
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
