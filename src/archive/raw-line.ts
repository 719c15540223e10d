import { z } from 'zod'

/** A line of an archive of raw messages, read. */
export type RawLine =
  | {
      readonly kind: 'message'
      readonly bytes: Buffer
      /** When it was received, µs since 1970. Undefined when the line does not say. */
      readonly atMicros: number | undefined
      readonly form: 'as-sent' | 'reserialised'
    }
  | { readonly kind: 'disconnect' }
  | { readonly kind: 'skipped'; readonly reason: 'sent-by-us' | 'unreadable' }

/** An instant of tardis: `2026-06-12T09:00:36.9670000Z`, always so long, and a space after it. */
const instantLength = 28
const microsPerMs = 1_000
const nanosPerMicro = 1_000

/** A line that wraps a message: the names are those that recorders use. */
const wrapped = z.looseObject({
  dir: z.string().optional(),
  text: z.string().optional(),
  raw: z.string().optional(),
  message: z.union([z.string(), z.looseObject({}), z.array(z.unknown())]).optional(),
  ts_local_ms: z.number().optional(),
  recv_ts_ns: z.number().optional(),
  localTimestamp: z.string().optional(),
})

/**
 * Reads a line as tardis and its like write them.
 *
 * - `<instant> <message>`: a file of tardis.dev; an empty line where the connection was lost;
 * - `{"localTimestamp": …, "message": …}`: as tardis-machine serves them;
 * - `{"ts_local_ms" | "recv_ts_ns": …, "text" | "raw": "…"}`: as taps of sockets write them;
 * - a bare message: then nobody knows when it was received.
 */
export function readRawLine(line: Buffer): RawLine {
  const start = line[0]
  if (start === undefined || (line.length === 1 && start === 0x0d)) return { kind: 'disconnect' }
  if (start >= 0x30 && start <= 0x39) return readStamped(line)
  const json = parseJson(line)
  if (json === undefined) return { kind: 'skipped', reason: 'unreadable' }
  const wrap = wrapped.safeParse(json)
  const bare: RawLine = { kind: 'message', bytes: line, atMicros: undefined, form: 'as-sent' }
  if (!wrap.success) return bare
  const { dir, text, raw, message } = wrap.data
  if (dir === 'out') return { kind: 'skipped', reason: 'sent-by-us' }
  const atMicros = instantOf(wrap.data)
  const sent = text ?? raw ?? (typeof message === 'string' ? message : undefined)
  if (sent !== undefined) {
    return { kind: 'message', bytes: Buffer.from(sent), atMicros, form: 'as-sent' }
  }
  if (message === undefined || atMicros === undefined) return bare
  const bytes = Buffer.from(JSON.stringify(message))
  return { kind: 'message', bytes, atMicros, form: 'reserialised' }
}

function readStamped(line: Buffer): RawLine {
  const text = line.toString('latin1', 0, instantLength)
  const atMicros = microsOf(text)
  if (atMicros === undefined || line[instantLength] !== 0x20) {
    return { kind: 'skipped', reason: 'unreadable' }
  }
  return { kind: 'message', bytes: line.subarray(instantLength + 1), atMicros, form: 'as-sent' }
}

function instantOf(wrap: z.infer<typeof wrapped>): number | undefined {
  if (wrap.ts_local_ms !== undefined) return Math.round(wrap.ts_local_ms * microsPerMs)
  if (wrap.recv_ts_ns !== undefined) return Math.round(wrap.recv_ts_ns / nanosPerMicro)
  return wrap.localTimestamp === undefined ? undefined : microsOf(wrap.localTimestamp)
}

/** ISO 8601 with any number of decimals as µs; what is finer is cut off. Undefined for else. */
export function microsOf(text: string): number | undefined {
  const parts = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|\+00:?00)?$/.exec(text)
  if (parts === null) return undefined
  const [, day = '', time = '', decimals = ''] = parts
  const ms = Date.parse(`${day}T${time}Z`)
  const micros = ms * microsPerMs + Number(decimals.slice(0, 6).padEnd(6, '0'))
  return Number.isSafeInteger(micros) ? micros : undefined
}

function parseJson(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString('utf8'))
  } catch {
    // A message of a venue is JSON, so a line that is none is no message.
    return undefined
  }
}
