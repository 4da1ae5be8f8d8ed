/**
 * Builds the Node side into `out/`, each one file: the engine process, the command line, the browser and the desktop
 * host, what `npm start` runs, and the thread that reads experiment files.
 */
import { defineConfig } from 'vite'

export default defineConfig({
  build: {
    ssr: true,
    target: 'node20',
    outDir: 'out',
    // The page is built into a folder of it.
    emptyOutDir: false,
    sourcemap: true,
    rolldownOptions: {
      // Electron brings itself.
      external: ['electron'],
      input: {
        engine: 'engine/main.ts',
        'command-line': 'main/hosts/command-line/main.ts',
        'browser-host': 'main/hosts/browser/main.ts',
        'desktop-host': 'main/hosts/desktop/main.ts',
        'check-experiment': 'main/experiments/spec/check-thread.ts',
        start: 'main/hosts/start/main.ts'
      },
      // All beside each other: a part finds the engine and `assets` from where it lies, as the whole did.
      output: { entryFileNames: '[name].js', chunkFileNames: 'part-[name].js' }
    }
  }
})
