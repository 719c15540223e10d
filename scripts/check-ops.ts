/**
 * Holds what is in ops/ and the Dockerfile against the real tools: `npm run check:ops`.
 *
 * The compose file by rules of ours, Prometheus' files by promtool, the Dockerfile by carrying out
 * its steps, and the boards by asking a real Prometheus, which scrapes a demo, each of their
 * queries. The last line is "N passed, N failed". With `--without-image` the Dockerfile's steps,
 * which fetch all packages twice, are left out.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { checkBoards } from './check-ops/check-boards.ts'
import { checkImage } from './check-ops/check-image.ts'
import { composeFaults } from './check-ops/compose-faults.ts'
import { dockerfileFaults, readStages } from './check-ops/dockerfile.ts'

const root = path.resolve(import.meta.dirname, '..')
const ops = path.join(root, 'ops')

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  const scratch = mkdtempSync(path.join(tmpdir(), 'check-ops-'))
  let passed = 0
  let failed = 0
  const check = async (name: string, run: () => Promise<string> | string): Promise<void> => {
    const began = performance.now()
    const seconds = (): string => `${((performance.now() - began) / 1000).toFixed(1)} s`
    try {
      const found = await run()
      passed++
      console.log(`ok    ${name}  ${seconds()}${found === '' ? '' : `  ${found}`}`)
    } catch (error) {
      failed++
      console.log(`FAIL  ${name}  ${seconds()}\n${describe(error)}`)
    }
  }

  try {
    await check('the compose file', () =>
      none(
        composeFaults(read('ops/docker-compose.yml'), (file) => existsSync(path.join(ops, file))),
      ),
    )
    const stages = readStages(read('Dockerfile'))
    await check('the Dockerfile', () => none(dockerfileFaults(stages)))
    await check('prometheus.yml and its rules', () => promtool('check', 'config', 'prometheus.yml'))
    await check('each alert fires, and not without cause', () =>
      promtool('test', 'rules', 'alerts.test.yml'),
    )
    await checkBoards({ root, scratch, check })
    if (args.includes('--without-image')) console.log('skip  the steps of the Dockerfile')
    else await checkImage({ root, scratch, stages, check })
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
  console.log(`${passed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
}

function read(file: string): string {
  return readFileSync(path.join(root, file), 'utf8')
}

function none(faults: readonly string[]): string {
  if (faults.length > 0) throw new Error(faults.join('\n'))
  return ''
}

function promtool(...args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync('promtool', args, {
    cwd: ops,
    encoding: 'utf8',
  })
  if (error !== undefined) {
    throw new Error('promtool does not start: apt-get install --no-install-recommends prometheus', {
      cause: error,
    })
  }
  if (status !== 0) throw new Error(`${stdout}${stderr}`)
  return ''
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause === undefined ? error.message : `${error.message}\n${describe(error.cause)}`
}
