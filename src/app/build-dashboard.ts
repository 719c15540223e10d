import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Log } from '../ports/log.ts'

/**
 * Builds the dashboard beside a run from sources, when it is not built or older than its sources.
 *
 * It takes a second or two in a process of its own, and the page that is served meanwhile waits for
 * it: so a fresh clone needs no step before its first run. A published package comes built, and has
 * no sources to build from. What is returned stops it.
 */
export function buildDashboard(log: Log): () => void {
  const script = fileURLToPath(new URL('../../scripts/build-web.ts', import.meta.url))
  if (!existsSync(script)) return () => undefined
  const child = spawn(process.execPath, [script, '--if-stale'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (bytes: Buffer) => {
    said += bytes.toString()
  })
  child.on('error', (error) => log.warn('the dashboard could not be built', { error }))
  child.on('exit', (code) => {
    if (code !== 0 && code !== null) log.warn('the dashboard could not be built', { said })
  })
  // A run that ends meanwhile does not wait for it.
  child.unref()
  return () => void child.kill()
}
