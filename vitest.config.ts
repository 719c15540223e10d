import { defineConfig, type ViteUserConfig } from 'vitest/config'

const config: ViteUserConfig = defineConfig({
  test: {
    include: ['{src,test,bench,scripts,examples}/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'dist/**'],
    // Sized for two cores: more processes than cores only make the timing tests lie.
    maxWorkers: 2,
    testTimeout: 30_000,
    coverage: { include: ['src/**/*.ts'], exclude: ['**/*.test.ts'] },
  },
})

export default config
