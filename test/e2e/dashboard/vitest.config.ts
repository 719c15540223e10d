import path from 'node:path'
import { defineConfig, type ViteUserConfig } from 'vitest/config'

const config: ViteUserConfig = defineConfig({
  root: path.resolve(import.meta.dirname, '../../..'),
  test: {
    include: ['test/e2e/dashboard/**/*.test.ts'],
    // A browser, an engine and an exchange share the machine: one test at a time, and patience.
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 90_000,
    hookTimeout: 60_000,
    retry: Number(process.env['TEST_RETRIES'] ?? 0),
  },
})

export default config
