import type { Dated, FeeFacts, FeeOverride, FeeTerms } from './fees.ts'
import type { EventFeeChange, KalshiEvent, SeriesFeeChange } from './listing.ts'
import { EventFeeChanges, OneSeries, Series, SeriesFeeChanges, SeriesList } from './listing.ts'
import type { RestClient } from './rest-client.ts'

/** Pages of scheduled changes of events' fees at most. */
const pagesMax = 100

/** The series, their fees, and the changes of fees that the venue has announced. */
export class FeeBook {
  readonly #rest: RestClient
  readonly #wanted: readonly string[]
  readonly #series: Map<string, Series> = new Map()
  #seriesChanges: readonly SeriesFeeChange[] = []
  #eventChanges: readonly EventFeeChange[] = []

  /** Without a choice of series, all of them are read. */
  constructor({ rest, series }: { readonly rest: RestClient; readonly series: readonly string[] }) {
    this.#rest = rest
    this.#wanted = series
  }

  async read(): Promise<void> {
    for (const json of await this.#readSeries()) {
      const { data } = Series.safeParse(json)
      if (data !== undefined) this.#series.set(data.ticker, data)
    }
    const changes = await this.#rest.json('/series/fee_changes', {}, SeriesFeeChanges)
    this.#seriesChanges = changes.series_fee_change_arr ?? []
    this.#eventChanges = await this.#readEventChanges()
  }

  seriesOf(event: KalshiEvent): Series | undefined {
    return this.#series.get(event.series_ticker)
  }

  factsOf(event: KalshiEvent): Omit<FeeFacts, 'waivedUntil'> {
    const series = this.seriesOf(event)
    return {
      series: series && { type: series.fee_type, multiplier: series.fee_multiplier },
      seriesChanges: this.#seriesChanges
        .filter(({ series_ticker: ticker }) => ticker === event.series_ticker)
        .flatMap(datedTerms),
      event: {
        type: event.fee_type_override ?? null,
        multiplier: event.fee_multiplier_override ?? null,
      },
      eventChanges: this.#eventChanges
        .filter(({ event_ticker: ticker }) => ticker === event.event_ticker)
        .flatMap(datedOverride),
    }
  }

  async #readSeries(): Promise<readonly unknown[]> {
    if (this.#wanted.length === 0) {
      return (await this.#rest.json('/series', {}, SeriesList)).series ?? []
    }
    const all: unknown[] = []
    for (const ticker of this.#wanted) {
      all.push((await this.#rest.json(`/series/${ticker}`, {}, OneSeries)).series)
    }
    return all
  }

  async #readEventChanges(): Promise<readonly EventFeeChange[]> {
    const all: EventFeeChange[] = []
    let cursor = ''
    for (let pageIndex = 0; pageIndex < pagesMax; pageIndex++) {
      const query = { limit: 1000, ...(cursor === '' ? {} : { cursor }) }
      const page = await this.#rest.json('/events/fee_changes', query, EventFeeChanges)
      all.push(...(page.event_fee_changes ?? []))
      const next = page.cursor ?? ''
      if (next === '' || next === cursor) return all
      cursor = next
    }
    return all
  }
}

function datedTerms(change: SeriesFeeChange): readonly Dated<FeeTerms>[] {
  const { fee_type: type, fee_multiplier: multiplier, scheduled_ts: at } = change
  return at === undefined ? [] : [{ terms: { type, multiplier }, at }]
}

function datedOverride(change: EventFeeChange): readonly Dated<FeeOverride>[] {
  const { fee_type_override: type, fee_multiplier_override: multiplier, scheduled_ts: at } = change
  return at === undefined ? [] : [{ terms: { type, multiplier }, at }]
}
