import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import Sqlite from 'better-sqlite3'
import { z } from 'zod'

import { parseDecimal } from '../core/decimal.ts'
import { Random } from '../core/random.ts'
import type { Effect } from '../engine/event.ts'
import type { VenueAudit } from '../exchange-sim/venue-audit.ts'
import { ledgerPath } from './keep-books.ts'
import type { Stage } from './rehearsal-stage.ts'
import { auditsOf, openTheatre } from './rehearsal-stage.ts'
import type { RehearsalSummary } from './rehearse.ts'
import { act } from './rehearse.ts'
import type { Followers, RunRequest } from './session.ts'

export type CrashTestRequest = {
  readonly rounds: number
  readonly seed: number
  readonly tell: (text: string) => void
}

/** The keys are a contract with whoever reads `--json`: they only grow. */
export type CrashTestSummary = {
  readonly rounds: number
  /** Orders that a venue took more than once. */
  readonly doubledOrders: number
  /** Fills that a venue knows of and our books do not. */
  readonly lostFills: number
  /** Rounds after which our books are not what the venues say, or a basket did not end. */
  readonly ledgerMismatches: number
  /** Rounds in which the process died in the middle of a basket, and had to be gone on with. */
  readonly crashes: number
}

type Round = {
  readonly crashed: boolean
  readonly doubledOrders: number
  readonly lostFills: number
  readonly differences: readonly string[]
}

/** So many processes at once: one for each core of a small machine. */
const lanes = 2
/** A basket with its orders, fills and operations takes some forty steps. */
const stepsMax = 90
const firstForS = 25
const secondForS = 6
const roundMs = 240_000

/**
 * Kills the program at a step of a basket, starts it again, and asks the venues what became of it:
 * no order sent twice, no fill lost, and books that equal theirs.
 *
 * Each round is two processes that trade with the live code on one simulated exchange.
 */
export async function crashTest(request: CrashTestRequest): Promise<CrashTestSummary> {
  const { rounds, seed, tell } = request
  const random = new Random(seed)
  const theatre = await openTheatre({ seed, faults: [] })
  const folder = mkdtempSync(join(tmpdir(), 'crash-test-'))
  const done: Round[] = []
  try {
    const waiting = Array.from({ length: rounds }, (_, index) => ({
      number: index + 1,
      crashAt: 1 + Math.floor(random.next() * stepsMax),
      late: random.next() < 0.5,
    }))
    const lane = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const stage = await theatre.openStage(`round-${next.number}`)
        const round = await playRound(stage, { ...next, folder: join(folder, `${next.number}`) })
        done.push(round)
        tell(describe(next, round))
      }
    }
    await Promise.race([Promise.all(Array.from({ length: lanes }, lane)), theatre.broken])
    const sum = (of: (round: Round) => number): number =>
      done.reduce((total, round) => total + of(round), 0)
    return {
      rounds: done.length,
      doubledOrders: sum((round) => round.doubledOrders),
      lostFills: sum((round) => round.lostFills),
      ledgerMismatches: sum(({ differences }) => (differences.length > 0 ? 1 : 0)),
      crashes: sum(({ crashed }) => (crashed ? 1 : 0)),
    }
  } finally {
    await theatre.stop()
    if (done.every(isClean)) rmSync(folder, { recursive: true, force: true })
    else tell(`the books of these rounds are kept in ${folder}`)
  }
}

function isClean({ differences, doubledOrders, lostFills }: Round): boolean {
  return doubledOrders === 0 && lostFills === 0 && differences.length === 0
}

type Death = { readonly crashAt: number; readonly late: boolean }

function describe({ number, ...death }: Death & { readonly number: number }, round: Round): string {
  const where = `step ${death.crashAt}, ${death.late ? 'after' : 'before'} it was on the disk`
  const how = round.crashed ? `killed at ${where}` : 'ended before its step'
  const { differences, doubledOrders, lostFills } = round
  const found = [
    ...(doubledOrders > 0 ? [`${doubledOrders} orders doubled`] : []),
    ...(lostFills > 0 ? [`${lostFills} fills lost`] : []),
    ...differences,
  ]
  return `round ${number}: ${how}; ${found.length === 0 ? 'books equal the venues’' : found.join('; ')}`
}

async function playRound(
  stage: Stage,
  { crashAt, folder, late }: Death & { readonly folder: string },
): Promise<Round> {
  const file = `${folder}.json`
  writeFileSync(file, JSON.stringify(stage), { mode: 0o600 })
  const base = ['--stage', file, '--folder', folder]
  const death = ['--crash-at', String(crashAt), ...(late ? ['--crash-late'] : [])]
  const first = await runChild([...base, ...death, '--for', `${firstForS}s`])
  const second = await runChild([...base, '--for', `${secondForS}s`])
  const audits = await auditsOf(stage)
  const summary = summaryShape.safeParse(parseJson(second.lastLine)).data
  return {
    crashed: first.signal === 'SIGKILL',
    doubledOrders: audits.reduce((sum, { doubledOrders }) => sum + doubledOrders.length, 0),
    lostFills: lostFills(folder, audits),
    differences:
      summary === undefined
        ? [`it did not come up again: ${second.lastError}`]
        : [...summary.differences, ...stillAtWork(summary.basketsOpen)],
  }
}

