/** The table of docs/architecture.md ("who may import whom"), checked by `npm run check:imports`. */
const rooms = (names) => `^engine/(${names.join('|')})/`

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
      to: { path: '^engine/', pathNot: '^engine/(contract|rpc)/' }
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
      name: 'renderer-knows-contracts-only',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^(main|engine/(?!contract/|rpc/))' }
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
    // Inside the engine, arrows go from what is done to what it is done with.
    {
      name: 'contract-imports-nothing',
      severity: 'error',
      from: { path: '^engine/contract/' },
      to: { path: '^engine/', pathNot: '^engine/contract/' }
    },
    {
      name: 'rpc-knows-the-contract-only',
      severity: 'error',
      from: { path: '^engine/rpc/' },
      to: { path: '^engine/', pathNot: '^engine/(rpc|contract)/' }
    },
    {
      name: 'runtime-runs-any-graph',
      severity: 'error',
      from: { path: '^engine/runtime/' },
      to: { path: rooms(['rpc', 'relative', 'models', 'prompts', 'tasks', 'tuning', 'baselines']) }
    },
    {
      name: 'onnx-knows-no-method',
      severity: 'error',
      from: { path: '^engine/onnx/' },
      to: { path: rooms(['rpc', 'runtime', 'relative', 'models', 'prompts', 'tasks', 'tuning', 'baselines']) }
    },
    {
      name: 'models-know-files-only',
      severity: 'error',
      from: { path: '^engine/models/' },
      to: { path: rooms(['rpc', 'relative', 'prompts', 'tasks', 'tuning', 'baselines']) }
    },
    {
      name: 'relative-knows-matrices-only',
      severity: 'error',
      from: { path: '^engine/relative/' },
      to: { path: rooms(['rpc', 'prompts', 'tasks', 'tuning', 'baselines', 'models']) }
    },
    {
      name: 'prompts-know-files-only',
      severity: 'error',
      from: { path: '^engine/prompts/' },
      to: { path: rooms(['rpc', 'relative', 'runtime', 'onnx', 'models', 'tasks', 'tuning', 'baselines']) }
    },
    {
      name: 'tasks-know-no-tuning',
      severity: 'error',
      from: { path: '^engine/tasks/' },
      to: { path: rooms(['rpc', 'relative', 'prompts', 'tuning', 'baselines']) }
    },
    {
      name: 'no-development-tools-in-the-product',
      severity: 'error',
      from: { path: '^(engine|main|preload|renderer)/' },
      to: { dependencyTypes: ['npm-dev'] }
    }
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] }
  }
}
