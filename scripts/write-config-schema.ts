/**
 * Writes what is published of the configuration: `config.schema.json`, by which editors check and
 * complete the file, and `examples/prediction-engine.toml`, which explains each key.
 */
import { writeFileSync } from 'node:fs'
import { configExample } from '../src/app/config-example.ts'
import { configJsonSchema } from '../src/app/config-json-schema.ts'

const root = new URL('../', import.meta.url)
const schema = `${JSON.stringify(configJsonSchema(), undefined, 2)}\n`
writeFileSync(new URL('config.schema.json', root), schema)
writeFileSync(new URL('examples/prediction-engine.toml', root), configExample())
