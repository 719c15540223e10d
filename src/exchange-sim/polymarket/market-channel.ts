import type { WebSocket } from 'ws'
import type { World } from '../world.ts'
import type { BookWriter } from './book-text.ts'
import { bookDumpText } from './market-messages.ts'
import type { MarketPublisher, Publication } from './market-publisher.ts'
import { MarketSession } from './market-session.ts'

/** Books in one frame of the first dump: a frame stays well under a megabyte. */
const dumpBooksMax = 50

/** The market channel: who listens to what, and what each of them is sent. */
export class MarketChannel {
  readonly #world: World
  readonly #writer: BookWriter
  readonly #publisher: MarketPublisher
  readonly #sessions = new Set<MarketSession>()
  readonly #byToken = new Map<string, Set<MarketSession>>()

  constructor(world: World, writer: BookWriter, publisher: MarketPublisher) {
    this.#world = world
    this.#writer = writer
    this.#publisher = publisher
  }

  /** Starts to follow the world. What is returned ends that. */
  start(): () => void {
    return this.#world.listen((event) => {
      for (const publication of this.#publisher.publish(event)) this.#send(publication)
    })
  }

  get connectionCount(): number {
    return this.#sessions.size
  }

  accept(socket: WebSocket): void {
    const session = new MarketSession(socket, {
      subscribed: (tokens, wantsDump) => {
        for (const token of tokens) this.#listeners(token).add(session)
        if (wantsDump) this.#dump(session, tokens)
      },
      unsubscribed: (tokens) => {
        for (const token of tokens) this.#byToken.get(token)?.delete(session)
      },
      gone: () => {
        this.#sessions.delete(session)
        for (const token of session.tokens) this.#byToken.get(token)?.delete(session)
      },
    })
    this.#sessions.add(session)
    session.start()
  }

  #send(publication: Publication): void {
    let bytes: Buffer | undefined
    for (const session of this.#audience(publication)) {
      if (publication.custom && !session.wantsCustom) continue
      bytes ??= Buffer.from(publication.text)
      session.send(bytes)
    }
  }

  #audience({ audience, market }: Publication): ReadonlySet<MarketSession> {
    const { yes, no } = market.listing.tokens
    if (audience === 'everyone') return this.#sessions
    if (audience === 'yes') return this.#listeners(yes)
    if (audience === 'no') return this.#listeners(no)
    return new Set([...this.#listeners(yes), ...this.#listeners(no)])
  }

  #listeners(token: string): Set<MarketSession> {
    const known = this.#byToken.get(token)
    if (known !== undefined) return known
    const made = new Set<MarketSession>()
    this.#byToken.set(token, made)
    return made
  }

  /** One array frame of many books, compact, with a newline at its end. */
  #dump(session: MarketSession, tokens: readonly string[]): void {
    const books = tokens.flatMap((token) => {
      const found = this.#world.byToken(token)
      if (found === undefined || !found.market.isOpen) return []
      const at = this.#world.now()
      const { market, outcome } = found
      const book = this.#writer.write(market, outcome, String(at))
      return [bookDumpText(market, outcome, at, book)]
    })
    for (let start = 0; start < books.length; start += dumpBooksMax) {
      const frame = books.slice(start, start + dumpBooksMax).join(',')
      session.send(Buffer.from(`[${frame}]\n`))
    }
  }
}
