/** What a rule speaks of besides the question itself. */
export type ClauseKind =
  | 'tie'
  | 'void'
  | 'postponement'
  | 'no-show'
  | 'not-held'
  | 'overtime'
  | 'revision'
  | 'source'
  | 'early-no'
  | 'boilerplate'
  | 'claim'
  | 'condition'

/** What a rule does when it applies. */
export type ClauseEffect =
  | 'yes'
  | 'no'
  | 'half'
  | 'fair-price'
  | 'last-price'
  | 'stays-open'
  | 'included'
  | 'excluded'
  | 'other'

export type Clause = {
  readonly kind: ClauseKind
  readonly effect: ClauseEffect
  /** The sentence in the venue's own words, for people. */
  readonly text: string
  /** The same in the one wording, for comparison. */
  readonly canonical: string
}

type Rule = readonly [kind: ClauseKind, pattern: RegExp]

/** Read from top to bottom; the first that fits names the sentence. */
const rules: readonly Rule[] = [
  [
    'boilerplate',
    /\bnot affiliated\b|\btrademarks?\b|\bsee full rules\b|\bfollowing market refers to\b(?!.*\b(?:if|only)\b)/,
  ],
  [
    'boilerplate',
    /^otherwise,? (?:this|the) market(?: will)? resolves? to "?(?:no|under|down)"?\.?$/,
  ],
  ['source', /^the sources are:? [\w ,.&-]+$/],
  ['boilerplate', /^only \w+ [\w/]+ counts?, not other exchanges or pairs\.?$/],
  ['boilerplate', /^[\w ]+ publishes the \w+ (?:in|to) (?:whole numbers|\w+ decimals?)\.?$/],
  [
    'early-no',
    /\b(?:impossible for|can no longer)\b.*\b(?:resolves?|resolve immediately) .*"?no"?/,
  ],
  [
    'overtime',
    /\b(?:overtime|extra time|shootouts?|penalties|super over)\b.*\b(?:count|included?|not included)\b/,
  ],
  ['revision', /\b(?:later )?(?:revisions?|disqualifications?|corrections?)\b.*\bcounts?\b/],
  [
    'no-show',
    /\b(?:does not play|did not play|not a starting|scratched|retires?|withdraws?|no contest)\b/,
  ],
  ['postponement', /\bif\b.*\b(?:postponed|delayed|rescheduled|not started)\b/],
  [
    'void',
    /\bif\b.*\b(?:cancell?ed|no make-up|abandoned|does not begin|no result|not completed)\b/,
  ],
  [
    'tie',
    /\b(?:if|including if)\b.*\btie\b|\bif the score is level\b|\bif each team wins as many\b/,
  ],
  [
    'not-held',
    /\bif\b.*\b(?:not held|does not take place|not played|won in the first round)\b.*\bresolves?\b/,
  ],
  [
    'source',
    // With numbers or conditions in it, it says more than who decides.
    /^(?!.*(?:\d|\bonly\b|\bnot\b|specifically)).*\b(?:resolution|primary) source\b/,
  ],
]

/** Words with which a sentence limits or widens what counts. */
const conditional =
  /\b(?:if|only|unless|except|excluding|exclude[sd]?|including|regardless|must|need not|does not count|do not count|not count|not part|counts? as|for the purposes|solely|counts?;|count;|will not|does not change|is adjusted)\b/

/** Rules for what hardly ever happens; one sentence may hold several. */
const rareKinds: ReadonlySet<ClauseKind> = new Set([
  'no-show',
  'postponement',
  'void',
  'tie',
  'not-held',
])

/** What one sentence of the rules speaks of, given in its own words and in the one wording. */
export function readClauses(own: string, canonical: string): readonly Clause[] {
  return kindsOf(canonical).map((kind) => ({
    kind,
    effect: effectOf(canonical, kind),
    text: own,
    canonical,
  }))
}

function kindsOf(text: string): readonly ClauseKind[] {
  if (isClaim(text)) return ['claim']
  const found = rules.filter(([, pattern]) => pattern.test(text)).map(([kind]) => kind)
  const [first] = found
  if (first === undefined) return [conditional.test(text) ? 'condition' : 'claim']
  return rareKinds.has(first) ? found.filter((kind) => rareKinds.has(kind)) : [first]
}

/** "If X, then the market resolves to Yes" and its Polymarket twin say what is asked. */
function isClaim(text: string): boolean {
  if (/^(?:this|each) market(?: of this set)? will resolve to ".+?" if\b/.test(text)) return true
  if (/^if\b.*,? then the market resolves to yes\.?$/.test(text)) return true
  if (
    /^if\b.*, this market will resolve to "yes"/.test(text) &&
    !/\bnot held\b|cancel/.test(text)
  ) {
    return true
  }
  // "If the Celtics win, this market will resolve to "Celtics"": both names of a contest.
  const named = /^(?:if|in)\b.*\bwins?\b[^,]*, this market will resolve to "(?<name>[^"]+)"/.exec(
    text,
  )
  const name = named?.groups?.['name'] ?? 'no'
  return name !== 'no' && name !== 'yes'
    ? !/\btie\b|cancel/.test(text)
    : /\bwins? within\b/.test(text)
}

function effectOf(text: string, kind: ClauseKind): ClauseEffect {
  if (kind === 'overtime') return /\bnot\b/.test(text) ? 'excluded' : 'included'
  if (kind === 'revision') return /\bnot\b/.test(text) ? 'excluded' : 'included'
  if (/\b50-50\b|\$0\.50\b|\bhalf\b/.test(text)) return 'half'
  if (/\bfair (?:market )?price\b/.test(text)) return 'fair-price'
  if (/\blast traded price\b/.test(text)) return 'last-price'
  if (/\b(?:stays?|remains?) open\b/.test(text)) return 'stays-open'
  if (/\bresolves? to "?yes"?/.test(text)) return 'yes'
  if (/\bresolves? to "?no"?\b/.test(text)) return 'no'
  return 'other'
}
