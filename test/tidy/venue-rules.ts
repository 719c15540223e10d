import type { Finding, Rule } from './rule.ts'
import { isTest, type Tree } from './tree.ts'

/** What every venue is made of. ARCHITECTURE.md, "The rooms", says what each file is for. */
const agreed = [
  'index.ts',
  'config.ts',
  'wire.ts',
  'scan.ts',
  'decode.ts',
  'codec.ts',
  'book-sync.ts',
  'book-proof.ts',
  'encode.ts',
  'auth.ts',
  'rest-client.ts',
  'catalogue.ts',
  'outcome-sets.ts',
  'fees.ts',
  'market-feed.ts',
  'market-socket.ts',
  'first-books.ts',
  'snapshot-requests.ts',
  'account-feed.ts',
  'account-reads.ts',
  'account-wire.ts',
  'order-gateway.ts',
  'order-tracker.ts',
  'order-verdict.ts',
  'read-account.ts',
  'settlement.ts',
  'trading-client.ts',
  'trading.ts',
  'rate-limit.ts',
]

/**
 * Parts behind those files that one venue has and the others cannot share the name of, each with
 * what makes it that venue's own. What two venues need belongs to `agreed` or to `src/venues/`.
 */
const ownFiles: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  polymarket: {
    'fast-signer.ts': 'an order is signed in 50 microseconds, or in 400',
    'heartbeat.ts': 'the venue cancels our orders when it beats no more',
    'book-audit.ts': 'a book has a hash, and it is recomputed in idle time',
    'book-track.ts': 'a book has a hash, a last trade in it, and changes that wait for a snapshot',
    'call-carrier.ts': 'contracts are called by transaction or by relayer',
    'chain-client.ts': 'balances and approvals are on a chain',
    'contract-calls.ts': 'tokens are turned to money by calls of contracts',
    'order-line.ts': 'an order leaves in one write, over a connection that is open',
    'order-search.ts':
      'what became of an order stands in two places, and in neither when it is over',
    'order-writer.ts': 'after a crash the name of an order is found again by hashing',
    'plan-operation.ts': 'a settlement is a call, and balances tell whether it happened',
    'relayer.ts': 'wallets that are contracts are called for by a relayer',
    'trade-executions.ts': 'one trade holds many meetings, and the other outcome in some',
    'trading-hosts.ts': 'trading goes to five hosts',
    'trading-pause.ts': 'the engine restarts, and then takes for a while only what rests',
    'digits.ts': 'numbers are text, and are read as they lie in the frame',
    'event-batch.ts': 'one frame may hold many events of many markets',
    'gamma.ts': 'what is listed comes from a service of its own, with a language of its own',
    'gamma-market.ts': 'a market of that service in our words',
    'json-cursor.ts': 'the layout may come in another order, nested',
    'last-trade.ts': 'the hash covers the text of the last trade price',
    'literals.ts': 'frames have a few fixed layouts, in two spacings',
    'mirrored-pair.ts': 'each change is told twice, once for either token',
    'order-amounts.ts': 'amounts are signed, in decimals that depend on the tick',
    'order-hash.ts': 'the id of an order is a hash of it',
    'open-gate.ts': 'many sockets share the tokens, and must not open at once',
    'read-json.ts': 'the slow path of an array of events',
    'sign-order.ts': 'an order is signed, not only the request',
    'snapshot-levels.ts': 'a whole book comes again after each trade',
    'snapshot-order.ts': 'changes older than a snapshot come after it, without a number',
    'template.ts': 'the fixed layouts, read without a scanner',
    'token-marks.ts': 'each token has a hash and a time of its own',
    'token-table.ts': 'instruments are numbers of 77 digits',
    'wallet.ts': 'funds are held by an account on a chain',
  },
  kalshi: {
    'book-frame.ts': 'one frame holds one change of one market',
    'book-poll.ts': 'without a key there is no socket, and books are polled',
    'words.ts': 'frames have one fixed layout, compared in words',
    'account-catch-up.ts': 'the channels have no numbers, so each connection is followed by reads',
    'cancel-everything.ts': 'the call that cancels all says nothing of what it did',
    'exchange-watch.ts': 'the exchange pauses without a word, and is asked whether it trades',
    'exchange-hours.ts': 'trading pauses by a schedule, without a message',
    'fee-book.ts': 'fees are told by series, with dated changes',
    'field-scanner.ts': 'the layout may come in another order',
    'listing.ts': 'series, events and markets are told apart',
    'order-cancels.ts': 'a cancel may go with others, and its answer is no news of the order',
    'order-groups.ts': 'the venue stops orders that match too fast, if it is told to',
    'order-inquiries.ts': 'no read goes by our name of an order, and the reads trail the engine',
    'prepared-headers.ts': 'a signature does not cover the body, so it can be made before it',
    'socket-commands.ts': 'each command has a number, and is answered',
    'ticker-table.ts': 'instruments are words',
    'to-market.ts': 'a market is told with its event and its series around it',
  },
}

/** Agreed files that a venue does not have yet, each with what its users must do without. */
const notYet: Readonly<Record<string, Readonly<Record<string, string>>>> = {}

export const venueRules: readonly Rule[] = [
  {
    name: 'venues are made of the same files',
    instead: 'use the agreed name, or declare the file with its reason in test/tidy/venue-rules.ts',
    check: (tree) => [...unknownFiles(tree), ...missingFiles(tree)],
    bad: [
      { 'src/venues/kalshi/index.ts': '', 'src/venues/kalshi/socket.ts': '' },
      {
        'src/venues/kalshi/decode.ts': '',
        'src/venues/polymarket/decode.ts': '',
        'src/venues/polymarket/fees.ts': '',
      },
    ],
    good: [
      {
        'src/venues/kalshi/decode.ts': '',
        'src/venues/kalshi/decode.test.ts': '',
        'src/venues/kalshi/fixtures/book.json': '',
        'src/venues/polymarket/decode.ts': '',
        'src/venues/paper/fill.ts': '',
        'src/venues/venue-error.ts': '',
      },
    ],
  },
]

/** Venue to its file names. Paper is no venue but a gateway that stands in for one. */
function filesByVenue(tree: Tree): ReadonlyMap<string, ReadonlySet<string>> {
  const venues = new Map<string, Set<string>>()
  for (const file of tree.keys()) {
    const [, venue, name] = /^src\/venues\/([^/]+)\/([^/]+)$/.exec(file) ?? []
    if (venue === undefined || name === undefined || venue === 'paper' || isTest(name)) continue
    venues.set(venue, (venues.get(venue) ?? new Set()).add(name))
  }
  return venues
}

function unknownFiles(tree: Tree): readonly Finding[] {
  return [...filesByVenue(tree)].flatMap(([venue, names]) =>
    [...names]
      .filter((name) => !agreed.includes(name) && !(name in (ownFiles[venue] ?? {})))
      .map((name) => ({
        file: `src/venues/${venue}/${name}`,
        line: 1,
        what: 'a name that no other venue has',
      })),
  )
}

function missingFiles(tree: Tree): readonly Finding[] {
  const venues = filesByVenue(tree)
  return agreed.flatMap((name) => {
    const having = [...venues].filter(([, names]) => names.has(name)).map(([venue]) => venue)
    return [...venues.keys()]
      .filter((venue) => having.length > 0 && !having.includes(venue))
      .filter((venue) => !(name in (notYet[venue] ?? {})))
      .map((venue) => ({
        file: `src/venues/${venue}/${name}`,
        line: 1,
        what: `missing, and ${having.join(', ')} has it`,
      }))
  })
}
