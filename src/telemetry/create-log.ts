import type { DestinationStream, Logger } from 'pino'
import { pino } from 'pino'
import type { Log } from '../ports/log.ts'
import type { LogFilter } from './log-filter.ts'
import { levelOf } from './log-filter.ts'
import { redact, redactText } from './redact.ts'

export type LogOptions = {
  readonly filter: LogFilter
  /** Where the lines go: one JSON object each. */
  readonly destination: DestinationStream
  /** Texts that must not appear in any line. */
  readonly secrets: readonly string[]
}

/** Makes the log of a room, at the level the filter has for it. */
export type RoomLog = (room: string) => Log

export function createLog({ filter, destination, secrets }: LogOptions): RoomLog {
  const root = pino(
    {
      level: 'trace',
      base: null,
      formatters: { level: (label) => ({ level: label }) },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    destination,
  )
  return (room) => {
    const level = levelOf(filter, room)
    return adapt(root.child({ room }, { level: level === 'off' ? 'silent' : level }), secrets)
  }
}

function adapt(logger: Logger, secrets: readonly string[]): Log {
  const line =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}): void => {
      if (!logger.isLevelEnabled(level)) return
      logger[level](redact(fields, secrets) as object, redactText(message, secrets))
    }
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') }
}
