'use strict'

// Who may import whom: ARCHITECTURE.md, "The rooms". A test may import anything.

/** Each room, and the rooms it may import besides itself. */
const rooms = {
  core: [],
  arbitrage: ['core'],
  ports: ['core'],
  risk: ['core'],
  execution: ['core'],
  portfolio: ['core'],
  strategies: ['core', 'arbitrage', 'ports'],
  engine: ['core', 'arbitrage', 'ports', 'risk', 'execution', 'portfolio'],
  journal: ['core', 'ports', 'engine'],
  archive: ['core', 'ports'],
  backtest: ['core', 'ports', 'execution', 'portfolio', 'engine', 'journal'],
  propositions: ['core', 'ports'],
  telemetry: ['core', 'ports'],
  'exchange-sim': ['core'],
}

/** Rooms that compute and do nothing else: no package and no part of Node either. */
const pure = [
  'core',
  'arbitrage',
  'ports',
  'strategies',
  'risk',
  'execution',
  'portfolio',
  'engine',
]

/** Rooms that put the others together. */
const joiners = ['app', 'cli', 'server', 'strategy-kit']

const test = '\\.test\\.ts$'
const path = (names) => `^src/(${names.join('|')})/`

const roomRules = Object.entries(rooms).map(([room, allowed]) => ({
  name: `room-${room}`,
  comment: `${room} imports ${allowed.join(', ') || 'nothing'}; hand the rest in through a port`,
  severity: 'error',
  from: { path: path([room]), pathNot: test },
  to: { path: '^src/', pathNot: path([room, ...allowed]) },
}))

module.exports = {
  forbidden: [
    ...roomRules,
    {
      name: 'pure-rooms-import-no-package',
      comment: 'a pure room imports no package and no part of Node: hand it in through a port',
      severity: 'error',
      from: { path: path(pure), pathNot: test },
      to: { pathNot: '^src/' },
    },
    {
      name: 'one-strategy-knows-no-other',
      comment: 'what two strategies share belongs to core or arbitrage',
      severity: 'error',
      from: { path: '^src/strategies/([^/]+)/', pathNot: test },
      to: { path: '^src/strategies/[^/]+/', pathNot: '^src/strategies/$1/' },
    },
    {
      name: 'only-app-imports-strategies',
      comment: 'strategies are plugged in by the composition root, src/app',
      severity: 'error',
      from: { path: '^src/', pathNot: [path(['app', 'strategies']), test] },
      to: { path: path(['strategies']) },
    },
    {
      name: 'venues-import-core-and-ports',
      comment: 'a venue knows core and ports; paper also knows the fill model of execution',
      severity: 'error',
      from: { path: path(['venues']), pathNot: ['^src/venues/paper/', test] },
      to: { path: '^src/', pathNot: path(['core', 'ports', 'venues']) },
    },
    {
      name: 'paper-imports-core-ports-and-execution',
      comment: 'a venue knows core and ports; paper also knows the fill model of execution',
      severity: 'error',
      from: { path: '^src/venues/paper/', pathNot: test },
      to: { path: '^src/', pathNot: path(['core', 'ports', 'execution', 'venues']) },
    },
    {
      name: 'one-venue-knows-no-other',
      comment: 'venues are peers; what they share is a file directly in src/venues',
      severity: 'error',
      from: { path: '^src/venues/([^/]+)/', pathNot: test },
      to: { path: '^src/venues/[^/]+/', pathNot: '^src/venues/$1/' },
    },
    {
      name: 'a-venue-has-one-door',
      comment: 'outside its folder a venue is its index.ts and nothing else',
      severity: 'error',
      from: { path: '^(src|bench|examples)/', pathNot: ['^src/venues/', '^bench/', test] },
      to: { path: '^src/venues/[^/]+/', pathNot: '^src/venues/[^/]+/index\\.ts$' },
    },
    {
      name: 'nobody-imports-the-joiners',
      comment: 'app, cli and server put the rooms together; no room may lean on them',
      severity: 'error',
      from: { path: '^src/', pathNot: [path(joiners), test] },
      to: { path: path(joiners) },
    },
    {
      name: 'the-product-imports-no-test',
      comment: 'src must not need test, bench, scripts, examples or web',
      severity: 'error',
      from: { path: '^src/', pathNot: test },
      to: { path: '^(test|bench|scripts|examples|web)/|\\.test\\.ts$' },
    },
    {
      name: 'the-dashboard-knows-only-the-schema',
      comment: "web knows the server's schema and nothing else of src",
      severity: 'error',
      from: { path: '^web/' },
      to: { path: '^src/', pathNot: '^src/server/schema' },
    },
    {
      name: 'the-product-needs-no-development-package',
      comment: 'a package that src imports stands under "dependencies", with a decision',
      severity: 'error',
      from: { path: '^src/', pathNot: test },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-cycle',
      comment: 'files that need each other are one file, or lack a third',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'every-import-resolves',
      comment: 'write the path with its .ts extension, or install the package',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.cjs', '.mjs', '.json'],
    },
  },
}
