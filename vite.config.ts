/**
 * Builds the Node side into `out/`, each one file: the engine process, the command line, the browser and the desktop
 * host, and what `npm start` runs.
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
        start: 'main/hosts/start/main.ts'
      },
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name].js' }
    }
  }
})
