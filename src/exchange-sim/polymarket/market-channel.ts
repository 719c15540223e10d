import type { WebSocket } from 'ws'
import type { ExchangeTimers } from '../exchange-clock.ts'
import type { Faults } from '../faults.ts'
import type { SimMarket } from '../sim-market.ts'
import type { World } from '../world.ts'
import type { BookWriter } from './book-text.ts'
import { bookDumpText } from './market-messages.ts'
import { MarketLine } from './market-line.ts'
import type { MarketPublisher, Publication } from './market-publisher.ts'
import { MarketSession } from './market-session.ts'

/** Books in one frame of the first dump: a frame stays well under a megabyte. */
const dumpBooksMax = 50

type Client = { readonly session: MarketSession; readonly line: MarketLine }

export type MarketChannelParts = {
  readonly world: World
  readonly writer: BookWriter
  readonly publisher: MarketPublisher
  readonly faults: Faults
  readonly timers: ExchangeTimers
}

/** The market channel: who listens to what, and what each of them is sent. */
export class MarketChannel {
  readonly #parts: MarketChannelParts
  readonly #clients = new Set<Client>()
  readonly #byToken = new Map<string, Set<Client>>()
  /** The newest change of each market, to be repeated where a fault asks for it. */
  readonly #lastChanges = new WeakMap<SimMarket, Publication>()

  constructor(parts: MarketChannelParts) {
    this.#parts = parts
  }

  /** Starts to follow the world. What is returned ends that. */
  start(): () => void {
    return this.#parts.world.listen((event) => {
      if (event.market.set.venue !== 'polymarket') return
      for (const publication of this.#parts.publisher.publish(event)) this.#send(publication)
    })
  }

  accept(socket: WebSocket): void {
    const session = new MarketSession(socket, {
      subscribed: (tokens, wantsDump) => {
        for (const token of tokens) this.#subscribe(token, client)
        if (wantsDump) this.#dump(client, tokens)
      },
      unsubscribed: (tokens) => {
        for (const token of tokens) this.#unsubscribe(token, client)
      },
      gone: () => {
        line.close()
        this.#clients.delete(client)
        for (const token of session.tokens) this.#unsubscribe(token, client)
      },
    })
    const line = new MarketLine(session, this.#parts.faults, this.#parts.timers)
    const client = { session, line }
    this.#clients.add(client)
    session.start()
    line.open()
  }

  #send(publication: Publication): void {
    const { kind, market, custom, text } = publication
    let bytes: Buffer | undefined
    for (const { session, line } of this.#audience(publication)) {
      if (custom && !session.wantsCustom) continue
      bytes ??= Buffer.from(text)
      line.publish(publication, bytes)
    }
    if (kind === 'price_change') this.#lastChanges.set(market, publication)
  }

  #audience({ audience, market }: Publication): Iterable<Client> {
    const { yes, no } = market.listing.tokens
    if (audience === 'everyone') return this.#clients
    if (audience === 'yes') return this.#byToken.get(yes) ?? []
    if (audience === 'no') return this.#byToken.get(no) ?? []
    return new Set([...(this.#byToken.get(yes) ?? []), ...(this.#byToken.get(no) ?? [])])
  }

  #subscribe(token: string, client: Client): void {
    const known = this.#byToken.get(token)
    if (known === undefined) this.#byToken.set(token, new Set([client]))
    else known.add(client)
  }

  #unsubscribe(token: string, client: Client): void {
    const known = this.#byToken.get(token)
    known?.delete(client)
    if (known?.size === 0) this.#byToken.delete(token)
  }

  /** Array frames of many books, compact, with a newline. docs/venues/polymarket.md, 4.2. */
  #dump({ line }: Client, tokens: readonly string[]): void {
    const { world, writer } = this.#parts
    const hits = tokens.flatMap((token) => world.byToken(token) ?? [])
    const open = hits.filter(({ market }) => market.isOpen)
    const late: Publication[] = []
    const books = open.flatMap(({ market, outcome }) => {
      const change = this.#lastChanges.get(market)
      if (change !== undefined && line.repeatsAfterDump()) late.push(change)
      if (!line.keepsOfDump()) return []
      const at = world.now()
      const book = writer.write(market, outcome, String(at))
      return [bookDumpText(market, outcome, at, book)]
    })
    for (let start = 0; start < books.length; start += dumpBooksMax) {
      const frame = books.slice(start, start + dumpBooksMax).join(',')
      line.dump(Buffer.from(`[${frame}]\n`))
    }
    for (const { text } of late) line.dump(Buffer.from(text))
  }
}
