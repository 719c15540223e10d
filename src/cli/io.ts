/** Where a command writes and what it hears: the process in earnest, memory in tests. */
export type Io = {
  /** Writes a line to standard output. */
  readonly print: (line: string) => void
  /** Writes a line to standard error. */
  readonly complain: (line: string) => void
  /** The terminal to draw on. Undefined when standard output is not one. */
  readonly screen: Screen | undefined
  readonly color: boolean
  /** Calls back at each Ctrl-C or request to end. What it returns stops that. */
  readonly onInterrupt: (listener: () => void) => () => void
  /** Calls back when the process ends, by whatever way. */
  readonly onExit: (listener: () => void) => void
  /** Ends the process at once. */
  readonly quit: (code: number) => void
}

export type Screen = {
  readonly columns: () => number
  readonly rows: () => number
  readonly write: (text: string) => void
}

/** The standard streams and signals of this process. */
export function processIo(environment: Readonly<Record<string, string | undefined>>): Io {
  const { stdout, stderr } = process
  // Whoever reads us has seen enough: `demo | head`.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
  const drawable = stdout.isTTY && environment['TERM'] !== 'dumb'
  return {
    print: (line) => stdout.write(`${line}\n`),
    complain: (line) => stderr.write(`${line}\n`),
    screen: drawable
      ? {
          columns: () => stdout.columns,
          rows: () => stdout.rows,
          write: (text) => stdout.write(text),
        }
      : undefined,
    // https://no-color.org: any value but the empty one.
    color: drawable && (environment['NO_COLOR'] ?? '') === '',
    onInterrupt: (listener) => {
      process.on('SIGINT', listener)
      process.on('SIGTERM', listener)
      return () => {
        process.off('SIGINT', listener)
        process.off('SIGTERM', listener)
      }
    },
    onExit: (listener) => void process.on('exit', listener),
    quit: (code) => process.exit(code),
  }
}
