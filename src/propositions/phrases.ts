import type { League } from './teams.ts'
import { nameTeams } from './teams.ts'

/**
 * What says the same on both venues, each in one wording. Read from top to bottom: the longer
 * first.
 *
 * An entry here makes two texts more alike, so each must be true wherever the words stand.
 */
const phrases: readonly (readonly [RegExp, string])[] = [
  // Leagues: Kalshi does not name them.
  [/\bcollege football playoff national championship( game)?\b/g, 'cfp-title'],
  [/\bcollege football national championship( game)?\b/g, 'cfp-title'],
  [/\bcollege football champion\b/g, 'cfp-title'],
  [/\b(professional|pro) basketball finals\b/g, 'nba finals'],
  [/\b(professional|pro) football championship \(super bowl ([lxvi]+)\)/g, 'super bowl $2'],
  [/\b(professional|pro) football championship\b/g, 'super bowl'],
  [/\b(professional|pro) baseball championship( \(world series\))?/g, 'world series'],
  [/\b(professional|pro) basketball\b/g, 'nba'],
  [/\b(professional|pro) football\b/g, 'nfl'],
  [/\b(professional|pro) baseball\b/g, 'mlb'],
  [/\b(professional|pro) hockey\b/g, 'nhl'],
  [/\b(professional )?(epl|english premier league|premier league) soccer\b/g, 'premier league'],
  [/\b(english premier league|epl)\b/g, 'premier league'],
  [/\buefa champions league\b/g, 'champions league'],
  [/\bprofessional (tennis|mma|cricket|soccer)\b/g, '$1'],
  [/\bcounter-strike\b/g, 'cs2'],
  [/\bformula (1|one)\b/g, 'f1'],
  [/\bfifa\b/g, ''],
  [/\b(men|women)'s\b/g, '$1'],
  [/\bmost valuable player( award)?\b/g, 'mvp'],
  [/\b(19|20)(\d\d)-(\d\d) (regular )?season\b/g, '$1$2-$3 $4season'],
  [/\bregular season\b/g, 'regular-season'],
  // A contest and its sides.
  [/\bmatch\b(?! winner)/g, 'game'],
  [/\bends? in a (draw|tie)\b/g, 'tie'],
  [/\bdraw\b/g, 'tie'],
  [/ x (?=[a-z])/g, ' and '],
  [/\b(first pitch|tip-?off|kick-?off)\b/g, ''],
  [
    /\b(?:after |within )?90 minutes( of (regular )?play)?( plus|,? and)? stoppage time\b/g,
    'ninety-minutes',
  ],
  [/\b(game|fight|doubleheader|map) between (?=[a-z])([^,.:]{3,60}?) and\b/g, '$1 $2 vs'],
  [
    /\b(the teams|the 2 teams|both teams)( together| collectively)?( together| collectively)?/g,
    'together',
  ],
  [/\bcollectively\b/g, 'together'],
  [/\brecords (?=\d)/g, 'scores '],
  [/\bqualif(y|ies|ied) for\b/g, 'advance to'],
  [/\bloses?\b|\blost\b/g, 'lose'],
  // Awards.
  [/\bacademy awards?\b/g, 'oscars'],
  [/\bannual grammy awards?\b|\bgrammy awards?\b/g, 'grammys'],
  [/\bgolden globe awards?\b/g, 'golden globes'],
  [/\bthe award for (best [a-z]+) in a leading role\b/g, '$1 leading'],
  [/\bbest actor leading\b/g, 'best actor'],
  [/\bthe award for (best [a-z]+) in a supporting role\b/g, 'best supporting $1'],
  [/\bbest supporting best actor\b/g, 'best supporting actor'],
  // Politics.
  [/\b(the )?united states\b(?! dollar)/g, 'us'],
  [
    /\bgubernatorial (election|race)\b|\bgovernor (race|election)\b|\bgovernorship\b/g,
    'governor-race',
  ],
  [/\bthe candidate of the (democratic|republican) party\b/g, '$1 party'],
  [/\b(a )?democrats?\b|\bdemocratic( party)?\b/g, 'democratic-party'],
  [/\brepublicans?( party)?\b/g, 'republican-party'],
  [/\bdemocratic-party (presidential )?(nominee|nomination)\b/g, 'nomination democratic-party'],
  [
    /,? (?:including )?(?:a|any)(?: potential)? (?:second round|run-?off)(?: included)?(?=[,.])/g,
    '',
  ],
  [/\bnominee\b/g, 'nomination'],
  [/\bpresidential election\b/g, 'president-election'],
  [/\bto contest the (\d{4}) president-election\b/g, '$1 president'],
  [/\bpresidential\b|\bpresidency\b/g, 'president'],
  [/\boffice of personnel management\b/g, 'opm'],
  [/\bshut ?down\b|\bshuts down\b/g, 'shutdown'],
  // Central banks and statistics.
  [/\bthe fed\b|\bfederal reserve('s)?( board)?\b|\bfed\b/g, 'fed'],
  [/\beuropean central bank\b/g, 'ecb'],
  [/\bbureau of labor statistics\b/g, 'bls'],
  [/\bbureau of economic analysis\b/g, 'bea'],
  [/\bdepartment of labor\b/g, 'dol'],
  [/\bnational weather service('s)?\b/g, 'nws'],
  [/\bconsumer price index\b( \(cpi-u\b)?/g, 'cpi$1'],
  [/\b(12-month change of|annual|year-over-year|for the year ending in)\b/g, 'yearly'],
  [/\b(1-month change of|monthly|month-over-month)\b/g, 'monthly'],
  [/\brate of cpi inflation\b|\bcpi inflation\b|\binflation\b/g, 'cpi'],
  [/\bnot seasonally adjusted\b/g, 'nsa'],
  [
    /\b(?:decreas(?:e|es|ed|ing)|(?<=not )lower|lower(?:s|ed|ing)|cut(?:s|ting)?)\b(?! court)/g,
    'cut',
  ],
  [/\b(increas|rais|hik)(e|es|ed|ing)\b/g, 'hike'],
  [/\b(hold|holds|maintains?) rates?\b/g, 'no change'],
  [/\b(is not changed|not change|no change)\b/g, 'hold'],
  [/\binitial jobless claims\b/g, 'initial claims'],
  [/\bcontinuing jobless claims\b/g, 'continuing claims'],
  [/\bmarket cap(italization)?\b/g, 'market-cap'],
  // Things by their names.
  [/\bohio st\.?(?![a-z])/g, 'ohio state'],
  [/\bgrand theft auto vi\b|\bgta (vi|6)\b/g, 'gta6'],
  [/\bbitcoin\b|\bbtc\b/g, 'btc'],
  [/\bethereum classic\b/g, 'etc-coin'],
  [/\bethereum\b|\beth\b/g, 'eth'],
  [/\bcf benchmarks btc real-time index\b|\bbtc real-time index\b|\bbrti\b/g, 'cf brti'],
  [/\bnew york city\b|\bnyc\b/g, 'new york'],
  [/\bthe european union\b|\beuropean union\b/g, 'eu'],
  [/\bsnow falls?\b|\bsnowfall\b/g, 'snow'],
  [/\brain falls?\b|\brainfall\b/g, 'rain'],
  [/\bhighest temperature\b|\bhigh temp(erature)?\b/g, 'high-temperature'],
  [/\blowest temperature\b|\blow temp(erature)?\b/g, 'low-temperature'],
  [/\b(becomes?|become) law\b/g, 'become-law'],
  // How a market begins.
  [/\boriginally scheduled\b/g, 'scheduled'],
]

/** Folded text in the one wording, with the teams of its league named. */
export function canonical(text: string, league: League | undefined): string {
  const worded = phrases.reduce((so, [pattern, word]) => so.replaceAll(pattern, word), text)
  return (league === undefined ? worded : nameTeams(worded, league)).replaceAll(/ {2,}/g, ' ')
}

const leagues: readonly (readonly [League, RegExp])[] = [
  ['nba', /\bnba\b|\b(professional|pro) basketball\b/],
  ['nfl', /\bnfl\b|\b(professional|pro) football\b|\bsuper bowl\b|\bnfc\b|\bafc\b/],
  ['mlb', /\bmlb\b|\b(professional|pro) baseball\b|\bworld series\b/],
  ['nhl', /\bnhl\b|\b(professional|pro) hockey\b|\bstanley cup\b/],
]

/** The league whose teams a folded text names. Undefined where it is none of ours, or two. */
export function leagueOf(text: string): League | undefined {
  const found = leagues.filter(([, pattern]) => pattern.test(text))
  return found.length === 1 ? found[0]?.[0] : undefined
}
