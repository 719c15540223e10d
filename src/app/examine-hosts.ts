import { WebSocket } from 'ws'
import { z } from 'zod'
import type { Clock } from '../ports/clock.ts'
import type { Config } from './config.ts'
import type { Finding } from './finding.ts'
import { latencyFinding, measureLatency } from './measure-latency.ts'

const answerMsMax = 8_000
/** Polymarket refuses signatures that are further off; the measure itself is good to a second. */
const clockOffMsMax = 2_000

/**
 * Asks every host of the configured venues, all at once, and then measures how fast those answer
 * that take orders.
 */
export async function examineHosts(config: Config, clock: Clock): Promise<readonly Finding[]> {
  const { polymarket, kalshi } = config.venues
  const found = await Promise.all([
    polymarket.enabled ? examinePolymarket(config, clock) : [],
    kalshi.enabled ? examineKalshi(config, clock) : [],
  ])
  return found.flat()
}

async function examinePolymarket(config: Config, clock: Clock): Promise<readonly Finding[]> {
  const { gammaUrl, clobUrl, marketSocketUrl } = config.venues.polymarket
  const [gamma, clob, socket] = await Promise.all([
    examineHttp('Gamma', `${gammaUrl}/markets?limit=1`, clock),
    examineHttp('CLOB', `${clobUrl}/time`, clock),
    examineSocket('market feed', marketSocketUrl, clock),
  ])
  const latency = await examineLatency(polymarketLatency, clob, config, clock)
  return [gamma.finding, clob.finding, socket, ...examineClock(clob), ...latency]
}

/** docs/venues/kalshi.md, 1.4. */
async function examineKalshi(config: Config, clock: Clock): Promise<readonly Finding[]> {
  const url = `${config.venues.kalshi.restUrl}/exchange/status`
  const status = await examineHttp('Kalshi', url, clock)
  return [status.finding, ...(await examineLatency(kalshiLatency, status, config, clock))]
}

const polymarketLatency = { name: 'Polymarket', key: 'polymarket' } as const
const kalshiLatency = { name: 'Kalshi', key: 'kalshi' } as const

async function examineLatency(
  venue: typeof polymarketLatency | typeof kalshiLatency,
  { finding, url }: HttpAnswer,
  config: Config,
  clock: Clock,
): Promise<readonly Finding[]> {
  if (finding.state !== 'ok') return []
  const measured = await measureLatency(url, clock)
  if (measured === undefined) return []
  return [latencyFinding(venue, measured, config.paper)]
}

type HttpAnswer = {
  readonly finding: Finding
  readonly url: string
  readonly body: string
  readonly askedAtMs: number
  readonly answeredAtMs: number
}

async function examineHttp(name: string, url: string, clock: Clock): Promise<HttpAnswer> {
  const began = clock.nanos()
  const askedAtMs = clock.epochMs()
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(answerMsMax) })
    const body = await response.text()
    const tookMs = (clock.nanos() - began) / 1e6
    const answeredAtMs = clock.epochMs()
    const finding: Finding = response.ok
      ? {
          name,
          state: 'ok',
          found: `${hostOf(url)} answers in ${Math.round(tookMs)} ms`,
          remedy: '',
        }
      : {
          name,
          state: 'unreachable',
          found: `${hostOf(url)} answers with status ${response.status}`,
          remedy: 'the venue may be down, or may not serve your region: see its status page',
        }
    return { finding, url, body, askedAtMs, answeredAtMs }
  } catch (error) {
    const finding = unreachable(name, url, reasonOf(error))
    return { finding, url, body: '', askedAtMs, answeredAtMs: askedAtMs }
  }
}

function examineSocket(name: string, url: string, clock: Clock): Promise<Finding> {
  const began = clock.nanos()
  return new Promise((resolve) => {
    const socket = new WebSocket(url, { handshakeTimeout: answerMsMax })
    socket.once('open', () => {
      const tookMs = Math.round((clock.nanos() - began) / 1e6)
      const found = `${hostOf(url)} opens in ${tookMs} ms`
      resolve({ name, state: 'ok', found, remedy: '' })
      socket.close()
    })
    socket.once('error', (error) => resolve(unreachable(name, url, reasonOf(error))))
  })
}

/** `GET /time` is a bare number of seconds. docs/venues/polymarket.md, 1.4. */
function examineClock(answer: HttpAnswer): readonly Finding[] {
  const seconds = z.coerce.number().int().positive().safeParse(answer.body.trim())
  if (answer.finding.state !== 'ok' || !seconds.success) return []

  const middle = (answer.askedAtMs + answer.answeredAtMs) / 2
  const offMs = Math.round(middle - (seconds.data * 1000 + 500))
  const good = Math.abs(offMs) <= clockOffMsMax
  return [
    {
      name: 'clock',
      state: good ? 'ok' : 'failure',
      found: `${Math.abs(offMs)} ms ${offMs < 0 ? 'behind' : 'ahead of'} the venue, ± 500 ms`,
      remedy: good ? '' : 'turn on time synchronisation: timedatectl set-ntp true',
    },
  ]
}

function unreachable(name: string, url: string, reason: string): Finding {
  return {
    name,
    state: 'unreachable',
    found: `${hostOf(url)} does not answer (${reason})`,
    remedy: 'check the internet connection; npm run demo needs none',
  }
}

export function hostOf(url: string): string {
  return new URL(url).host
}

/** The code at the bottom of a chain of causes: ENOTFOUND, ECONNREFUSED, TimeoutError. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if ('code' in error && typeof error.code === 'string') return error.code
  if (error instanceof AggregateError) {
    const first: unknown = error.errors[0]
    return reasonOf(first)
  }
  return error.cause === undefined ? error.name : reasonOf(error.cause)
}
