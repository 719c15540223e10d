/**
 * Builds the dashboard into `web/dist`, where the server looks for it.
 *
 * With `--if-stale` it does so only when a source is newer than what is built. A build is put in
 * place in one move: whoever serves the old one meanwhile serves all of it, and two builds at once
 * do not mix.
 */
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const web = fileURLToPath(new URL('../web', import.meta.url))
const dist = path.join(web, 'dist')
const sources = [
  path.join(web, 'src'),
  path.join(web, 'public'),
  path.join(web, 'index.html'),
  path.join(web, 'vite.config.ts'),
  fileURLToPath(new URL('../src/server/schema', import.meta.url)),
]

if (process.argv.includes('--if-stale') && !isStale()) process.exit(0)
await buildInPlace()

function isStale(): boolean {
  const page = path.join(dist, 'index.html')
  if (!existsSync(page)) return true
  const builtAt = statSync(page).mtimeMs
  return sources.some((source) => newest(source) > builtAt)
}

function newest(file: string): number {
  const { mtimeMs } = statSync(file)
  if (!statSync(file).isDirectory()) return mtimeMs
  return Math.max(mtimeMs, ...readdirSync(file).map((name) => newest(path.join(file, name))))
}

async function buildInPlace(): Promise<void> {
  const fresh = mkdtempSync(path.join(web, '.dist-'))
  const old = `${fresh}-old`
  process.env['DASHBOARD_OUT'] = fresh
  await build({ root: web, configFile: path.join(web, 'vite.config.ts'), logLevel: 'warn' })
  if (existsSync(dist)) renameSync(dist, old)
  try {
    renameSync(fresh, dist)
  } catch (error) {
    // Another build was put in place in this very moment: it is as good as ours.
    console.warn(`the dashboard was built twice at once: ${String(error)}`)
  }
  for (const leftover of [fresh, old]) rmSync(leftover, { recursive: true, force: true })
}
