import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startCli } from './start-cli.ts'

function freshFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'first-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

describe('init', () => {
  test('writes a file, says what comes next, and leaves one that is there alone', async () => {
    const file = path.join(freshFolder(), 'mine.toml')

    const first = await startCli(['init', file]).ended
    writeFileSync(file, 'mode = "paper"\n')
    const second = await startCli(['init', file, '--json']).ended
    const kept = readFileSync(file, 'utf8')
    const forced = await startCli(['init', file, '--force', '--json']).ended

    expect(first).toMatchObject({ code: 0, stderr: [] })
    expect(first.stdout[0]).toBe(`wrote ${file}`)
    expect(first.stdout.join('\n')).toContain('prediction-engine run --config ')
    expect(second.code).toBe(1)
    expect(second.stdout.map((line) => JSON.parse(line) as unknown)).toEqual([
      { kind: 'refused', file, reason: 'there' },
    ])
    expect(kept).toBe('mode = "paper"\n')
    expect(forced.code).toBe(0)
    expect(forced.stdout.map((line) => JSON.parse(line) as unknown)).toEqual([
      { kind: 'written', file, replaced: true },
    ])
    expect(readFileSync(file, 'utf8')).toContain('[alerts.telegram]')
  }, 30_000)
})

describe('completion', () => {
  test('of bash knows every command and what comes after it', async () => {
    const { code, stdout } = await startCli(['completion', 'bash']).ended
    const file = path.join(freshFolder(), 'completion')
    writeFileSync(file, stdout.join('\n'))
    const offers = (...words: readonly string[]): readonly string[] => {
      const script =
        'source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _prediction_engine; ' +
        `printf '%s\\n' "\${COMPREPLY[@]}"`
      const args = ['--norc', '-c', script, file, 'prediction-engine', ...words]
      return execFileSync('bash', args, { encoding: 'utf8' }).trim().split('\n')
    }

    expect(code).toBe(0)
    expect(offers('comp')).toEqual(['completion'])
    expect(offers('completion', '')).toEqual(['bash', 'zsh', 'fish'])
    expect(offers('alerts', 'test', '--channel', 't')).toEqual(['telegram'])
    expect(offers('pairs', 'con')).toEqual(['confirm'])
    expect(offers('init', '--f')).toEqual(['--force'])
  }, 30_000)

  test('of another shell is refused, with those that are known', async () => {
    const { code, stderr } = await startCli(['completion', 'tcsh']).ended

    expect(code).toBe(64)
    expect(stderr.join('\n')).toContain('bash, zsh, fish')
  }, 30_000)
})
