import { existsSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { configExample } from './config-example.ts'

export type WriteConfig = {
  readonly file: string
  readonly folder: string
  /** What happens to a file that is there. */
  readonly whenThere: 'refuse' | 'replace'
}

export type WrittenConfig =
  | { readonly kind: 'written'; readonly file: string; readonly replaced: boolean }
  | { readonly kind: 'refused'; readonly file: string; readonly reason: string }

/** Writes a configuration file that explains every key and changes nothing yet. */
export function writeConfig({ file: name, folder, whenThere }: WriteConfig): WrittenConfig {
  const file = path.resolve(folder, name)
  const isThere = existsSync(file)
  if (isThere && whenThere === 'refuse') return { kind: 'refused', file, reason: 'there' }
  const fresh = `${file}.new`
  try {
    // Whole or not at all, and never over a file that appeared meanwhile.
    if (isThere) {
      writeFileSync(fresh, textFor(file), { flush: true })
      renameSync(fresh, file)
    } else writeFileSync(file, textFor(file), { flag: 'wx', flush: true })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN'
    return { kind: 'refused', file, reason: code }
  }
  return { kind: 'written', file, replaced: isThere }
}

const head = [
  '# Every key with its default. Take away the # of what you change, and leave the rest: a default',
  '# that gets better then reaches you too.',
]

function textFor(file: string): string {
  const schema = schemaFrom(path.dirname(file))
  const about = schema === undefined ? head : [`#:schema ${schema}`, '#', ...head]
  return configExample(about)
}

/** By this line editors check and complete the file. The schema lies beside the program. */
function schemaFrom(folder: string): string | undefined {
  const schema = fileURLToPath(new URL('../../config.schema.json', import.meta.url))
  if (!existsSync(schema)) return undefined
  const relative = path.relative(folder, schema).replaceAll('\\', '/')
  return relative.startsWith('.') ? relative : `./${relative}`
}
