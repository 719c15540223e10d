import { explainCertificate } from '../arbitrage/explain.ts'
import { formatPrice, formatSize, formatUsd } from '../core/decimal.ts'
import type { MarketId, Outcome, VenueId } from '../core/market.ts'
import type { BookSide } from '../core/order-book.ts'
import { askSide, bidSide } from '../core/order-book.ts'
import type { Order } from '../core/order.ts'
import type { ExecutionIntent, TradeSignal } from '../core/signal.ts'
import type { EngineView } from '../engine/engine-view.ts'
import type { Effect } from '../engine/event.ts'
import type { JournalItem } from '../journal/journal-reader.ts'
import { readJournal } from '../journal/journal-reader.ts'
import { JournalReplay } from '../journal/replay-journal.ts'
import type { OutcomeBook } from '../core/outcome-book.ts'
import type { Decision, RecordedEffect } from './find-decision.ts'
import { findDecision } from './find-decision.ts'
import type { OrderUpdate } from '../ports/venue-gateway.ts'
import { recordedKernel } from './recorded-kernel.ts'
import { recordedStrategies } from './recorded-strategies.ts'
import { takeHeader } from './take-header.ts'

const levelsShown = 3

/**
 * Why a basket, an order or a record came about, in words: the event that led to it, the books as
 * they were then, the certificate, what risk said, and what came of it.
 *
 * The books come from replaying the journal up to that event. Undefined when nothing has that name.
 */
export async function why(directory: string, id: string): Promise<readonly string[] | undefined> {
  const found = await findDecision(directory, id)
  if (found === undefined) return undefined
  const view = await replayTo(directory, found.cause)
  const signals = found.effects.flatMap(({ effect }) => signalOf(effect) ?? [])
  return [
    `Record ${found.cause}, at ${seconds(found.at)}: ${found.causeText}`,
    '',
    ...booksOf(signals, view),
    ...found.effects.flatMap((one) => effectLines(one, view)),
    ...consequences(found, view),
  ]
}

async function replayTo(directory: string, record: number): Promise<EngineView> {
  const items = readJournal(directory)
  const header = await takeHeader(items, directory)
  const replay = new JournalReplay()
  const own = await recordedStrategies(directory, header.own ?? [])
  const { engine, intake } = await recordedKernel(header, {
    obey: (effect) => replay.onEffect(effect),
    plugins: own.map(({ strategy }) => strategy),
  })
  await replay.run(upTo(items, record), { intake, venues: header.venues })
  return engine.view
}

async function* upTo(
  items: AsyncGenerator<JournalItem>,
  last: number,
): AsyncGenerator<JournalItem> {
  for await (const item of items) {
    if (item.kind === 'record' && item.record.number > last) return
    yield item
  }
}

function signalOf(effect: Effect): TradeSignal | undefined {
  if (effect.kind === 'note-signal') return effect.signal
  return effect.kind === 'place-basket' ? effect.intent.signal : undefined
}

function booksOf(signals: readonly TradeSignal[], view: EngineView): readonly string[] {
  const legs = signals.flatMap((signal) => signal.legs)
  const seen = new Map(legs.map((leg) => [leg.instrument, leg]))
  if (seen.size === 0) return []
  return [
    'The books then:',
    ...[...seen.values()].flatMap(({ venue, market, outcome }) => {
      const entry = view.cache.byMarket(venue, market)
      return entry === undefined
        ? [`  ${market}: not followed any more`]
        : bookLines(nameOf(venue, market, outcome, view), entry[outcome])
    }),
    '',
  ]
}

function bookLines(name: string, book: OutcomeBook): readonly string[] {
  const side = (of: BookSide): string =>
    book
      .levels(of, levelsShown)
      .map(({ price, size }) => `${formatSize(size)} at ${formatPrice(price)}`)
      .join(', ')
  return [
    `  ${name}, ${book.state}`,
    `    bids ${side(bidSide) || 'none'}`,
    `    asks ${side(askSide) || 'none'}`,
  ]
}

