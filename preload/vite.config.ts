/** Builds the preload script of the desktop windows into one file that requires Electron and nothing else. */
import { defineConfig } from 'vite'

export default defineConfig({
  root: import.meta.dirname,
  build: {
    ssr: true,
    target: 'es2023',
    outDir: '../out',
    emptyOutDir: false,
    rolldownOptions: {
      external: ['electron'],
      input: { preload: 'preload/bridge.ts' },
      output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false }
    }
  }
})
