/**
 * Words that change what is asked, in groups of which a market has one value.
 *
 * Two markets with different values of a group are different questions, however alike the rest is.
 * `otherwise` is what silence means: a game is the whole game unless a half is named. Where silence
 * means nothing, only two stated values are compared, and the words left over do the rest.
 */
export type MarkerGroup = {
  readonly name: string
  readonly otherwise: string | undefined
  readonly values: readonly (readonly [value: string, pattern: RegExp])[]
}

export const markerGroups: readonly MarkerGroup[] = [
  {
    name: 'segment',
    otherwise: 'whole',
    values: [
      ['first half', /\bfirst half\b|\b1h\b/],
      ['quarter 1', /\b(first|1st) quarter of (?!20)/],
      ['regulation', /\bin regulation\b|\bend of the fourth quarter\b|\b60 minutes\b/],
      ['ninety minutes', /\bninety-minutes\b/],
      ['set 1', /\bset 1\b|\bfirst set\b/],
      ['set 2', /\bset 2\b|\bsecond set\b/],
      ['map 1', /\bmap 1\b|\bfirst map\b/],
      ['map 2', /\bmap 2\b|\bsecond map\b/],
      ['map 3', /\bmap 3\b|\bthird map\b/],
      ['game 1', /\bgame 1\b|\bfirst game of\b/],
      ['game 2', /\bgame 2\b|\bsecond game of\b/],
      ['round 1', /\bafter round 1\b|\bend of the first round\b/],
      ['toss', /\btoss\b/],
      ['sprint', /\bsprint\b/],
      ['without tie-breaks', /\bwithout tie-?breaks?\b/],
      ['series', /\b(?:win|wins) (?:the|more games).{0,30}\bseries\b(?! (?:game|race))/],
    ],
  },
  {
    name: 'observation',
    otherwise: undefined,
    values: [
      [
        'touch',
        /\bany time\b|\bat any point\b|\bhits?\b|\breach(?:es)? \$|\bintraday\b|\bfinal "?high"? price\b|\bany trading day\b/,
      ],
      [
        'at one moment',
        /\bclos(?:e|es|ing)\b|\bsettle(?:s|ment)?\b|\bseconds before\b|\bprice (?:at|on)\b/,
      ],
    ],
  },
  {
    name: 'party or person',
    otherwise: undefined,
    values: [
      ['democratic party', /\bdemocratic-party\b/],
      ['republican party', /\brepublican-party\b/],
    ],
  },
  {
    name: 'round of an election',
    otherwise: undefined,
    values: [
      [
        'first round',
        /\b(?:votes|first|finish|finishes) (?:in|on|first).{0,20}\b(?:first round|feb)/,
      ],
      ['runoff', /\badvance to the (?:runoff|second round)\b/],
    ],
  },
  {
    name: 'office',
    otherwise: undefined,
    values: [
      ['vice president', /\bvice president\b/],
      ['president', /(?<!vice )\bpresident(?:-election)?\b(?! of the)/],
      ['attorney general', /\battorney general\b/],
      ['governor', /\bgovernor-race\b/],
      ['house', /\bhouse\b(?! of)|\bhouse of representatives\b/],
      ['senate', /\bsenate\b/],
    ],
  },
  {
    name: 'women or men',
    otherwise: 'open',
    values: [
      ['women', /\bwomen\b/],
      ['men', /\bmen\b(?= (?:world cup|euro))/],
    ],
  },
  {
    name: 'division of the league',
    otherwise: 'league',
    values: [
      ['division', /\b(?:nfc|afc) (?:east|west|north|south)\b/],
      ['nfc', /\bnfc\b(?! (?:east|west|north|south))/],
      ['afc', /\bafc\b(?! (?:east|west|north|south))/],
      ['eastern conference', /\beastern conference\b/],
      ['western conference', /\bwestern conference\b/],
      ['national league', /\bnational league\b/],
      ['american league', /\bamerican league\b/],
    ],
  },
  {
    name: 'discipline',
    otherwise: undefined,
    values: [
      ['doubles', /\bdoubles\b/],
      ['singles', /\bsingles\b/],
      ['drivers', /\bdrivers?'?\b/],
      ['constructors', /\bconstructors?'?\b/],
    ],
  },
  {
    name: 'prize',
    otherwise: undefined,
    values: [
      ['best picture', /\bbest picture\b/],
      ['best supporting actor', /\bbest supporting actor\b/],
      ['best actor', /\bbest actor\b/],
      ['album', /\balbum of the year\b/],
      ['record', /\brecord of the year\b/],
      ['song', /\bsong of the year\b/],
      ['drama', /\bmotion picture - drama\b/],
      ['comedy', /\bmusical or comedy\b/],
      ['finals mvp', /\bfinals mvp\b|\bmvp of the .{0,12}finals\b/],
      ['defender', /\bdefensive player\b/],
      ['mvp', /\bmvp\b/],
    ],
  },
  {
    name: 'statistic',
    otherwise: undefined,
    values: [
      ['core cpi', /\bcore cpi\b/],
      ['pce', /\bpce\b/],
      ['cpi', /\bcpi\b/],
      ['u-6', /\bu-6\b/],
      ['u-3', /\bu-3\b/],
      ['adp', /\badp\b/],
      ['nonfarm', /\bnonfarm\b/],
      ['continuing claims', /\bcontinuing claims\b/],
      ['initial claims', /\binitial claims\b/],
      ['turnout', /\bturnout\b/],
      ['disapproval', /\bdisapproval\b/],
      ['approval', /\bapproval\b/],
      ['high temperature', /\bhigh-temperature\b/],
      ['low temperature', /\blow-temperature\b/],
      ['snow', /\bsnow(?:fall)?\b/],
      ['rain', /\brain\b|\bprecipitation\b/],
      ['deliveries', /\bdeliver(?:y|ies|s)?\b/],
      ['production', /\bproduc(?:e|es|tion)\b/],
      ['diesel', /\bdiesel\b/],
      ['gas', /\bgas\b/],
    ],
  },
  {
    name: 'change over',
    otherwise: undefined,
    values: [
      ['a year', /\byearly\b/],
      ['a month', /\bmonthly\b|\bcpi rise\b/],
    ],
  },
  {
    name: 'print',
    otherwise: undefined,
    values: [
      ['advance', /\badvance estimate\b/],
      ['second', /\bsecond estimate\b/],
      ['third', /\bthird estimate\b/],
    ],
  },
  {
    name: 'term',
    otherwise: undefined,
    values: [
      ['15-year', /\b15-year\b/],
      ['30-year', /\b30-year\b/],
    ],
  },
  {
    name: 'region',
    otherwise: undefined,
    values: [
      ['worldwide', /\bworldwide\b|\bglobal(?:ly)?\b/],
      ['domestic', /\bdomestic(?:ally)?\b/],
      ['us', /\bartist in the us\b/],
    ],
  },
  {
    name: 'reviewers',
    otherwise: undefined,
    values: [
      ['audience', /\baudience\b|\bpopcornmeter\b/],
      ['critics', /\bcritics\b|\btomatometer\b/],
    ],
  },
  {
    name: 'setting',
    otherwise: undefined,
    values: [
      ['style control on', /\bstyle control on\b/],
      ['style control off', /\bstyle control off\b/],
    ],
  },
  {
    name: 'direction',
    otherwise: undefined,
    values: [
      ['hold', /\bhold\b/],
      ['cut', /\bcut\b/],
      ['hike', /\bhike\b/],
    ],
  },
]

/** Acts that decide a market. Two markets about different acts are different questions. */
const acts: readonly (readonly [act: string, pattern: RegExp])[] = [
  ['nominated', /\bnominated\b/],
  ['a finalist', /\bfinalists?\b/],
  ['advances', /\badvance to\b|\badvances?\b(?! estimate)/],
  ['makes the playoffs', /\bplayoffs\b|\bselected for\b/],
  ['relegated', /\brelegat/],
  ['among the first', /\btop (?:3|4|5|10)\b|\bpodium\b/],
  ['pole position', /\bpole position\b/],
  ['leads', /\bleads?\b(?! artist)/],
  ['reaches the final', /\breach(?:es)? the final\b/],
  ['both score', /\bboth .{0,40}\bscore\b/],
  ['scores together', /\btogether\b/],
  ['by a margin', /\bby (?:more than |over )?[\d.]+ (?:or more )?(?:points|runs|goals)\b/],
  ['by a method', /\bby (?:ko|tko|submission|decision)\b/],
  ['holds a title', /\bholds the\b.{0,30}\btitle\b/],
  ['inaugurated', /\binaugurat/],
  ['popular vote', /\bpopular vote\b|\bmost votes nationally\b/],
  ['caucus', /\bcaucus\b/],
  ['announced', /\bannounce/],
  ['in effect', /\b(?:in|takes?|taken) effect\b/],
  ['resigns', /\bresign/],
  ['ceases', /\bceases?\b/],
  ['signed', /\bsigns?\b(?! up)/],
  ['concluded', /\bconcludes?\b/],
  ['confirmed', /\bconfirms?\b/],
  ['filed', /\bfiled\b/],
  ['traded', /\bbegin to trade\b/],
  ['lifted off', /\blifts? off\b|\blaunch(?:es)?\b/],
  ['in orbit', /\breach(?:es)? orbit\b/],
  ['becomes law', /\bbecome-law\b/],
  ['passes a chamber', /\bpass(?:es)? the (?:senate|house)\b/],
  ['released', /\breleased\b/],
  ['delayed', /\blater release date\b|\bdelay(?:ed)?\b/],
  ['trailer', /\btrailer\b/],
  ['formed', /\bform(?:s)? in\b|\breaches category\b/],
  ['made landfall', /\blandfall\b/],
  ['lasts', /\blasts?\b/],
  ['on a cover', /\bcover\b/],
  ['televote', /\btelevote\b/],
  ['controls', /\bcontrols?\b/],
  ['holds seats', /\bseats\b/],
]

/**
 * The values of every group that a canonical text names; at most one where the group has a default.
 */
export function markersIn(text: string): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    markerGroups.map(({ name, otherwise, values }) => {
      const found = values.filter(([, pattern]) => pattern.test(text)).map(([value]) => value)
      return [name, new Set(found.length === 0 && otherwise !== undefined ? [otherwise] : found)]
    }),
  )
}

export function actsIn(text: string): ReadonlySet<string> {
  return new Set(acts.filter(([, pattern]) => pattern.test(text)).map(([act]) => act))
}
