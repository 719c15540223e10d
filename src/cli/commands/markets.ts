import { Command } from 'commander'
import type { ListedMarket } from '../../app/search-markets.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCode } from '../exit-code.ts'
import { formatCount } from '../format-number.ts'
import { countOption } from '../option-parsers.ts'
import { fit, fitRight } from '../text-width.ts'

type MarketsOptions = {
  readonly limit: number
  readonly json?: true
  readonly config?: string
}

export function marketsCommand(context: CommandContext): Command {
  return new Command('markets')
    .summary('search the catalogue of the configured venues')
    .description('Lists markets whose question, slug or tags hold every word, most traded first.')
    .argument('[words...]', 'words to look for; none lists everything')
    .option('--limit <count>', 'at most so many', countOption, 20)
    .option('--json', 'one market a line, as JSON')
    .option('--config <file>', 'configuration file instead of ./prediction-engine.toml')
    .action(async (words: readonly string[], options: MarketsOptions) =>
      context.end(await markets(words, options, context)),
    )
}

async function markets(
  words: readonly string[],
  { limit, json, config }: MarketsOptions,
  { io, machine }: CommandContext,
): Promise<number> {
  const { searchMarkets } = await import('../../app/search-markets.ts')
  const { found, listed } = await searchMarkets({ machine, configFile: config, words })
  const shown = found.slice(0, limit)
  if (json === true) {
    for (const market of shown) io.print(JSON.stringify(market))
  } else {
    const columns = Math.max(40, Math.min(io.screen?.columns() ?? 100, 160))
    for (const line of table(shown, columns)) io.print(line)
    const hidden = found.length - shown.length
    const more = hidden > 0 ? `; --limit ${found.length} shows ${formatCount(hidden)} more` : ''
    io.print(`${formatCount(found.length)} of ${formatCount(listed)} markets${more}`)
  }
  return found.length > 0 ? exitCode.ok : exitCode.failure
}

function table(markets: readonly ListedMarket[], columns: number): readonly string[] {
  const room = columns - 38
  const row = (venue: string, volume: string, closes: string, question: string): string =>
    `${fit(venue, 10)} ${fitRight(volume, 13)}  ${fit(closes, 10)} ${fit(question, room)}`.trimEnd()
  return [
    row('venue', '24 h volume', 'closes', 'question'),
    ...markets.map((market) =>
      row(
        market.venue,
        market.volume24hUsd === null ? '–' : `$${formatCount(Number(market.volume24hUsd))}`,
        market.closesAt?.slice(0, 10) ?? '–',
        market.question,
      ),
    ),
  ]
}
