import type { CommandOutcome } from '../server/command-outcome.ts'
import type { Runtime } from './runtime.ts'

/**
 * Ends trading, and says what each venue made of it.
 *
 * It is done when no venue still has an order of ours in its book: otherwise somebody has to look.
 */
export async function killTrading(
  runtime: Pick<Runtime, 'kill' | 'view'>,
): Promise<CommandOutcome> {
  const { openBaskets, ordersOut } = runtime.view
  const results = await runtime.kill()
  const left = `${openBaskets} baskets and ${ordersOut} orders were under way`
  const seen = results.map((result) =>
    result.error === undefined
      ? `${result.venue}: ${result.cancelled} cancelled, ${result.stillOpen.length} still open`
      : `${result.venue}: NOT CANCELLED, ${result.error}`,
  )
  const isQuiet = results.every(
    (result) => result.error === undefined && result.stillOpen.length === 0,
  )
  return {
    done: runtime.view.killed && isQuiet,
    message: [`killed: ${left}, what rested was called back`, ...seen].join('\n'),
  }
}
