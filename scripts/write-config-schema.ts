/** Writes `config.schema.json`, which editors use to check and complete the configuration file. */
import { writeFileSync } from 'node:fs'
import { configJsonSchema } from '../src/app/config-json-schema.ts'

const target = new URL('../config.schema.json', import.meta.url)
writeFileSync(target, `${JSON.stringify(configJsonSchema(), undefined, 2)}\n`)
