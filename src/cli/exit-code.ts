/**
 * How a command ends, for scripts. The last two follow sysexits.h, where shells know them from.
 *
 * `failure`: it ran and the result is bad. `unreachable`: a host it needs does not answer.
 */
export const exitCode = {
  ok: 0,
  failure: 1,
  unreachable: 2,
  usage: 64,
  stalled: 70,
  config: 78,
} as const

export const exitCodeHelp = `
Exit codes:
  0   it did what was asked
  1   it ran, and something is wrong: the output says what
  2   a host it needs does not answer
  64  the command line is wrong
  70  a strategy of yours looped for ever
  78  the configuration is wrong`
