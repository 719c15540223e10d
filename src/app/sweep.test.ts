import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { afterEach, describe, expect, test } from 'vitest'
import type { SweepRequest } from './sweep.ts'
import { runSweep } from './sweep.ts'

const golden = path.resolve(import.meta.dirname, '../../test/golden/calm')
const places: string[] = []

afterEach(() => {
  for (const place of places.splice(0)) rmSync(place, { recursive: true, force: true })
})

function sweep(more: Partial<SweepRequest> = {}) {
  return runSweep({
    directory: golden,
    trials: [{ 'paper.latencyMs': '0' }, { 'paper.latencyMs': '25' }],
    proofs: 'recorded',
    split: 0.7,
    threads: 2,
    onProgress: () => {},
    ...more,
  })
}

describe('a sweep', () => {
  test('gives the same in one thread as in two, and says how many were tried', async () => {
    const two = await sweep()
    const one = await sweep({ threads: 1 })

    expect(two).toEqual(one)
    expect(two.trials).toBe(2)
    expect(two.warning).toContain('2 trials')
    expect(two.best?.chosen.baskets).toBeGreaterThan(0)
  })

  test('goes on where it was stopped', async () => {
    const place = mkdtempSync(path.join(tmpdir(), 'sweep-'))
    places.push(place)
    const stateFile = path.join(place, 'state.jsonl')
    const whole = await sweep({ stateFile })
    const before = readFileSync(stateFile, 'utf8')

    const again = await sweep({ stateFile })

    expect(again).toEqual(whole)
    expect(readFileSync(stateFile, 'utf8')).toBe(before)
  })

  test('tries parameters of a strategy of the user’s own, and walks forward with them', async () => {
    const strategyFiles = [path.resolve(golden, '../../../examples/strategies/known-loser.ts')]
    const trials = [{ 'known-loser.pauseMs': '500' }, { 'known-loser.pauseMs': '60000' }]

    const { results, walkForward } = await sweep({ strategyFiles, trials, folds: 2 })

    const often = results.find(({ number }) => number === 0)
    const seldom = results.find(({ number }) => number === 1)
    expect(often?.chosen.baskets).toBeGreaterThan(seldom?.chosen.baskets ?? 0)
    expect(often?.pieces).toHaveLength(3)
    expect(walkForward?.folds).toHaveLength(2)
  })

  test('does not go on with trials of a strategy that has changed since', async () => {
    const place = mkdtempSync(path.join(tmpdir(), 'sweep-'))
    places.push(place)
    const stateFile = path.join(place, 'state.jsonl')
    const file = path.join(place, 'loser.ts')
    const loser = path.resolve(golden, '../../../examples/strategies/known-loser.ts')
    writeFileSync(file, readFileSync(loser, 'utf8'))
    const trials = [{ 'known-loser.size': '10' }]
    const request = { strategyFiles: [file], trials, stateFile, threads: 1 }
    await sweep(request)
    const lines = (): number => readFileSync(stateFile, 'utf8').trim().split('\n').length

    await sweep(request)
    expect(lines()).toBe(1)
    writeFileSync(file, `${readFileSync(loser, 'utf8')}// Changed.\n`)
    await sweep(request)

    expect(lines()).toBe(2)
  })

  test('refuses a parameter that a strategy of the user’s own has not', async () => {
    const strategyFiles = [path.resolve(golden, '../../../examples/strategies/known-loser.ts')]
    const trials = [{ 'known-loser.pauseMx': '1' }]

    await expect(sweep({ strategyFiles, trials })).rejects.toThrow(
      'is not a parameter; did you mean pause_ms?',
    )
  })

  test('refuses a parameter that is none before anything is run', async () => {
    await expect(sweep({ trials: [{ 'cross-outcome.wrong': '1' }] })).rejects.toThrow(
      'there is no strategies.crossOutcome.wrong',
    )
  })
})
