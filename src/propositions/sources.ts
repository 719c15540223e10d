/**
 * Who says how it came out, under one name, however a venue names it.
 *
 * What republishes a figure is not listed under its origin: Binance and CF Benchmarks both quote
 * bitcoin, and that is exactly the difference that costs money.
 */
const known: readonly (readonly [id: string, pattern: RegExp])[] = [
  ['binance', /\bbinance\b/],
  ['coinbase', /\bcoinbase\b/],
  ['chainlink', /\bchainlink\b|data\.chain\.link/],
  ['cf-benchmarks', /\bcf ?benchmarks\b|\bbrti\b|\bcf brti\b/],
  ['coingecko', /\bcoingecko\b/],
  ['pyth', /\bpyth\b/],
  ['sp-dow-jones', /\bs&p dow jones\b|spglobal\.com/],
  ['nasdaq', /\bnasdaq(?!-100| 100| composite)\b/],
  ['cme', /\bcme\b|cmegroup/],
  ['ice', /\bice\b(?=[^a-z]|$)(?! (?:hockey|cream))/],
  ['lbma', /\blbma\b/],
  ['bls', /\bbls\b|bureau of labor statistics/],
  ['bea', /\bbea\b|bureau of economic analysis/],
  ['dol', /\bdol\b|department of labor/],
  ['adp', /\badp\b|adpemployment/],
  ['nber', /\bnber\b|national bureau of economic research/],
  ['fed', /federalreserve\.gov|\bfederal reserve\b|\bfed\b/],
  ['ecb', /\becb\b|european central bank/],
  ['bank-of-england', /bank ?of ?england/],
  ['aaa', /\baaa\b|gasprices\.aaa/],
  ['eia', /\beia\b/],
  ['freddie-mac', /freddie ?mac/],
  ['mortgage-news-daily', /mortgage ?news ?daily/],
  ['wunderground', /wunderground/],
  ['nws', /\bnws\b|national weather service|weather\.gov/],
  ['noaa-nhc', /national hurricane center|nhc\.noaa/],
  ['met-office', /met ?office/],
  ['nasa', /\bnasa\b|\bgistemp\b/],
  ['copernicus', /copernicus|\bera5\b/],
  ['usgs', /\busgs\b/],
  ['the-numbers', /the[ -]numbers/],
  ['box-office-mojo', /box ?office ?mojo/],
  ['rotten-tomatoes', /rotten ?tomatoes/],
  ['metacritic', /metacritic/],
  ['billboard', /billboard/],
  ['spotify', /spotify/],
  ['silver-bulletin', /silver bulletin|natesilver/],
  ['rcp', /realclear/],
  ['lmarena', /lmarena|lmsys/],
  ['companiesmarketcap', /companies ?market ?cap/],
  ['opm', /\bopm\b|office of personnel management/],
  ['nyt', /nytimes|new york times/],
  ['ap', /\bassociated press\b|\bap news\b/],
]

/** What is no source: a site that only shows the market, or says where to look. */
const ignoredHosts = /(^|\.)(polymarket|kalshi|google|x|twitter)\.com$/

/** The sources that a venue's own field and a folded rules text name. */
export function sourcesIn(field: string, rules: string): ReadonlySet<string> {
  const found = new Set<string>()
  for (const [id, pattern] of known) if (pattern.test(field) || pattern.test(rules)) found.add(id)
  if (known.some(([, pattern]) => pattern.test(field))) return found

  const named = hostsIn(field)
  for (const host of named) found.add(host)
  if (named.length === 0 && field.trim() !== '') found.add(field.trim())
  return found
}

function hostsIn(text: string): readonly string[] {
  const hosts = [...text.matchAll(/https?:\/\/([a-z0-9.-]+)/g)].map(([, host = '']) => host)
  return hosts.map((host) => host.replace(/^www\./, '')).filter((host) => !ignoredHosts.test(host))
}
