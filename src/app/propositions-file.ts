import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { RegisterEntry } from '../propositions/register.ts'
import { readRegister } from '../propositions/register.ts'
import { ConfigError } from './load-config.ts'

/** Where the register lies when neither the command line nor the configuration says. */
export const registerFileName = 'propositions.yaml'

/** The register as it lies on disk: its text is kept, so that what people wrote in it stays. */
export type RegisterFile = {
  readonly file: string
  readonly text: string
  readonly entries: readonly RegisterEntry[]
}

/** Reads the register. A file that is not there yet is empty. Throws a {@link ConfigError}. */
export function readRegisterFile(name: string, folder: string): RegisterFile {
  const file = path.resolve(folder, name)
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const read = readRegister(text)
  if (read.kind === 'read') return { file, text, entries: read.entries }
  const remedy = 'docs/propositions.md shows an entry'
  throw new ConfigError(
    read.problems.map(({ line, what }) => ({ where: `${name}:${line}`, key: '', what, remedy })),
  )
}

/** Writes it whole or not at all: a register cut short would be read as one with fewer pairs. */
export function writeRegisterFile({ file }: RegisterFile, text: string): void {
  const fresh = `${file}.new`
  writeFileSync(fresh, text, { flush: true })
  renameSync(fresh, file)
}
