import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { boardQueries } from './board-queries.ts'
import type { Check } from './check-image.ts'
import { freePort, start, until } from './process.ts'

export type BoardOptions = {
  readonly root: string
  readonly scratch: string
  readonly check: Check
}

/** Signals, fills and lost connections come by and by: a board is given so long to be full. */
const trafficMs = 150_000

/** Runs a demo with faults, has a real Prometheus scrape it, and asks every query of the boards. */
export async function checkBoards({ root, scratch, check }: BoardOptions): Promise<void> {
  const engineUrl = `http://127.0.0.1:${await freePort()}`
  const prometheusUrl = `http://127.0.0.1:${await freePort()}`
  const demo = start(process.execPath, demoArgs(root, engineUrl), {
    cwd: scratch,
    environment: { PREDICTION_ENGINE_DATA_FOLDER: path.join(scratch, 'demo-data') },
  })
  const prometheus = start('prometheus', prometheusArgs(root, scratch, engineUrl, prometheusUrl), {
    cwd: scratch,
  })
  try {
    await check('Prometheus scrapes the demo', async () => {
      await until('the target is up', 60_000, async () => {
        if (demo.hasEnded()) throw new Error(demo.said())
        if (prometheus.hasEnded()) throw new Error(prometheus.said())
        const [up] = await ask(prometheusUrl, 'up{job="prediction-engine"}')
        return up === 1
      })
      return ''
    })
    await check('promtool reads /metrics', async () => {
      lint(await (await fetch(`${engineUrl}/metrics`)).text())
      return ''
    })
    await check('every query of the boards returns data', () => {
      return allAnswered(boardQueries(path.join(root, 'ops/grafana/boards')), prometheusUrl)
    })
    await check('every rule is evaluated without an error', () => rulesHealthy(prometheusUrl))
  } finally {
    await Promise.all([demo.stop(20_000), prometheus.stop(10_000)])
  }
}

function demoArgs(root: string, url: string): readonly string[] {
  const port = new URL(url).port
  const main = path.join(root, 'src/cli/main.ts')
  return [main, 'demo', '--json', '--faults', 'all', '--port', port]
}

/** Ours as it is, but for the names that only containers have. */
function prometheusArgs(
  root: string,
  scratch: string,
  engineUrl: string,
  url: string,
): readonly string[] {
  const folder = path.join(scratch, 'prometheus')
  mkdirSync(folder)
  const text = readFileSync(path.join(root, 'ops/prometheus.yml'), 'utf8')
    .replaceAll('engine:9000', new URL(engineUrl).host)
    .replace('localhost:9090', new URL(url).host)
    .replace('- alerts.yml', `- ${path.join(root, 'ops/alerts.yml')}`)
    .replaceAll(': 5s', ': 2s')
    .replaceAll(': 4s', ': 1s')
  writeFileSync(path.join(folder, 'prometheus.yml'), text)
  return [
    `--config.file=${path.join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${path.join(folder, 'data')}`,
    `--web.listen-address=${new URL(url).host}`,
  ]
}

async function allAnswered(queries: ReturnType<typeof boardQueries>, url: string): Promise<string> {
  let open = queries
  const askOpen = async (): Promise<boolean> => {
    const still = []
    for (const each of open) {
      const values = await ask(url, each.query)
      if (!values.some((value) => Number.isFinite(value))) still.push(each)
    }
    open = still
    return open.length === 0
  }
  try {
    await until('every query has data', trafficMs, askOpen)
  } catch (error) {
    const lines = open.map(({ board, panel, query }) => `${board}, ${panel}: ${query}`)
    throw new Error(`no data for\n${lines.join('\n')}`, { cause: error })
  }
  return `${queries.length} queries`
}

const Answer = z.object({
  status: z.literal('success'),
  data: z.object({
    result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })),
  }),
})

/** The numbers that Prometheus answers now. Rejects when it does not take the query. */
async function ask(url: string, query: string): Promise<readonly number[]> {
  const answer = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(query)}`)
  const body: unknown = await answer.json()
  if (!answer.ok) throw new Error(`${query}: ${JSON.stringify(body)}`)
  return Answer.parse(body).data.result.map(({ value }) => Number(value[1]))
}

const Rules = z.object({
  data: z.object({
    groups: z.array(
      z.object({
        rules: z.array(z.object({ name: z.string(), health: z.string(), state: z.string() })),
      }),
    ),
  }),
})

async function rulesHealthy(url: string): Promise<string> {
  const answer = await fetch(`${url}/api/v1/rules`)
  const rules = Rules.parse(await answer.json()).data.groups.flatMap((group) => group.rules)
  const ill = rules.filter(({ health }) => health !== 'ok').map(({ name }) => name)
  if (ill.length > 0 || rules.length === 0) throw new Error(`not evaluated: ${ill.join(', ')}`)
  const firing = rules.filter(({ state }) => state === 'firing').map(({ name }) => name)
  const which = firing.length === 0 ? 'none' : firing.join(', ')
  return `${rules.length} rules, firing on a demo with every fault: ${which}`
}

/** The unit at the end of these names is promtool's only objection. Names never change. */
const objection = /^(\w+_(ms|us)) metric names should not contain abbreviated units$/

function lint(exposition: string): void {
  const { status, stdout, stderr, error } = spawnSync('promtool', ['check', 'metrics'], {
    input: exposition,
    encoding: 'utf8',
  })
  if (error !== undefined) throw error
  const lines = `${stdout}${stderr}`.split('\n').filter((line) => line !== '')
  const others = lines.filter((line) => !objection.test(line))
  // 3 is "it reads, and there are objections"; 1 is "it does not read".
  if ((status !== 0 && status !== 3) || others.length > 0) throw new Error(others.join('\n'))
}
