import { spawn } from 'node:child_process'
import { createServer } from 'node:net'

/** A program that runs beside us until it is stopped. */
export type Running = {
  /** What it has said so far, on both streams. */
  readonly said: () => string
  readonly hasEnded: () => boolean
  /** Asks it to end and gives its exit code; after `patienceMs` it is killed, and the code null. */
  readonly stop: (patienceMs: number) => Promise<number | null>
}

export type StartOptions = {
  readonly cwd: string
  readonly environment?: Readonly<Record<string, string>>
}

export function start(
  command: string,
  args: readonly string[],
  { cwd, environment }: StartOptions,
): Running {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...environment } })
  let said = ''
  const listen = (bytes: Buffer): void => {
    // The end says why it failed; all of it would be megabytes.
    said = (said + bytes.toString()).slice(-20_000)
  }
  child.stdout.on('data', listen)
  child.stderr.on('data', listen)
  let ended = false
  const end = new Promise<number | null>((resolve) => {
    child.on('error', (error) => {
      said += error.message
      ended = true
      resolve(null)
    })
    child.on('exit', (code) => {
      ended = true
      resolve(code)
    })
  })
  return {
    said: () => said,
    hasEnded: () => ended,
    stop: async (patienceMs) => {
      const killer = setTimeout(() => child.kill('SIGKILL'), patienceMs)
      if (!ended) child.kill('SIGTERM')
      const code = await end
      clearTimeout(killer)
      return code
    },
  }
}

/** A port nobody listens on at the moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}

/** Asks again until `ask` answers true. Rejects with `what` when the time is over. */
export async function until(
  what: string,
  withinMs: number,
  ask: () => Promise<boolean>,
): Promise<void> {
  const endMs = Date.now() + withinMs
  let last: unknown
  while (Date.now() < endMs) {
    try {
      if (await ask()) return
    } catch (error) {
      last = error
    }
    await new Promise((resolve) => void setTimeout(resolve, 500))
  }
  throw new Error(`not within ${withinMs / 1_000} s: ${what}`, { cause: last })
}