const summaryShape = z.object({ differences: z.array(z.string()), basketsOpen: z.int() })

/** What was in the middle of something when the process died must come to an end as well. */
function stillAtWork(baskets: number): readonly string[] {
  return baskets === 0 ? [] : [`${baskets} baskets did not come to an end`]
}

type Ended = {
  readonly signal: string | null
  readonly lastLine: string
  readonly lastError: string
}

function runChild(options: readonly string[]): Promise<Ended> {
  const sources = import.meta.url.endsWith('.ts')
  const main = fileURLToPath(
    new URL(sources ? '../cli/main.ts' : '../cli/main.js', import.meta.url),
  )
  const child = spawn(process.execPath, [main, 'rehearse', ...options, '--json', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: roundMs,
    killSignal: 'SIGTERM',
  })
  const last = { line: '', error: '' }
  const keepLast = (text: string, before: string): string =>
    text.trimEnd().split('\n').at(-1)?.trim() || before
  child.stdout.setEncoding('utf8')
  child.stderr.setEncoding('utf8')
  let rest = ''
  child.stdout.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    last.line = lines.at(-1) ?? last.line
  })
  child.stderr.on('data', (text: string) => {
    last.error = keepLast(text, last.error)
  })
  return new Promise((resolve) => {
    child.once('close', (_code, signal) => {
      resolve({ signal, lastLine: last.line, lastError: last.error })
    })
  })
}

/** Orders of which a venue has filled more than our books know, or less. */
function lostFills(folder: string, audits: readonly VenueAudit[]): number {
  const database = new Sqlite(ledgerPath(folder, 'SIMULATED'), { readonly: true })
  try {
    const rows = database.prepare('SELECT order_id, SUM(size) AS size FROM fills GROUP BY order_id')
    const ours = new Map(
      z
        .array(z.object({ order_id: z.string(), size: z.int() }))
        .parse(rows.all())
        .map(({ order_id: order, size }) => [order, size]),
    )
    return audits.flatMap(filledByIntent).filter(([intent, size]) => ours.get(intent) !== size)
      .length
  } finally {
    database.close()
  }
}

/** What a venue filled of each of our orders, trades that failed left out. */
function filledByIntent({ fills, orders }: VenueAudit): readonly (readonly [string, number])[] {
  const intents = new Map(orders.map(({ intent, venueOrder }) => [venueOrder, intent]))
  const filled = new Map<string, number>()
  for (const { size, status, venueOrder } of fills) {
    const intent = intents.get(venueOrder)
    if (intent === undefined || status === 'FAILED') continue
    const name = intent.startsWith('0x') ? textOf(intent) : intent
    filled.set(name, (filled.get(name) ?? 0) + (parseDecimal(size, 6) ?? 0))
  }
  return [...filled]
}

/** Our name of an order, out of the 32 bytes that it was signed with. */
function textOf(hex: string): string {
  return Buffer.from(hex.slice(2), 'hex').toString('latin1').replaceAll('\0', '')
}

export type Reenactment = {
  readonly request: RunRequest
  /** A file that says where the exchange is, and with what keys. */
  readonly stage: string
  readonly folder: string
  /** The step at which this process kills itself. Left out: it lives. */
  readonly crashAt: number | undefined
  /** Whether it dies after the step is on the disk, and not before. */
  readonly late: boolean | undefined
}

/** One run of a crash test: the same as a rehearsal, on an exchange of another process. */
export function reenact(options: Reenactment): Promise<RehearsalSummary> {
  const { request, folder, crashAt, late } = options
  const stage = stageShape.parse(JSON.parse(readFileSync(options.stage, 'utf8')))
  const followers = crashAt === undefined ? {} : dyingAt(crashAt, late === true)
  return act(stage, { request, folder, followers, unattended: true })
}

/** The crash test wrote it. */
const stageShape = z.custom<Stage>(
  (value) => typeof value === 'object' && value !== null && 'walletKey' in value,
)

function dyingAt(step: number, late: boolean): Followers {
  let steps = 0
  const follower = {
    observe: (effect: Effect): void => {
      if (!isStep(effect)) return
      steps++
      if (steps === step) process.kill(process.pid, 'SIGKILL')
    },
    learn: () => undefined,
  }
  return late ? { last: follower } : { first: follower }
}

/** What a basket goes through, one by one. */
function isStep({ kind }: Effect): boolean {
  switch (kind) {
    case 'plan-basket':
    case 'note-basket':
    case 'place-basket':
    case 'note-order':
    case 'submit-operation':
    case 'note-operation':
    case 'note-entry':
      return true
    default:
      return false
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // No summary: the process said something else last.
    return undefined
  }
}
