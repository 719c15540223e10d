/** The command line: `prediction-engine <command>`. Runs when it is loaded. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { thisMachine } from '../app/machine.ts'
import { processIo } from './io.ts'
import { runCommandLine } from './run-command-line.ts'

const io = processIo(thisMachine.environment)
const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')))

const code = await runCommandLine(process.argv.slice(2), { io, machine: thisMachine, version })
// Ends the process even where a socket of a venue that never answered is still open.
process.exit(code)
