/** The command line: `prediction-engine <command>`. Runs when it is loaded. */
import { thisMachine } from '../app/machine.ts'
import { programVersion } from '../app/program-version.ts'
import { tuneCompiler } from '../app/tune-compiler.ts'
import { processIo } from './io.ts'
import { runCommandLine } from './run-command-line.ts'

tuneCompiler()
const io = processIo(thisMachine.environment)

const code = await runCommandLine(process.argv.slice(2), {
  io,
  machine: thisMachine,
  version: programVersion(),
})
// Ends the process even where a socket of a venue that never answered is still open.
process.exit(code)
