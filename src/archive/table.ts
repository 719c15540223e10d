/**
 * What a column holds, and so how it is written.
 *
 * Integers are exact: `ticks` are 1/10 000 of a dollar, `micro` millionths of a share or a dollar.
 * `price` is the same integer as `ticks`, written as dollars; `amount` the same as `micro`.
 */
export type ColumnType =
  | 'time'
  | 'ticks'
  | 'price'
  | 'micro'
  | 'amount'
  | 'count'
  | 'ppm'
  | 'text'
  | 'flag'

export type Column = {
  readonly name: string
  readonly type: ColumnType
  /** For the documentation: unit, and what an absent value means. */
  readonly means: string
}

export type TableName = 'markets' | 'books' | 'changes' | 'trades' | 'opportunities' | 'fills'

/** A `time` is microseconds since 1970; all other numbers are integers as their column says. */
export type Cell = number | string | boolean | null

/** Takes rows in order and keeps none of them longer than it must. */
export type TableWriter = {
  readonly file: string
  readonly rowCount: number
  append(row: readonly Cell[]): void
  /** Writes what is left. Nothing is appended after it. */
  close(): void
}

const where: readonly Column[] = [
  { name: 'at', type: 'time', means: 'when it was received here, UTC' },
  { name: 'venue', type: 'text', means: 'polymarket or kalshi' },
  { name: 'market', type: 'text', means: 'the venue’s own name: a condition id, a ticker' },
]
const outcome: Column = {
  name: 'outcome',
  type: 'text',
  means: 'whose terms prices are in: yes, and no only where a market keeps two books',
}

function top(side: 'bid' | 'ask'): readonly Column[] {
  return [
    { name: `${side}_ticks`, type: 'ticks', means: `best ${side}, in ticks; absent when none` },
    { name: side, type: 'price', means: `best ${side}, in dollars` },
    { name: `${side}_size_micro`, type: 'micro', means: `shares at the best ${side}, millionths` },
    { name: `${side}_size`, type: 'amount', means: `shares at the best ${side}` },
    { name: `${side}_levels`, type: 'count', means: `prices with a ${side}, in the whole book` },
  ]
}

const priceAndSize: readonly Column[] = [
  { name: 'price_ticks', type: 'ticks', means: 'price in ticks' },
  { name: 'price', type: 'price', means: 'price in dollars' },
  { name: 'size_micro', type: 'micro', means: 'shares, millionths' },
  { name: 'size', type: 'amount', means: 'shares' },
]

/** Every table of an export, column by column. docs/recordings.md shows the same. */
export const tables: Readonly<Record<TableName, readonly Column[]>> = {
  markets: [
    ...where,
    { name: 'slug', type: 'text', means: 'the venue’s name of it in addresses' },
    { name: 'question', type: 'text', means: 'what is asked' },
    { name: 'label', type: 'text', means: 'the outcome within its set; empty when there is none' },
    { name: 'yes_instrument', type: 'text', means: 'the venue’s name of a YES share' },
    { name: 'no_instrument', type: 'text', means: 'the venue’s name of a NO share' },
    { name: 'status', type: 'text', means: 'open, paused, closed or resolved' },
    {
      name: 'book_kind',
      type: 'text',
      means: 'mirrored: one book; separate: one for each outcome',
    },
    { name: 'closes_at', type: 'time', means: 'when trading ends; absent when not known' },
    { name: 'yes_value_ppm', type: 'ppm', means: 'what YES paid, millionths; absent until then' },
    { name: 'facts', type: 'text', means: 'all that is known of the market, as JSON' },
  ],
  books: [
    ...where,
    outcome,
    { name: 'state', type: 'text', means: 'proven, unproven or broken' },
    {
      name: 'torn',
      type: 'flag',
      means: 'a sweep has been applied in part: wait for the next row',
    },
    ...top('bid'),
    ...top('ask'),
    { name: 'bids', type: 'text', means: 'the best bids first, JSON: [[dollars, shares], …]' },
    { name: 'asks', type: 'text', means: 'the best asks first, JSON: [[dollars, shares], …]' },
  ],
  changes: [
    ...where,
    outcome,
    { name: 'side', type: 'text', means: 'bid or ask' },
    ...priceAndSize,
    { name: 'before_micro', type: 'micro', means: 'shares before, millionths' },
    { name: 'before', type: 'amount', means: 'shares before; 0 when the level is new' },
  ],
  trades: [
    ...where,
    { name: 'venue_at', type: 'time', means: 'when it happened, by the venue’s clock' },
    {
      name: 'outcome',
      type: 'text',
      means: 'what was traded: yes or no; the price is in its terms',
    },
    { name: 'side', type: 'text', means: 'what the taker did: buy or sell' },
    ...priceAndSize,
  ],
  opportunities: [
    { name: 'at', type: 'time', means: 'when a strategy signalled, UTC' },
    { name: 'strategy', type: 'text', means: 'its name' },
    { name: 'approved', type: 'flag', means: 'whether risk let it trade' },
    { name: 'reason', type: 'text', means: 'why not; empty when it did' },
    { name: 'legs', type: 'count', means: 'orders it asks for' },
    {
      name: 'edge_micro',
      type: 'micro',
      means: 'what it earns at the least, millionths of a dollar',
    },
    { name: 'edge', type: 'amount', means: 'the same in dollars' },
    { name: 'edge_ppm', type: 'ppm', means: 'edge by dollar of payout, millionths' },
    { name: 'realisation', type: 'text', means: 'how it becomes money: merge, split, convert …' },
    {
      name: 'orders',
      type: 'text',
      means: 'JSON: venue, market, outcome, side, limit, size of each',
    },
  ],
  fills: [
    ...where,
    { name: 'strategy', type: 'text', means: 'whose order it was' },
    { name: 'basket', type: 'text', means: 'orders of one basket belong together' },
    {
      name: 'purpose',
      type: 'text',
      means: 'open; or complete, unwind: what had not come about whole',
    },
    { name: 'outcome', type: 'text', means: 'yes or no; the price is in its terms' },
    { name: 'side', type: 'text', means: 'buy or sell' },
    ...priceAndSize,
    { name: 'notional_micro', type: 'micro', means: 'size times price, millionths of a dollar' },
    { name: 'notional', type: 'amount', means: 'the same in dollars' },
    { name: 'fee_micro', type: 'micro', means: 'what the venue kept, millionths of a dollar' },
    { name: 'fee', type: 'amount', means: 'the same in dollars' },
    { name: 'liquidity', type: 'text', means: 'maker or taker' },
  ],
}

export const tableNames: readonly TableName[] = [
  'markets',
  'books',
  'changes',
  'trades',
  'opportunities',
  'fills',
]
