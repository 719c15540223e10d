import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { writeEntry } from '../propositions/register.ts'
import type { PairDeskOptions, Rejection } from '../server/pair-desk.ts'
import { readRegisterFile, writeRegisterFile } from './propositions-file.ts'

const Rejections = z.array(
  z.object({ id: z.string(), by: z.string(), because: z.string(), atMs: z.number() }),
)

/** What people have said against pairs, as it was kept. */
export function loadRejections(folder: string): readonly Rejection[] {
  const file = rejectionsFile(folder)
  if (!existsSync(file)) return []
  return Rejections.parse(JSON.parse(readFileSync(file, 'utf8')))
}

/** Keeps what people say of pairs: for in the register, against in a list beside it. */
export function keepInFiles(
  folder: string,
  register: { readonly file: string; readonly isConfigured: boolean },
): PairDeskOptions['keep'] {
  return {
    confirm: (entry) => {
      const known = readRegisterFile(register.file, folder)
      writeRegisterFile(known, writeEntry(known.text, entry))
      const name = path.basename(register.file)
      return register.isConfigured
        ? `confirmed in ${name}; it trades from the next start on`
        : `confirmed in ${name}; name that file under [propositions], and start again, to trade it`
    },
    reject: (rejection) => {
      const others = loadRejections(folder).filter(({ id }) => id !== rejection.id)
      const text = JSON.stringify([...others, rejection], undefined, 2)
      replace(rejectionsFile(folder), `${text}\n`)
      return 'kept as rejected; it is not suggested again'
    },
  }
}

/** For a simulated exchange, whose markets mean nothing tomorrow. */
export const keepInMemory: PairDeskOptions['keep'] = {
  confirm: () => 'confirmed, for this simulated run only: nothing was written',
  reject: () => 'rejected, for this simulated run only: nothing was written',
}

function rejectionsFile(folder: string): string {
  return path.join(folder, 'rejected-pairs.json')
}

/** In one move: whoever reads it meanwhile reads the old one or the new one. */
function replace(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(`${file}.new`, text)
  renameSync(`${file}.new`, file)
}
