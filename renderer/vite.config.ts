/** Builds the page of the workbench into `out/renderer`; nothing in it is loaded from elsewhere. */
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  // plotly.js and what it is made of call the page's global object by its name in Node.
  define: { global: 'globalThis' },
  build: {
    outDir: '../out/renderer',
    emptyOutDir: true,
    target: 'es2023',
    // The policy of the page forbids data: URLs for scripts and styles.
    assetsInlineLimit: 0,
    // plotly.js is one chunk of its own, loaded with the first picture.
    chunkSizeWarningLimit: 1500,
    modulePreload: { polyfill: false }
  }
})
