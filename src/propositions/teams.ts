/**
 * Every name of a team, so that "Los Angeles L", "Lakers" and "Los Angeles Lakers" are one.
 *
 * Kalshi names teams by their place and, where two share it, by a letter; Polymarket by their own
 * name. One line a team: the place as Kalshi writes it, then the name. Names hold within their
 * league only: a Giant, a King and a Panther play in more than one.
 */
const places: Readonly<Record<string, string>> = {
  nba: `atlanta=hawks boston=celtics brooklyn=nets charlotte=hornets chicago=bulls
    cleveland=cavaliers dallas=mavericks denver=nuggets detroit=pistons golden_state=warriors
    houston=rockets indiana=pacers los_angeles_c=clippers los_angeles_l=lakers memphis=grizzlies
    miami=heat milwaukee=bucks minnesota=timberwolves new_orleans=pelicans new_york=knicks
    oklahoma_city=thunder orlando=magic philadelphia=76ers phoenix=suns portland=trail_blazers
    sacramento=kings san_antonio=spurs toronto=raptors utah=jazz washington=wizards`,
  nfl: `arizona=cardinals atlanta=falcons baltimore=ravens buffalo=bills carolina=panthers
    chicago=bears cincinnati=bengals cleveland=browns dallas=cowboys denver=broncos detroit=lions
    green_bay=packers houston=texans indianapolis=colts jacksonville=jaguars kansas_city=chiefs
    las_vegas=raiders los_angeles_c=chargers los_angeles_r=rams miami=dolphins minnesota=vikings
    new_england=patriots new_orleans=saints new_york_g=giants new_york_j=jets philadelphia=eagles
    pittsburgh=steelers san_francisco=49ers seattle=seahawks tampa_bay=buccaneers
    tennessee=titans washington=commanders`,
  mlb: `arizona=diamondbacks atlanta=braves baltimore=orioles boston=red_sox chicago_c=cubs
    chicago_ws=white_sox cincinnati=reds cleveland=guardians colorado=rockies detroit=tigers
    houston=astros kansas_city=royals los_angeles_a=angels los_angeles_d=dodgers miami=marlins
    milwaukee=brewers minnesota=twins new_york_m=mets new_york_y=yankees a's=athletics
    philadelphia=phillies pittsburgh=pirates san_diego=padres san_francisco=giants
    seattle=mariners st._louis=cardinals tampa_bay=rays texas=rangers toronto=blue_jays
    washington=nationals`,
  nhl: `anaheim=ducks boston=bruins buffalo=sabres calgary=flames carolina=hurricanes
    chicago=blackhawks colorado=avalanche columbus=blue_jackets dallas=stars detroit=red_wings
    edmonton=oilers florida=panthers los_angeles=kings minnesota=wild montreal=canadiens
    nashville=predators new_jersey=devils new_york_i=islanders new_york_r=rangers ottawa=senators
    philadelphia=flyers pittsburgh=penguins san_jose=sharks seattle=kraken st._louis=blues
    tampa_bay=lightning toronto=maple_leafs utah=mammoth vancouver=canucks vegas=golden_knights
    washington=capitals winnipeg=jets`,
}

export type League = 'nba' | 'nfl' | 'mlb' | 'nhl'

type Alias = { readonly pattern: RegExp; readonly id: string }

const aliases: ReadonlyMap<string, readonly Alias[]> = new Map(
  Object.entries(places).map(([league, teams]) => [league, aliasesOf(league, teams)]),
)

function aliasesOf(league: string, teams: string): readonly Alias[] {
  const found: { text: string; id: string }[] = []
  for (const line of teams.split(/\s+/).filter((part) => part !== '')) {
    const [place = '', name = ''] = line.split('=').map((part) => part.replaceAll('_', ' '))
    const id = `${league}-${name.replaceAll(' ', '')}`
    const city = place.replace(/ (a|c|d|g|i|j|l|m|r|y|ws)$/, '')
    found.push({ text: `${city} ${name}`, id }, { text: place, id }, { text: name, id })
  }
  // The longest first: "New York Rangers" before "New York R" before "Rangers".
  return found
    .toSorted((a, b) => b.text.length - a.text.length)
    .map(({ text, id }) => ({
      pattern: new RegExp(`(?<![\\w-])${text.replaceAll('.', String.raw`\.?`)}(?![\\w-])`, 'g'),
      id,
    }))
}

/** The text with every team of the league under its one name, like `nba-lakers`. */
export function nameTeams(text: string, league: League): string {
  return (aliases.get(league) ?? []).reduce(
    (named, { pattern, id }) => named.replaceAll(pattern, id),
    text,
  )
}

/** The teams that a text with named teams speaks of. */
export function teamsIn(text: string): readonly string[] {
  return [...new Set(text.match(/\b(?:nba|nfl|mlb|nhl)-[a-z0-9']+/g))]
}
