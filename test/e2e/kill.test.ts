import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { describe, expect, test } from 'vitest'

import { auditsOf } from '../../src/app/rehearsal-stage.ts'
import type { LiveStage } from './live-stage.ts'
import { openLiveStage } from './live-stage.ts'
import type { Ended, RunningCli } from './start-cli.ts'
import { metricsUrlOf, startCli } from './start-cli.ts'

const patienceMs = 120_000
const lookMs = 100

const maker = ['--strategy', 'examples/strategies/passive-maker.ts']

function start({ configFile, environment }: LiveStage): RunningCli {
  const args = ['run', '--live', '--config', configFile, '--json', ...maker]
  return startCli(args, environment)
}

function kill({ configFile, environment }: LiveStage, port: string): Promise<Ended> {
  return startCli(['kill', '--config', configFile, '--port', port], environment).ended
}

/** Orders that rest at the venues, as these know them. */
async function resting({ stage }: LiveStage): Promise<number> {
  const audits = await auditsOf(stage)
  return audits.flatMap(({ orders }) => orders).filter(({ status }) => open.has(status)).length
}

const open = new Set(['LIVE', 'resting'])

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(lookMs)
}

async function startResting(stage: LiveStage): Promise<RunningCli & { readonly port: string }> {
  const engine = start(stage)
  const { port } = new URL(await metricsUrlOf(engine))
  await until(async () => (await resting(stage)) > 1)
  return { ...engine, port }
}

describe('kill', () => {
  test.each<readonly [string, (stage: LiveStage, engine: RunningCli, port: string) => unknown]>([
    [
      'from the command line',
      async (stage, _, port) => {
        const { code, stderr, stdout } = await kill(stage, port)
        expect(stderr).toEqual([])
        expect(stdout.join('\n')).toMatch(/polymarket: .*, 0 still open\nkalshi: .*, 0 still open/)
        expect(code).toBe(0)
      },
    ],
    [
      'over the API',
      async ({ data }, _, port) => {
        const token = readFileSync(join(data, 'control.token'), 'utf8').trim()
        const ask = async (): Promise<Response> =>
          fetch(`http://127.0.0.1:${port}/api/control/kill`, {
            method: 'POST',
            headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
            body: JSON.stringify({ confirm: 'KILL' }),
          })
        // It answers before the venues do when these are slow, and says so.
        let reply = await ask()
        while (reply.status === 409) reply = await ask()
        expect(reply.status).toBe(200)
        expect(await reply.text()).toMatch(/polymarket: .* 0 still open.*kalshi: .* 0 still open/)
      },
    ],
    ['by the file KILL', ({ data }) => writeFileSync(join(data, 'KILL'), '')],
    ['by the signal SIGUSR2', (_, { child }) => child.kill('SIGUSR2')],
  ])(
    '%s cancels what rests at both venues, and nothing is sent any more',
    async (_, pull) => {
      const stage = await openLiveStage()
      const engine = await startResting(stage)

      await pull(stage, engine, engine.port)
      await until(async () => (await resting(stage)) === 0)
      const after = await auditsOf(stage.stage)
      await sleep(1_500)
      const later = await auditsOf(stage.stage)
      engine.child.kill('SIGINT')
      const { code } = await engine.ended

      expect(later.map(({ orders }) => orders.length)).toEqual(
        after.map(({ orders }) => orders.length),
      )
      expect(code).toBe(0)
    },
    patienceMs,
  )

  test(
    'cancels from outside when no engine runs, and none starts while the file KILL is there',
    async () => {
      const stage = await openLiveStage()
      const engine = await startResting(stage)
      engine.child.kill('SIGKILL')
      await engine.ended

      const killed = await kill(stage, engine.port)
      const left = await resting(stage)
      const refused = await start(stage).ended
      const isThere = existsSync(join(stage.data, 'KILL'))
      rmSync(join(stage.data, 'KILL'))
      const again = start(stage)
      await again.line((line) => line.includes('"serving"'))

      expect(killed.stdout.join('\n')).toContain('no engine answers')
      expect(killed.code).toBe(0)
      expect(left).toBe(0)
      expect(isThere).toBe(true)
      expect(refused.code).toBe(78)
      expect(refused.stderr.join('\n')).toContain('KILL')
    },
    patienceMs,
  )
})
