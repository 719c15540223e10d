import type { CommandOutcome } from '../server/command-outcome.ts'
import type { Runtime } from './runtime.ts'
import type { KillResult } from './trading-wire.ts'

/**
 * Ends trading, and says what each venue made of it.
 *
 * It is done when no venue still has an order of ours in its book: otherwise somebody has to look.
 */
export async function killTrading(
  runtime: Pick<Runtime, 'kill' | 'view'>,
): Promise<CommandOutcome> {
  const { openBaskets, ordersOut } = runtime.view
  const { done, message } = describeKill(await runtime.kill())
  const left = `${openBaskets} baskets and ${ordersOut} orders were under way`
  const first = `killed: ${left}, what rested was called back`
  return {
    done: runtime.view.killed && done,
    message: message === '' ? first : `${first}\n${message}`,
  }
}

/** What the venues said, a line each; done when all of them say that nothing is open any more. */
export function describeKill(results: readonly KillResult[]): CommandOutcome {
  const seen = results.map((result) =>
    result.error === undefined
      ? `${result.venue}: ${result.cancelled} cancelled, ${result.stillOpen.length} still open`
      : `${result.venue}: NOT CANCELLED, ${result.error}`,
  )
  const isQuiet = results.every(
    (result) => result.error === undefined && result.stillOpen.length === 0,
  )
  return { done: isQuiet, message: seen.join('\n') }
}
