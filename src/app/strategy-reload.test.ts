import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { describe, expect, onTestFinished, test } from 'vitest'
import type { Command } from '../engine/event.ts'
import { reload } from './strategy-reload.ts'
import type { OwnStrategy } from './user-strategies.ts'
import { loadUserStrategies } from './user-strategies.ts'

function text(reason: string, more = ''): string {
  return `import { defineStrategy, pass, shares } from 'prediction-engine/strategy'
import type { StrategyDefinition } from 'prediction-engine/strategy'
export const strategy: StrategyDefinition = defineStrategy({
  name: 'mine',
  about: 'Passes.',
  parameters: { size: shares('10', 'Shares.') },
  create: () => ({ evaluate: () => pass('${reason}') }),
})
${more}`
}

type Place = {
  readonly own: OwnStrategy
  readonly commands: Command[]
  readonly told: string[]
  readonly kept: string[]
  readonly change: (to: string) => Promise<unknown>
  readonly answer: () => unknown
}

async function place(): Promise<Place> {
  const folder = mkdtempSync(path.join(tmpdir(), 'reload-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = path.join(folder, 'mine.ts')
  writeFileSync(file, text('one'))
  const origins = (): string => 'the file'
  const own = { mine: { size: '5' } }
  const [mine] = await loadUserStrategies({ files: [file], folder, own, origins })
  if (mine === undefined) throw new Error('a file gives a strategy')
  const commands: Command[] = []
  const told: string[] = []
  const kept: string[] = []
  return {
    own: mine,
    commands,
    told,
    kept,
    answer: () => mine.strategy.evaluate({} as never),
    change: (to) => {
      writeFileSync(file, to)
      return reload(mine, {
        origins,
        command: (command) => commands.push(command),
        keep: ({ version }) => kept.push(version),
        tell: (line) => told.push(line),
      })
    },
  }
}

describe('a strategy whose file changes', () => {
  test('is told by a command to become the new version, and is what it was until then', async () => {
    const { own, answer, change, commands, kept } = await place()

    await change(text('two'))
    expect(answer()).toEqual({ kind: 'pass', reason: 'one' })

    const [command] = commands
    if (command?.kind !== 'reload-strategy') throw new Error('it is told to reload')
    expect(kept).toEqual([command.version])
    expect(own.strategy.become(command.version)).toBe(true)
    expect(answer()).toEqual({ kind: 'pass', reason: 'two' })
  })

  test('that is written again as it was is left alone', async () => {
    const { change, commands, told } = await place()

    await change(text('one'))

    expect([commands, told]).toEqual([[], []])
  })

  test.each([
    { name: 'an error of syntax', to: text('two', 'const = 3'), want: 'cannot be loaded' },
    {
      name: 'an error of types',
      to: text('two', 'export const size: string = 3\n'),
      want: "Type 'number' is not assignable to type 'string'",
    },
    { name: 'no strategy', to: 'export const other = 1\n', want: 'exports no strategy' },
    { name: 'a clock', to: text('two', 'export const at = Date.now()\n'), want: 'uses Date.now' },
    {
      name: 'another name',
      to: text('two').replace("'mine'", "'yours'"),
      want: 'was "mine" and is "yours"',
    },
    {
      name: 'a parameter that is set and gone',
      to: text('two').replace('size: shares', 'most: shares'),
      want: 'strategies.mine.size: is not a parameter',
    },
  ])('with $name goes on as it was, and says why', async ({ to, want }) => {
    const { answer, change, commands, told } = await place()

    await change(to)

    expect(commands).toEqual([])
    expect(told.join('\n')).toMatch(/^mine goes on as it was: /)
    expect(told.join('\n')).toContain(want)
    expect(answer()).toEqual({ kind: 'pass', reason: 'one' })
  })
})
