import { defineConfig, type ViteUserConfig } from 'vitest/config'

const config: ViteUserConfig = defineConfig({
  test: {
    include: ['{src,test,bench,scripts,examples,web}/**/*.test.ts'],
    // Those of the dashboard need a browser: npm run test:e2e.
    exclude: ['**/node_modules/**', 'dist/**', 'web/dist/**', 'test/e2e/dashboard/**'],
    // Sized for two cores: more processes than cores only make the timing tests lie.
    maxWorkers: 2,
    testTimeout: 30_000,
    coverage: { include: ['src/**/*.ts'], exclude: ['**/*.test.ts'] },
  },
})

export default config
