import type { EventIntake } from '../journal/journalled-engine.ts'

/**
 * Leaves out what a run told a strategy to become, where a backtest tries another file in its
 * place: of that there are no versions.
 */
export function withoutReloads(intake: EventIntake, strategies: readonly string[]): EventIntake {
  return {
    process: (event) => {
      const isOfThose =
        event.kind === 'command' &&
        event.command.kind === 'reload-strategy' &&
        strategies.includes(event.command.strategy)
      if (!isOfThose) intake.process(event)
    },
    onFrame: (venue, connection, bytes, at) => intake.onFrame(venue, connection, bytes, at),
  }
}
