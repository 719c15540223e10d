/** What a metric is, said once: its exposition, its alarms and its boards all read this. */
export type MetricDefinition = {
  readonly name: string
  readonly kind: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  readonly labels: readonly string[]
  /** Upper bounds of a histogram, in the unit of its name, ascending. */
  readonly buckets?: readonly number[]
}

/** From a loopback exchange (under a millisecond) to a feed that lags by half a minute. */
const feedLatencyMs = [
  0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 30_000,
]
/** Dollars earned by dollar of payout: 0.02 is 2 %. A tick is 0.0001. */
const edgeRates = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.015, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.5,
]
/** From a decision within one turn to an order that waits for a venue's taker delay. */
const executionUs = [
  50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000,
  1_000_000, 2_500_000, 10_000_000,
]
/** One synchronous turn, frame in to effects out. Fine, because its quantiles are shown. */
const turnUs = [
  1, 2, 3, 5, 7.5, 10, 15, 20, 30, 40, 50, 75, 100, 150, 200, 300, 500, 750, 1_000, 2_000, 5_000,
  10_000, 50_000,
]
/** From a lost connection to a book that is proven again. */
const repairMs = [10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000]
const pauseSeconds = [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1]

/** The eight metrics of the project's first description. Names, labels and kinds never change. */
const firstDescription: readonly MetricDefinition[] = [
  {
    name: 'adapter_events_total',
    kind: 'counter',
    help: 'Messages of a venue that were understood, by kind.',
    labels: ['venue', 'event_type'],
  },
  {
    name: 'adapter_event_latency_ms',
    kind: 'histogram',
    help: 'From the receipt of a frame to the end of its turn, by kind of message.',
    labels: ['venue', 'event_type'],
    buckets: feedLatencyMs,
  },
  {
    name: 'strategy_signals_total',
    kind: 'counter',
    help: 'Signals that strategies gave, approved by risk or not.',
    labels: ['strategy', 'venue'],
  },
  {
    name: 'strategy_signal_edge',
    kind: 'histogram',
    help: 'Edge of a signal by dollar of payout, guaranteed where it has a certificate: 0.02 is 2 %.',
    labels: ['strategy'],
    buckets: edgeRates,
  },
  {
    name: 'execution_fills_total',
    kind: 'counter',
    help: 'Legs that were filled, in whole or in part.',
    labels: ['strategy', 'executor'],
  },
  {
    name: 'execution_rejections_total',
    kind: 'counter',
    help: 'Legs that were refused by the venue or found no counterparty within their limit.',
    labels: ['strategy', 'executor'],
  },
  {
    name: 'execution_signal_to_fill_us',
    kind: 'histogram',
    help: 'From a signal to the fill of a leg, in microseconds.',
    labels: ['strategy'],
    buckets: executionUs,
  },
  {
    name: 'execution_e2e_latency_us',
    kind: 'histogram',
    help: 'From the receipt of the frame that caused a signal to the fill, in microseconds.',
    labels: ['strategy'],
    buckets: executionUs,
  },
]

const books: readonly MetricDefinition[] = [
  {
    name: 'books',
    kind: 'gauge',
    help: 'Order books, by whether they may be believed: proven, unproven or broken.',
    labels: ['venue', 'state'],
  },
  {
    name: 'book_proof_events_total',
    kind: 'counter',
    help: 'Checks of order books and changes of their state, by what happened.',
    labels: ['venue', 'event'],
  },
  {
    name: 'book_time_to_proven_ms',
    kind: 'histogram',
    help: 'From the moment a book lost its proof to the moment it was proven again.',
    labels: ['venue'],
    buckets: repairMs,
  },
  {
    name: 'phantoms_total',
    kind: 'counter',
    help: 'Sightings of an edge that was an error of the feed or of ours, by cause.',
    labels: ['strategy', 'cause'],
  },
]

const feeds: readonly MetricDefinition[] = [
  {
    name: 'feed_frames_total',
    kind: 'counter',
    help: 'Frames that came in over sockets.',
    labels: ['venue'],
  },
  {
    name: 'feed_frames_refused_total',
    kind: 'counter',
    help: 'Frames, or parts of frames, that did not fit what the venue documents.',
    labels: ['venue', 'reason'],
  },
  {
    name: 'feed_reconnects_total',
    kind: 'counter',
    help: 'Connections that were opened again after a loss.',
    labels: ['venue'],
  },
  {
    name: 'feed_connections_lost_total',
    kind: 'counter',
    help: 'Connections that were lost, by reason.',
    labels: ['venue', 'reason'],
  },
  {
    name: 'feed_connections',
    kind: 'gauge',
    help: 'Connections, open and wanted.',
    labels: ['venue', 'state'],
  },
  {
    name: 'feed_markets_subscribed',
    kind: 'gauge',
    help: 'Markets whose books are subscribed to.',
    labels: ['venue'],
  },
  {
    name: 'feed_decode_layer_frames',
    kind: 'gauge',
    help: 'Frames since start, by the layer of the decoder that read them.',
    labels: ['venue', 'layer'],
  },
  {
    name: 'catalogue_refreshes_total',
    kind: 'counter',
    help: 'Refreshes of a venue catalogue, by how they ended.',
    labels: ['venue', 'outcome'],
  },
]

