/** Builds the Node side: the engine process, the command line and the browser host, each one file in `out/`. */
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
      input: {
        engine: 'engine/main.ts',
        'command-line': 'main/hosts/command-line/main.ts',
        'browser-host': 'main/hosts/browser/main.ts'
      },
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name].js' }
    }
  }
})
