import type { WebSocket } from 'ws'
import { z } from 'zod'
import type { ExchangeTimers } from '../exchange-clock.ts'
import type { Faults } from '../faults.ts'
import { faultDelays, faultRates } from '../faults.ts'
import type { ApiKeys } from './api-keys.ts'

const AuthSchema = z.object({
  auth: z.object({ apiKey: z.string(), secret: z.string(), passphrase: z.string() }),
  type: z.literal('user'),
  markets: z.array(z.string()).optional(),
})

const UpdateSchema = z.object({
  operation: z.enum(['subscribe', 'unsubscribe']),
  markets: z.array(z.string()),
})

type Session = {
  readonly socket: WebSocket
  owner: string | undefined
  /** Undefined: every market. */
  markets: Set<string> | undefined
  /** An event that a fault keeps back until the next one has gone. */
  kept: string | undefined
}

/** How long an event that is overtaken waits for one that overtakes it. */
const overtakenMsMax = 300

/** The user channel: orders and trades of one API key. docs/venues/polymarket.md, 5. */
export class UserChannel {
  readonly #keys: ApiKeys
  readonly #faults: Faults
  readonly #timers: ExchangeTimers
  readonly #sessions = new Set<Session>()

  constructor(keys: ApiKeys, faults: Faults, timers: ExchangeTimers) {
    this.#keys = keys
    this.#faults = faults
    this.#timers = timers
  }

  accept(socket: WebSocket): void {
    const session: Session = { socket, owner: undefined, markets: undefined, kept: undefined }
    this.#sessions.add(session)
    socket.on('message', (data: Buffer) => this.#onText(session, data.toString()))
    socket.on('error', () => socket.terminate())
    socket.on('close', () => this.#sessions.delete(session))
    if (!this.#faults.has('user-disconnect')) return
    const delayMs = this.#faults.delayMs(faultDelays.userDisconnect)
    const cancel = this.#timers.after(delayMs, () => socket.terminate())
    socket.on('close', cancel)
  }

  /** Cuts every connection, as the venue now and then does. */
  cut(): void {
    for (const { socket } of this.#sessions) socket.terminate()
  }

  publish(owner: string, market: string, event: unknown): void {
    const text = JSON.stringify(event)
    for (const session of this.#sessions) {
      if (session.owner !== owner) continue
      if (session.markets !== undefined && !session.markets.has(market)) continue
      this.#send(session, text)
    }
  }

  #send(session: Session, text: string): void {
    const faults = this.#faults
    const { kept } = session
    if (kept === undefined && this.#strikes('reordered-user-event')) {
      session.kept = text
      this.#timers.after(overtakenMsMax, () => this.#flush(session, text))
      return
    }
    session.socket.send(text)
    if (faults.strikes('duplicate-user-event', faultRates.duplicateUserEvent)) {
      session.socket.send(text)
    }
    if (kept !== undefined) this.#flush(session, kept)
  }

  #strikes(name: 'reordered-user-event'): boolean {
    return this.#faults.strikes(name, faultRates.reorderedUserEvent)
  }

  #flush(session: Session, text: string): void {
    if (session.kept !== text) return
    session.kept = undefined
    session.socket.send(text)
  }

  #onText(session: Session, text: string): void {
    if (text === 'PING') return session.socket.send('PONG')
    const parsed = parseJson(text)
    const auth = AuthSchema.safeParse(parsed)
    if (auth.success) return this.#subscribe(session, auth.data)
    const update = UpdateSchema.safeParse(parsed)
    if (!update.success || session.owner === undefined) {
      return session.socket.send('INVALID OPERATION')
    }
    const { operation, markets } = update.data
    session.markets ??= new Set()
    for (const market of markets) {
      if (operation === 'subscribe') session.markets.add(market)
      else session.markets.delete(market)
    }
  }

  /** No acknowledgement; wrong credentials end the connection. */
  #subscribe(session: Session, { auth, markets }: z.infer<typeof AuthSchema>): void {
    const key = this.#keys.byId(auth.apiKey)
    const isRight = key?.secret === auth.secret && key.passphrase === auth.passphrase
    if (!isRight) return session.socket.close()
    session.owner = auth.apiKey
    session.markets = markets === undefined || markets.length === 0 ? undefined : new Set(markets)
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