function effectLines({ record, effect }: RecordedEffect, view: EngineView): readonly string[] {
  switch (effect.kind) {
    case 'note-signal':
      return [
        `#${record} ${signalLine(effect.signal)}`,
        ...certificateLines(effect.signal, view),
        effect.approved
          ? 'Risk had no objection: every check passed.'
          : `Risk refused it: ${effect.reason}.`,
        '',
      ]
    case 'place-basket': {
      const { basket, purpose, orders } = effect.intent
      const what = sentWords[purpose]
      return [
        `#${record} Basket ${basket} was ${what}:`,
        ...orders.map((one) => orderLine(one, view)),
      ]
    }
    case 'note-report':
      return reportLines(record, effect)
    case 'note-entry':
      return [entryLine(record, effect)]
    case 'plan-basket':
      return [
        `#${record} Basket ${effect.plan.id} was planned, of ${effect.plan.legs.length} legs.`,
      ]
    case 'note-basket':
      return [`#${record} Basket ${effect.basket}: ${effect.event.kind}, now ${effect.state}.`]
    case 'note-order':
      return [`#${record} ${orderWords(effect.update)}`]
    case 'cancel-order':
      return [`#${record} Order ${effect.order} was called back.`]
    case 'query-order':
      return [`#${record} The venue was asked what became of order ${effect.order}.`]
    case 'adopt-orders':
      return [`#${record} ${effect.orders.length} orders of an earlier life at ${effect.venue}.`]
    case 'cancel-all':
      return [`#${record} Everything open at the venues was called back.`]
    case 'read-account':
      return [`#${record} The account at ${effect.venue} was read.`]
    case 'submit-operation':
      return [`#${record} Operation ${effect.operation} was submitted to ${effect.venue}.`]
    case 'note-operation':
      return [`#${record} Operation ${effect.update.operation} is ${effect.update.kind}.`]
    case 'note-difference':
      return [`#${record} Books and account at ${effect.venue} differ: ${effect.difference.kind}.`]
    case 'note-strategy-stopped':
      return [`#${record} Strategy ${effect.strategy} was stopped: ${effect.reason}.`]
    case 'request-snapshot':
      return [
        `#${record} A fresh snapshot of ${effect.market} was asked for: its book did not fit.`,
      ]
    case 'keep-frame':
      return [`#${record} The frame was refused and kept: ${effect.reason}.`]
    case 'subscribe':
    case 'unsubscribe':
      return [`#${record} ${effect.kind} to ${effect.markets.length} markets of ${effect.venue}.`]
  }
}

const sentWords: Readonly<Record<ExecutionIntent['purpose'], string>> = {
  open: 'sent',
  complete: 'sent to complete it',
  unwind: 'sent to undo what was left of it',
}

function orderWords(update: OrderUpdate): string {
  const { order } = update
  switch (update.kind) {
    case 'filled':
      return `Order ${order} filled ${formatSize(update.fill.size)} at ${formatPrice(update.fill.price)}.`
    case 'live':
      return `Order ${order} rests in the book.`
    case 'done':
    case 'unknown':
      return `Order ${order} is ${update.kind}: ${update.reason}.`
    case 'fill-reversed':
    case 'fill-settled':
      return `Order ${order}, trade ${update.tradeId}: ${update.kind}.`
  }
}

function signalLine({ strategy, certificate, edge, realisation, legs }: TradeSignal): string {
  const how =
    realisation === 'settlement'
      ? 'paid when its markets are settled'
      : `money at once, by ${realisation}`
  const claim = certificate === undefined ? 'as it expects' : 'at the least'
  return `${strategy} saw ${legs.length} legs that earn $${formatUsd(edge)} ${claim}, ${how}.`
}

function certificateLines(signal: TradeSignal, view: EngineView): readonly string[] {
  const { certificate, legs } = signal
  if (certificate === undefined) return ['  It brought no certificate: it is no arbitrage.']
  const names = legs.map(({ venue, market }) => labelOf(venue, market, view))
  return explainCertificate(certificate, names).map((line) => `  ${line}`.trimEnd())
}

function orderLine(order: Order, view: EngineView): string {
  const { id, side, size, limit, timeInForce, venue, market, outcome } = order
  const name = nameOf(venue, market, outcome, view)
  return `  ${id}: ${side} ${formatSize(size)} of ${name}, at ${formatPrice(limit)} or better, ${timeInForce}`
}

function reportLines(
  record: number,
  { report }: Extract<Effect, { kind: 'note-report' }>,
): readonly string[] {
  return [
    `#${record} ${report.executor} reported on ${report.basket}, at ${seconds(report.at)}:`,
    ...report.legs.map(({ order, outcome, reason, fills }) => {
      const filled = fills
        .map(({ price, size, fee }) => {
          return `${formatSize(size)} at ${formatPrice(price)}, fee $${formatUsd(fee)}`
        })
        .join('; ')
      return `  ${order}: ${outcome}${reason === '' ? '' : `, ${reason}`}${filled === '' ? '' : `: ${filled}`}`
    }),
  ]
}

function entryLine(record: number, { entry }: Extract<Effect, { kind: 'note-entry' }>): string {
  const moved = entry.postings.map(({ account, amount }) => {
    const [kind = '', ...rest] = account.split(':')
    const of = rest.map((part) => (part.length > 16 ? `${part.slice(0, 12)}…` : part)).join(' ')
    return `${kind}${of === '' ? '' : ` ${of}`} ${formatUsd(amount)}`
  })
  return `#${record} Booked, ${entry.memo}: ${moved.join(', ')}`
}

function consequences({ later, effects }: Decision, view: EngineView): readonly string[] {
  if (later.length === 0) {
    const isPlaced = effects.some(({ effect }) => effect.kind === 'place-basket')
    return isPlaced ? ['', 'The journal ends before anything came of it.'] : []
  }
  return ['', 'What came of it:', ...later.flatMap((one) => effectLines(one, view))]
}

function nameOf(venue: VenueId, market: MarketId, outcome: Outcome, view: EngineView): string {
  return `${outcome.toUpperCase()} of ${labelOf(venue, market, view)}`
}

function labelOf(venue: VenueId, market: MarketId, view: EngineView): string {
  const found = view.cache.byMarket(venue, market)?.market
  return found === undefined ? market : `"${found.question}"`
}

function seconds(at: number): string {
  return `${(at / 1e9).toFixed(6)} s`
}
