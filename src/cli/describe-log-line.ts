import { z } from 'zod'

const LogLine = z.object({ level: z.string(), room: z.string(), msg: z.string() })

/** A line of the log in few words: `warn polymarket: a socket was silent`. */
export function describeLogLine(line: string): string {
  const parsed = LogLine.safeParse(JSON.parse(line))
  return parsed.success ? `${parsed.data.level} ${parsed.data.room}: ${parsed.data.msg}` : line
}
