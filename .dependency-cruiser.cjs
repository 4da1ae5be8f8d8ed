/** The table of docs/architecture.md ("who may import whom"), checked by `npm run check:imports`. */
/** The engine's rooms and what each may import; what is done stands above what it is done with. */
const mayImport = {
  contract: [],
  rpc: ['contract'],
  random: [],
  optimiser: [],
  statistics: ['random'],
  presentation: [],
  files: ['contract'],
  onnx: ['contract', 'files'],
  runtime: ['contract', 'onnx', 'random'],
  models: ['contract', 'files', 'onnx', 'random'],
  prompts: ['contract', 'files'],
  relative: ['contract', 'runtime', 'onnx', 'random', 'optimiser'],
  'language-model': ['contract', 'models', 'onnx', 'runtime'],
  tasks: ['contract', 'files', 'models', 'language-model', 'runtime', 'random', 'statistics'],
  tuning: ['contract', 'models', 'language-model', 'tasks', 'onnx', 'runtime', 'random', 'optimiser'],
  'word-space': ['contract', 'models', 'relative', 'runtime'],
  transfer: ['contract', 'models', 'relative', 'runtime', 'word-space'],
  baselines: ['contract', 'models', 'relative', 'transfer', 'runtime', 'onnx', 'random', 'optimiser'],
  agree: ['contract', 'files', 'models', 'relative', 'language-model', 'tuning', 'onnx', 'runtime'],
  sample: [
    'contract',
    'files',
    'models',
    'onnx',
    'runtime',
    'random',
    'statistics',
    'optimiser',
    'tasks',
    'language-model',
    'tuning',
    'prompts',
    'transfer'
  ]
}

function engineRooms() {
  return Object.entries(mayImport).map(([room, allowed]) => ({
    name: `engine/${room}-imports-what-it-is-built-on`,
    severity: 'error',
    from: { path: `^engine/${room}/` },
    to: { path: '^engine/', pathNot: `^engine/(${[room, ...allowed].join('|')})/` }
  }))
}

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'engine-stands-alone',
      severity: 'error',
      from: { path: '^engine/' },
      to: { path: '^(main|preload|renderer|test|bench)/' }
    },
    {
      name: 'main-knows-the-engine-by-contract-only',
      severity: 'error',
      from: { path: '^main/' },
      to: { path: '^engine/', pathNot: '^engine/(contract|rpc|statistics|presentation)/' }
    },
    { name: 'main-is-no-window', severity: 'error', from: { path: '^main/' }, to: { path: '^renderer/' } },
    {
      name: 'store-serves-the-workbench',
      severity: 'error',
      from: { path: '^main/store/' },
      to: { path: '^main/(workbench|hosts)/' }
    },
    {
      name: 'workbench-knows-no-host',
      severity: 'error',
      from: { path: '^main/workbench/' },
      to: { path: '^main/hosts/' }
    },
    {
      name: 'hosts-reach-the-store-through-the-workbench',
      severity: 'error',
      from: { path: '^main/hosts/' },
      to: { path: '^main/store/' }
    },
    {
      name: 'preload-knows-contracts-only',
      severity: 'error',
      from: { path: '^preload/' },
      to: { path: '^(main|renderer|engine/(?!contract/|rpc/))' }
    },
    {
      name: 'contracts-know-no-electron',
      severity: 'error',
      from: { path: '^preload/contract/' },
      to: { path: '(^|node_modules/)electron(/|$)' }
    },
    {
      name: 'renderer-knows-contracts-only',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^(main|engine/(?!contract/|rpc/|statistics/|presentation/))' }
    },
    {
      name: 'electron-in-its-host-only',
      severity: 'error',
      from: { pathNot: '^(main/hosts/desktop|preload)/' },
      to: { path: '(^|node_modules/)electron(/|$)' }
    },
    {
      name: 'sqlite-in-the-store-only',
      severity: 'error',
      from: { pathNot: '^main/store/' },
      to: { path: 'node_modules/sqlite3/' }
    },
    {
      name: 'onnxruntime-in-the-runtime-only',
      severity: 'error',
      from: { pathNot: '^engine/runtime/' },
      to: { path: 'node_modules/onnxruntime' }
    },
    ...engineRooms(),
    {
      name: 'no-development-tools-in-the-product',
      severity: 'error',
      // The page's libraries are built into it, and are not installed with the product.
      from: { path: '^(engine|main|preload)/', pathNot: '[.]config[.]ts$' },
      // Electron brings itself to what it runs: its package belongs among those of development.
      to: { dependencyTypes: ['npm-dev'], pathNot: '^node_modules/electron/' }
    }
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] }
  }
}
