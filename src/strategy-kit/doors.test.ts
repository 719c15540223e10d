import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = path.resolve(import.meta.dirname, '../..')

async function namesOf(file: string): Promise<readonly string[]> {
  const loaded: unknown = await import(/* @vite-ignore */ pathToFileURL(path.join(root, file)).href)
  return Object.keys(loaded as object).toSorted()
}

describe.each(['strategy', 'testing'])('prediction-engine/%s', (door) => {
  test('gives what its sources give, whether they are built or not', async () => {
    expect(await namesOf(`bin/${door}.mjs`)).toEqual(await namesOf(`src/strategy-kit/${door}.ts`))
  })
})
