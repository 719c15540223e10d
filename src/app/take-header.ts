import type { JournalItem } from '../journal/journal-reader.ts'
import { JournalError } from '../journal/journal-reader.ts'
import type { JournalHeader } from './journal-header.ts'
import { readHeader } from './journal-header.ts'

/** Takes the first item of a journal, which tells how the kernel was built. */
export async function takeHeader(
  items: AsyncGenerator<JournalItem>,
  directory: string,
): Promise<JournalHeader> {
  const first = await items.next()
  return headerIn(first.done === true ? undefined : first.value, directory)
}

/** The header that the first item of a journal is. */
export function headerIn(item: JournalItem | undefined, directory: string): JournalHeader {
  const text =
    item?.kind === 'record' && item.record.type === 'header'
      ? Buffer.from(item.record.payload).toString('utf8')
      : ''
  const header = readHeader(text)
  if (header === undefined) {
    throw new JournalError(`${directory}: the first record is no header, so no kernel can be built`)
  }
  return header
}
