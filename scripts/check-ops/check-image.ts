import { readFileSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import type { BuiltStage } from './build-image.ts'
import { buildImage, within } from './build-image.ts'
import type { Stage } from './dockerfile.ts'
import { lastOf } from './dockerfile.ts'
import { freePort, start, until } from './process.ts'

export type Check = (name: string, run: () => Promise<string> | string) => Promise<void>

export type ImageOptions = {
  readonly root: string
  readonly scratch: string
  readonly stages: readonly Stage[]
  readonly check: Check
}

/** Builds what the Dockerfile says, runs it, asks for its health, and ends it by its signal. */
export async function checkImage({ root, scratch, stages, check }: ImageOptions): Promise<void> {
  const done: { image?: BuiltStage } = {}
  await check('the steps of the Dockerfile', () => {
    done.image = buildImage(stages, { context: root, scratch })
    return `${Math.round(folderBytes(done.image.root) / 1e6)} MB in what runs`
  })
  const { image } = done
  const last = stages.at(-1)
  if (image === undefined || last === undefined) return

  await check('what was built starts, is healthy, and ends by SIGTERM with 0', async () => {
    const port = String(await freePort())
    const environment = {
      ...inFolder(image),
      PREDICTION_ENGINE_SERVER_HOST: '127.0.0.1',
      PREDICTION_ENGINE_SERVER_PORT: port,
    }
    const cwd = path.join(image.root, image.workdir)
    const [command = '', ...args] = words(lastOf(last, 'ENTRYPOINT'), image)
    const engine = start(command, [...args, 'demo'], { cwd, environment })
    try {
      const [probe = '', ...probeArgs] = words(lastOf(last, 'HEALTHCHECK'), image)
      await until('the health check passes', 90_000, async () => {
        if (engine.hasEnded()) throw new Error(engine.said())
        const answer = await fetch(`http://127.0.0.1:${port}/readyz`)
        if (!answer.ok) return false
        const probing = start(probe, probeArgs, { cwd, environment })
        await until('the probe ends', 10_000, () => Promise.resolve(probing.hasEnded()))
        return (await probing.stop(1_000)) === 0
      })
      const code = await engine.stop(30_000)
      if (code !== 0) throw new Error(`it ended with ${code}\n${engine.said()}`)
    } finally {
      await engine.stop(5_000)
    }
    const page = readFileSync(path.join(image.root, 'app/web/dist/index.html'), 'utf8')
    return `dashboard of ${page.length} bytes, data in ${readdirSync(cwd).join(', ')}`
  })
}

/** The words of an instruction in its JSON form. */
function words(text: string | undefined, image: BuiltStage): readonly string[] {
  const list = /\[.*\]/.exec(text ?? '')?.[0] ?? '[]'
  return z
    .array(z.string())
    .parse(JSON.parse(list))
    .map((word) => within(word, image))
}

function inFolder(image: BuiltStage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(image.environment).map(([key, value]) => [key, within(value, image)]),
  )
}

function folderBytes(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(path.join(parentPath, name)).size, 0)
}