const engine: readonly MetricDefinition[] = [
  {
    name: 'engine_turn_us',
    kind: 'histogram',
    help: 'One synchronous turn: from a frame in to all its effects out, in microseconds.',
    labels: ['venue'],
    buckets: turnUs,
  },
  {
    name: 'path_stage_us',
    kind: 'histogram',
    help:
      'Where the time goes from the wire to an order, in microseconds: wire, decode and decide are ' +
      'parts of a turn, of one frame in eight; order is from the receipt of the frame to its orders.',
    labels: ['venue', 'stage'],
    buckets: [0.25, 0.5, ...turnUs, 250_000, 1_000_000],
  },
  {
    name: 'queue_depth',
    kind: 'gauge',
    help: 'Entries that wait in a queue at an edge of the process.',
    labels: ['queue'],
  },
  {
    name: 'strategy_passes_total',
    kind: 'counter',
    help: 'Evaluations that passed, by reason.',
    labels: ['strategy', 'reason'],
  },
  {
    name: 'risk_refusals_total',
    kind: 'counter',
    help: 'Signals that pre-trade risk refused, by reason.',
    labels: ['strategy', 'reason'],
  },
  {
    name: 'ledger_balanced',
    kind: 'gauge',
    help: '1 while the double-entry ledger balances to the micro-dollar, else 0.',
    labels: [],
  },
  {
    name: 'pnl_usd',
    kind: 'gauge',
    help: 'Profit and loss of this run in dollars, realized and unrealized.',
    labels: ['kind'],
  },
  {
    name: 'exposure_usd',
    kind: 'gauge',
    help: 'The most that can be lost if everything open goes wrong, in dollars.',
    labels: [],
  },
  {
    name: 'exposure_limit_usd',
    kind: 'gauge',
    help: 'The limit of that, in dollars.',
    labels: [],
  },
  {
    name: 'risk_limit_used_ratio',
    kind: 'gauge',
    help: 'How much of a limit is in use, as a part of it: of the market, set, venue or strategy that has the most.',
    labels: ['limit'],
  },
  {
    name: 'baskets_quarantined',
    kind: 'gauge',
    help: 'Baskets with unequal legs that no allowed order makes equal: a person must decide.',
    labels: [],
  },
  {
    name: 'trading_state',
    kind: 'gauge',
    help: '1 for the state that trading is in: trading, paused or killed; 0 for the others.',
    labels: ['state'],
  },
]

const alerts: readonly MetricDefinition[] = [
  {
    name: 'alerts_raised_total',
    kind: 'counter',
    help: 'Alerts that a rule gave, sent or held back.',
    labels: ['rule'],
  },
  {
    name: 'alerts_sent_total',
    kind: 'counter',
    help: 'Messages of alerts, by channel and by what became of them: sent, retried or refused.',
    labels: ['channel', 'result'],
  },
  {
    name: 'alert_commands_total',
    kind: 'counter',
    help: 'Commands from a chat: done, refused, or from a wrong chat and ignored.',
    labels: ['result'],
  },
]

const runtime: readonly MetricDefinition[] = [
  {
    name: 'process_cpu_seconds_total',
    kind: 'counter',
    help: 'User and system CPU time, in seconds.',
    labels: [],
  },
  {
    name: 'process_start_time_seconds',
    kind: 'gauge',
    help: 'Start of the process, in seconds since 1970.',
    labels: [],
  },
  {
    name: 'process_resident_memory_bytes',
    kind: 'gauge',
    help: 'Resident memory, in bytes.',
    labels: [],
  },
  {
    name: 'nodejs_heap_size_used_bytes',
    kind: 'gauge',
    help: 'Heap in use, in bytes.',
    labels: [],
  },
  {
    name: 'nodejs_heap_size_total_bytes',
    kind: 'gauge',
    help: 'Heap held, in bytes.',
    labels: [],
  },
  {
    name: 'nodejs_external_memory_bytes',
    kind: 'gauge',
    help: 'Memory outside the heap that is held by objects in it, in bytes.',
    labels: [],
  },
  {
    name: 'nodejs_eventloop_lag_seconds',
    kind: 'gauge',
    help: 'Delay of the event loop since the last scrape, by percentile.',
    labels: ['percentile'],
  },
  {
    name: 'nodejs_gc_duration_seconds',
    kind: 'histogram',
    help: 'Pauses for garbage collection, by kind.',
    labels: ['kind'],
    buckets: pauseSeconds,
  },
  {
    name: 'nodejs_version_info',
    kind: 'gauge',
    help: '1, with the version of Node as a label.',
    labels: ['version'],
  },
]

export const metricCatalog: readonly MetricDefinition[] = [
  ...firstDescription,
  ...books,
  ...feeds,
  ...engine,
  ...alerts,
  ...runtime,
]
