export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'off'

/** Which lines are written: a level for everything, and levels for single rooms. */
export type LogFilter = { readonly level: LogLevel; readonly rooms: ReadonlyMap<string, LogLevel> }

const levels: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'off']

/**
 * Reads `info`, `warn,polymarket=debug` and Rust's `prediction_engine::engine=trace`.
 *
 * Undefined when a part is none of these. A module without a level shows everything, and where only
 * rooms are named, the rest shows errors: both as `RUST_LOG` means it.
 */
export function parseLogFilter(text: string): LogFilter | undefined {
  const rooms = new Map<string, LogLevel>()
  let level: LogLevel | undefined
  for (const part of text.split(',').map((piece) => piece.trim())) {
    if (part === '') continue
    const [name = '', value, ...rest] = part.split('=').map((piece) => piece.trim())
    const bare = toLevel(name)
    if (value === undefined && bare !== undefined) {
      level = bare
      continue
    }
    // A bare word is a level or a slip of the pen, unless it is written as Rust writes a module.
    if (value === undefined && !/^prediction_engine\b|::/.test(name)) return undefined
    const room = roomOf(name)
    const wanted = value === undefined ? 'trace' : toLevel(value)
    if (wanted === undefined || room === undefined || rest.length > 0) return undefined
    if (room === '') level = wanted
    else rooms.set(room, wanted)
  }
  return { level: level ?? (rooms.size > 0 ? 'error' : 'info'), rooms }
}

export function levelOf(filter: LogFilter, room: string): LogLevel {
  return filter.rooms.get(room) ?? filter.level
}

function toLevel(text: string): LogLevel | undefined {
  const word = text.toLowerCase()
  return word === 'warning' ? 'warn' : levels.find((level) => level === word)
}

/** `prediction_engine::venues::polymarket` is `polymarket`; the crate by itself is everything. */
function roomOf(name: string): string | undefined {
  if (!/^[A-Za-z][\w-]*(::[A-Za-z][\w-]*)*$/.test(name)) return undefined
  const room = (name.split('::').at(-1) ?? '').replaceAll('_', '-')
  return room === 'prediction-engine' ? '' : room
}
