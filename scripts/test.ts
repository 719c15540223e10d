/**
 * Everything that must hold before a commit, in one command: `npm test`.
 *
 * Each check counts as one, each unit test as one, and the last line sums them. With `--unit` only
 * the unit tests run; other arguments go to the test runner, so `npm test -- --unit src/core` is
 * the short way round one folder, and `npm run test:e2e` comes with a configuration of its own.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'

type Check = { readonly name: string; readonly command: string; readonly args: readonly string[] }
type Count = { readonly passed: number; readonly failed: number; readonly skipped: number }

const root = path.resolve(import.meta.dirname, '..')
const reportFile = path.join(root, 'test-results', `unit-${process.versions.node}.json`)

const checks: readonly Check[] = [
  node('types', 'node_modules/typescript7/bin/tsc', '-p', 'tsconfig.json', '--noEmit'),
  node('types of web', 'node_modules/typescript7/bin/tsc', '-p', 'web/tsconfig.json', '--noEmit'),
  tool('lint', 'oxlint', '--type-aware', '--deny-warnings'),
  tool('format', 'oxfmt', '--check'),
  tool('layers', 'depcruise', 'src', 'web/src', '--config', '.dependency-cruiser.cjs'),
]

const Report = z.object({
  success: z.boolean(),
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  testResults: z.array(
    z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) }),
  ),
})

process.exitCode = main(process.argv.slice(2))

function main(args: readonly string[]): number {
  const unitOnly = args.includes('--unit')
  const filters = args.filter((arg) => arg !== '--unit')

  const counts = unitOnly ? [] : checks.map(runCheck)
  counts.push(runUnitTests(filters))

  const passed = sum(counts.map((count) => count.passed))
  const failed = sum(counts.map((count) => count.failed))
  const skipped = sum(counts.map((count) => count.skipped))
  if (skipped > 0) console.log(`${skipped} skipped, for the reasons printed above`)
  console.log(`${passed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
}

function runCheck({ name, command, args }: Check): Count {
  const began = performance.now()
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
  })
  const seconds = ((performance.now() - began) / 1000).toFixed(1)

  const passed = status === 0
  console.log(`${passed ? 'ok  ' : 'FAIL'}  ${name}  ${seconds} s`)
  if (!passed) console.log(error?.message ?? `${stdout}${stderr}`)
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 }
}

function runUnitTests(filters: readonly string[]): Count {
  rmSync(reportFile, { force: true })
  const args = [
    'node_modules/vitest/vitest.mjs',
    'run',
    ...(filters.some((arg) => arg.startsWith('--reporter=')) ? [] : ['--reporter=dot']),
    '--reporter=json',
    `--outputFile.json=${reportFile}`,
    ...filters,
  ]
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
  return countTests(status)
}

/** What the runner reported. A run that fails with no failed test to show counts as one. */
function countTests(status: number | null): Count {
  const report = readReport()
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 }

  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every((a) => a.status !== 'failed'),
  ).length
  const failed = report.numFailedTests + brokenFiles
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && (status !== 0 || !report.success) ? 1 : failed,
    skipped: report.numPendingTests,
  }
}

function readReport(): z.infer<typeof Report> | undefined {
  try {
    return Report.parse(JSON.parse(readFileSync(reportFile, 'utf8')))
  } catch (error) {
    console.log(`the test runner left no report: ${String(error)}`)
    return undefined
  }
}

/** A check that is itself a Node program, run on the Node that runs us. */
function node(name: string, ...args: readonly string[]): Check {
  return { name, command: process.execPath, args }
}

function tool(name: string, binary: string, ...args: readonly string[]): Check {
  return { name, command: path.join(root, 'node_modules', '.bin', binary), args }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
