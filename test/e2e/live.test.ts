import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import Sqlite from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'

import { auditsOf } from '../../src/app/rehearsal-stage.ts'
import { filesWith, openLiveStage } from './live-stage.ts'
import type { LiveStage } from './live-stage.ts'
import type { Ended, RunningCli } from './start-cli.ts'
import { startCli } from './start-cli.ts'

const patienceMs = 150_000

const Serving = z.object({ event: z.literal('serving'), url: z.url(), metricsUrl: z.url() })
const Kind = z.object({ kind: z.string() })
const Rows = z.array(z.record(z.string(), z.unknown()))

function start({ configFile, environment }: LiveStage, ...options: readonly string[]): RunningCli {
  const args = ['run', '--live', '--config', configFile, '--json', ...options]
  return startCli(args, environment)
}

function doctor({ configFile, environment }: LiveStage): Promise<Ended> {
  return startCli(['doctor', '--live', '--config', configFile], environment).ended
}

async function servedAt({ line }: RunningCli): Promise<z.infer<typeof Serving>> {
  return Serving.parse(JSON.parse(await line((text) => text.includes('"serving"'))))
}

async function rows(table: string, data: string): Promise<z.infer<typeof Rows>> {
  const { stdout } = await startCli([table, '--json', '--data', data]).ended
  return Rows.parse(JSON.parse(stdout.join('\n')))
}

describe('run --live', () => {
  test(
    'is refused without each of the consents, in one line that says what to do',
    async () => {
      const stage = await openLiveStage()
      const refused = async (
        change: (text: string) => string,
        options: readonly string[] = ['--live'],
      ): Promise<readonly string[]> => {
        stage.write(change)
        const args = ['run', ...options, '--config', stage.configFile, '--json']
        const { code, stderr, stdout } = await startCli(args, stage.environment).ended
        expect({ code, stdout }).toEqual({ code: 78, stdout: [] })
        expect(stderr[0]).toBe('live trading does not start:')
        expect(stage.secrets.filter((secret) => stderr.join('\n').includes(secret))).toEqual([])
        return stderr.slice(1)
      }

      const noMode = await refused((text) => text.replace('mode = "live"', 'mode = "paper"'))
      const noWord = await refused((text) => text, [])
      const noLimit = await refused((text) => text.replace(/daily_loss_max.*/, ''))
      const noCap = await refused((text) => text.replace(/spending_cap.*/, ''))

      expect(noMode).toEqual(['  mode is missing: write mode = "live" into the configuration'])
      expect(noWord).toEqual(['  --live is missing: start it with run --live'])
      expect(noLimit).toHaveLength(1)
      expect(noLimit[0]).toContain('daily_loss_max')
      expect(noCap).toEqual(['  spending cap is missing: set spending_cap under [live]'])
    },
    patienceMs,
  )

  test(
    'trades, is read from beside, and goes on with its books after a stop; no secret is anywhere',
    async () => {
      const stage = await openLiveStage()
      const { data, folder } = stage

      const first = start(stage, '--journal', join(folder, 'journal'))
      const { metricsUrl, url } = await servedAt(first)
      await first.line((line) => line.includes('"fill"'))
      const token = readFileSync(join(data, 'read.token'), 'utf8').trim()
      const read = async (path: string): Promise<string> => {
        const headers = { authorization: `Bearer ${token}` }
        return (await fetch(`${url}${path}`, { headers })).text()
      }
      const served = await Promise.all(
        ['/api/status', '/api/config', '/api/baskets', '/api/logs', '/api/health'].map(read),
      )
      const metrics = await (await fetch(metricsUrl)).text()
      const tables = await Promise.all(
        ['positions', 'pnl', 'orders', 'baskets'].map((table) => rows(table, data)),
      )
      first.child.kill('SIGINT')
      const firstEnd = await first.ended
      // From here on with the keys in a keystore, which the environment need not hold.
      const keystore = join(folder, 'wallet.json')
      const { KEYSTORE_PASSWORD = '' } = stage.environment
      const imported = await startCli(['keys', 'import', keystore], stage.environment).ended
      const derive = ['keys', 'derive-api', keystore, '--clob-url', stage.stage.urls.clob]
      const derived = await startCli(derive, { KEYSTORE_PASSWORD }).ended
      stage.write((text) =>
        text.replace('[live.polymarket]', `[live.polymarket]\nkeystore = "${keystore}"`),
      )
      const sealed = { ...stage, environment: { KEYSTORE_PASSWORD, LOG_LEVEL: 'debug' } }
      const second = await start(sealed, '--for', '8s').ended
      const third = await start(sealed, '--for', '1s').ended
      const differences = differencesIn(join(data, 'ledger.db'))
      const audits = await auditsOf(stage.stage)

      expect([imported.code, derived.code]).toEqual([0, 0])
      expect(served[0]).toContain('"LIVE"')
      expect(tables.map((each) => each.length > 0)).toEqual([true, true, true, true])
      for (const end of [firstEnd, second, third]) {
        expect(end.code).toBe(0)
        expect(JSON.parse(end.stdout.at(-1) ?? '')).toMatchObject({
          mode: 'live',
          ledgerBalanced: true,
        })
      }
      // The account was taken into the books once, and has agreed with them ever since.
      expect(differences).toEqual(['opening', 'opening'])
      expect(audits.flatMap(({ doubledOrders }) => doubledOrders)).toEqual([])

      const said = [firstEnd, imported, derived, second, third].flatMap(({ stderr, stdout }) => [
        ...stdout,
        ...stderr,
      ])
      const shown = [...said, ...served, metrics].join('\n')
      for (const secret of stage.secrets) expect(shown).not.toContain(secret)
      expect(filesWith(folder, stage.secrets)).toEqual(['kalshi.pem'])
    },
    patienceMs,
  )
})

