import type { Finding, Rule } from './rule.ts'
import { isTest, type Tree } from './tree.ts'

/** What every venue is made of. ARCHITECTURE.md, "The rooms", says what each file is for. */
const agreed = [
  'index.ts',
  'config.ts',
  'wire.ts',
  'decode.ts',
  'encode.ts',
  'auth.ts',
  'catalogue.ts',
  'fees.ts',
  'market-feed.ts',
  'account-feed.ts',
  'order-gateway.ts',
  'settlement.ts',
  'rate-limit.ts',
]

/** Files that one venue needs and another cannot have, each for a reason that is the venue's. */
const ownFiles: Readonly<Record<string, readonly string[]>> = {
  polymarket: [],
  kalshi: [],
}

export const venueRules: readonly Rule[] = [
  {
    name: 'venues are made of the same files',
    instead: 'use the agreed name, or declare the file in test/tidy/venue-rules.ts with its reason',
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
      .filter((name) => !agreed.includes(name) && !(ownFiles[venue] ?? []).includes(name))
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
      .map((venue) => ({
        file: `src/venues/${venue}/${name}`,
        line: 1,
        what: `missing, and ${having.join(', ')} has it`,
      }))
  })
}
