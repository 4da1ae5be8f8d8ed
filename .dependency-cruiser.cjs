/** The rules of “Layers” in docs/architecture.md, checked by `npm run check:imports`. */
/** What every process may import, and what each part of it may: all of `engine/common`. */
const common = {
  contract: ['mixing', 'format'],
  rpc: ['contract', 'files'],
  mixing: ['contract'],
  random: [],
  statistics: ['random'],
  format: [],
  files: ['contract']
}

/** The engine's modules, from the bottom up as docs/architecture.md names them, and what each may import besides `common`. */
const mayImport = {
  optimiser: [],
  memory: [],
  files: [],
  onnx: ['files'],
  architectures: ['files', 'onnx'],
  devices: ['onnx'],
  'linear-algebra': ['memory', 'devices', 'onnx'],
  models: ['files', 'memory', 'onnx', 'architectures'],
  prompts: ['files'],
  neighbours: ['memory', 'models', 'linear-algebra', 'devices'],
  transfer: ['memory', 'models', 'neighbours', 'linear-algebra', 'devices', 'onnx', 'optimiser'],
  baselines: ['memory', 'models', 'neighbours', 'linear-algebra', 'transfer', 'devices', 'onnx', 'optimiser'],
  'language-model': ['memory', 'models', 'onnx', 'architectures', 'devices'],
  evaluation: ['files', 'models', 'language-model', 'devices'],
  tuning: ['models', 'language-model', 'evaluation', 'onnx', 'devices', 'optimiser'],
  verify: [
    'files',
    'models',
    'linear-algebra',
    'transfer',
    'language-model',
    'evaluation',
    'tuning',
    'onnx',
    'devices'
  ],
  sample: ['models', 'onnx', 'architectures', 'devices', 'optimiser', 'evaluation', 'language-model']
}

/** One rule a module: what it imports of `root` is itself, or what the table allows. */
function layers(root, table, shared = []) {
  return Object.entries(table).map(([module, allowed]) => ({
    name: `${root}${module}-imports-what-it-is-built-on`,
    severity: 'error',
    from: { path: `^${root}${module}/` },
    to: {
      path: '^engine/',
      pathNot: `^(${[module, ...allowed]
        .map((name) => root + name)
        .concat(shared)
        .join('|')})/`
    }
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
      name: 'main-knows-the-engine-by-what-is-common',
      severity: 'error',
      from: { path: '^main/' },
      to: { path: '^engine/', pathNot: '^engine/common/' }
    },
    { name: 'main-is-no-window', severity: 'error', from: { path: '^main/' }, to: { path: '^renderer/' } },
    {
      name: 'store-is-built-on-nothing-of-main',
      severity: 'error',
      from: { path: '^main/store/' },
      to: { path: '^main/', pathNot: '^main/store/' }
    },
    {
      name: 'only-hosts-know-hosts',
      severity: 'error',
      from: { path: '^main/', pathNot: '^main/hosts/' },
      to: { path: '^main/hosts/' }
    },
    {
      name: 'hosts-reach-the-store-through-services',
      severity: 'error',
      from: { path: '^main/hosts/' },
      to: { path: '^main/store/' }
    },
    {
      name: 'preload-knows-contracts-only',
      severity: 'error',
      from: { path: '^preload/' },
      to: { path: '^(main|renderer|engine/(?!common/))' }
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
      to: { path: '^(main|engine/(?!common/))' }
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
      name: 'onnxruntime-in-devices-only',
      severity: 'error',
      from: { pathNot: '^engine/devices/' },
      to: { path: 'node_modules/onnxruntime' }
    },
    {
      name: 'vega-draws-the-figures-of-reports-only',
      severity: 'error',
      from: { pathNot: '^main/experiments/report/figures/draw-figure[.]ts$' },
      to: { path: 'node_modules/vega' }
    },
    {
      // Few commands draw any.
      name: 'vega-is-loaded-with-the-first-figure',
      severity: 'error',
      from: {},
      to: { path: 'node_modules/vega', dynamic: false, dependencyTypesNot: ['type-only'] }
    },
    ...layers('engine/', mayImport, ['engine/common']),
    ...layers('engine/common/', common),
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