function differencesIn(file: string): readonly string[] {
  const database = new Sqlite(file, { readonly: true })
  const found = database.prepare('SELECT difference FROM differences').all()
  database.close()
  return z
    .array(z.object({ difference: z.string() }))
    .parse(found)
    .map(({ difference }) => Kind.parse(JSON.parse(difference)).kind)
}

describe('doctor --live', () => {
  test(
    'finds all that live trading needs, and says what is wrong with a remedy',
    async () => {
      const stage = await openLiveStage()
      // A digit is missing: it must not be shown for being wrong.
      const notQuite = stage.stage.walletKey.slice(1)
      const good = await doctor(stage)
      const wrongKey = await doctor({ ...stage, environment: { PRIVATE_KEY: notQuite } })
      const poor = await doctor({
        ...stage,
        environment: { PRIVATE_KEY: '11'.repeat(32) },
      })
      stage.write((text) => text.replace('kalshi.pem', 'gone.pem'))
      const noFile = await doctor(stage)

      expect(good.stdout.filter((line) => line.startsWith('FAIL'))).toEqual([])
      expect(good.code).toBe(0)
      expect(good.stdout.join('\n')).toContain('allowances     all are given')
      expect(failures(wrongKey)).toContain('PRIVATE_KEY is not a private key')
      expect(failures(poor)).toContain('missing:')
      expect(failures(noFile)).toContain('private_key_file: cannot be read (ENOENT)')
      for (const { stderr, stdout } of [good, wrongKey, poor, noFile]) {
        const shown = [...stdout, ...stderr].join('\n')
        for (const secret of [...stage.secrets, notQuite]) expect(shown).not.toContain(secret)
      }
      for (const { stdout } of [wrongKey, poor, noFile]) {
        expect(stdout.join('\n')).toMatch(/FAIL .*\n +→ \w/)
      }
    },
    patienceMs,
  )
})

function failures({ code, stdout }: Ended): string {
  expect(code).toBe(1)
  return stdout.filter((line) => line.startsWith('FAIL')).join('\n')
}
