/** Writes what is published of the API: `docs/openapi.json`, as a server has it. */
import { writeFileSync } from 'node:fs'
import { apiDocument } from '../test/server/api-document.ts'

const text = `${JSON.stringify(await apiDocument(), undefined, 2)}\n`
writeFileSync(new URL('../docs/openapi.json', import.meta.url), text)
