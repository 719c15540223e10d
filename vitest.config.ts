import { fileURLToPath } from 'node:url'

import { defineConfig, type ViteUserConfig } from 'vitest/config'

const door = (name: string): string =>
  fileURLToPath(new URL(`src/strategy-kit/${name}.ts`, import.meta.url))

const config: ViteUserConfig = defineConfig({
  test: {
    // A strategy may lie outside of any package: the program finds its own doors, and so do tests.
    alias: {
      'prediction-engine/strategy': door('strategy'),
      'prediction-engine/testing': door('testing'),
    },
    // Those of the examples run with nothing but Node, as their users run them: test/e2e.
    include: ['{src,test,bench,scripts,web}/**/*.test.ts'],
    // Those of the dashboard need a browser: npm run test:e2e.
    exclude: ['**/node_modules/**', 'dist/**', 'web/dist/**', 'test/e2e/dashboard/**'],
    // Sized for two cores: more processes than cores only make the timing tests lie.
    maxWorkers: 2,
    testTimeout: 30_000,
    // On a machine that others use, sockets may be late once. Here a test has to pass at once.
    retry: Number(process.env['TEST_RETRIES'] ?? 0),
    coverage: { include: ['src/**/*.ts'], exclude: ['**/*.test.ts'] },
  },
})

export default config
