import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'
import { z } from 'zod'

const root = path.resolve(import.meta.dirname, '..', '..')
const main = path.join(root, 'src', 'cli', 'main.ts')

export type Ended = {
  readonly code: number | null
  readonly stdout: readonly string[]
  readonly stderr: readonly string[]
  readonly tookMs: number
}

export type RunningCli = {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** Resolves with the first line of standard output that `wanted` accepts. */
  readonly line: (wanted: (line: string) => boolean) => Promise<string>
}

/**
 * Starts the command line as a process of its own, as a user does. It dies with its test; one that
 * runs beside others hands in its own `atEnd`.
 */
export function startCli(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  atEnd: (run: () => void) => void = onTestFinished,
): RunningCli {
  const began = performance.now()
  const child = spawn(process.execPath, [main, ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  atEnd(() => void child.kill('SIGKILL'))

  const stdout: string[] = []
  const stderr: string[] = []
  const waiting = new Set<(line: string) => void>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    stdout.push(line)
    for (const tell of waiting) tell(line)
  })
  createInterface({ input: child.stderr }).on('line', (line) => stderr.push(line))
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code) => {
      resolve({ code, stdout, stderr, tookMs: performance.now() - began })
    })
  })
  const line = (wanted: (line: string) => boolean): Promise<string> => {
    const known = stdout.find(wanted)
    if (known !== undefined) return Promise.resolve(known)
    return new Promise((resolve, reject) => {
      const tell = (next: string): void => {
        if (!wanted(next)) return
        waiting.delete(tell)
        resolve(next)
      }
      waiting.add(tell)
      void ended.then(({ code }) => reject(new Error(`ended with ${code}: ${stderr.join('\n')}`)))
    })
  }
  return { child, ended, line }
}

const Serving = z.object({ event: z.literal('serving'), metricsUrl: z.url() })

/** Where a run that was started with `--json` serves its metrics. */
export async function metricsUrlOf({ line }: RunningCli): Promise<string> {
  const serving = await line((text) => text.includes('"serving"'))
  return Serving.parse(JSON.parse(serving)).metricsUrl
}
