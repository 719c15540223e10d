import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'

const root = path.resolve(import.meta.dirname, '..', '..', '..')
const main = path.join(root, 'src', 'cli', 'main.ts')

const Serving = z.object({
  event: z.literal('serving'),
  url: z.string(),
  loginUrl: z.string(),
})

/** The real demo, as a user starts it, with a data folder of its own. */
export type RunningDemo = {
  readonly url: string
  /** Good for one use. */
  readonly loginUrl: string
  readonly dataFolder: string
  readonly token: (scope: 'read' | 'control') => string
  readonly stop: () => Promise<void>
}

export type DemoOptions = {
  readonly seed?: number
  /** Zero takes any free one. */
  readonly port?: number
  readonly dataFolder?: string
  /** Keeps a journal in its data folder. */
  readonly journal?: boolean
}

export async function startDemo(options: DemoOptions = {}): Promise<RunningDemo> {
  const { seed = 1, port = 0 } = options
  const dataFolder = options.dataFolder ?? mkdtempSync(path.join(tmpdir(), 'dashboard-data-'))
  const args = [main, 'demo', '--json', '--seed', String(seed), '--port', String(port)]
  if (options.journal === true) args.push('--journal', path.join(dataFolder, 'journal'))
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { PATH: process.env['PATH'], PREDICTION_ENGINE_DATA_FOLDER: dataFolder },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  // An unfinished demo must not outlive a test that fails.
  process.on('exit', () => child.kill('SIGKILL'))
  const { url, loginUrl } = await servingOf(child)
  const demo = {
    url,
    loginUrl,
    dataFolder,
    token: (scope: 'read' | 'control') =>
      readFileSync(path.join(dataFolder, `${scope}.token`), 'utf8').trim(),
    stop: () => stop(child),
  }
  await isReady(url)
  return demo
}

function servingOf(child: ChildProcess): Promise<z.infer<typeof Serving>> {
  return new Promise((resolve, reject) => {
    if (child.stdout === null) return reject(new Error('the demo has no output'))
    createInterface({ input: child.stdout }).on('line', (line) => {
      const parsed = Serving.safeParse(JSON.parse(line))
      if (parsed.success) resolve(parsed.data)
    })
    child.once('exit', (code) => reject(new Error(`the demo ended with ${code}`)))
    return undefined
  })
}

async function isReady(url: string): Promise<void> {
  for (let tries = 0; tries < 150; tries++) {
    const { ok } = await fetch(`${url}/readyz`)
    if (ok) return
    await pause(200)
  }
  throw new Error('the demo did not become ready')
}

function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms))
}
