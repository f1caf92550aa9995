import { readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import tailwind from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import type { Plugin } from 'vite'

const PDFJS = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'))

/**
 * Puts the tables a PDF page needs beside the program: the boundary has no Internet to fetch them from. Japanese
 * PDFs often name a CMap or a standard font instead of embedding one.
 */
function pdfTables(): Plugin {
  return {
    name: 'sekisho-pdf-tables',
    apply: 'build',
    generateBundle() {
      for (const folder of ['cmaps', 'standard_fonts', 'wasm']) {
        for (const file of readdirSync(join(PDFJS, folder))) {
          const source = readFileSync(join(PDFJS, folder, file))
          this.emitFile({ type: 'asset', fileName: `pdf/${folder}/${file}`, source })
        }
      }
    },
  }
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwind(), pdfTables()],
  // A module preload polyfill would be an inline script, which our content security policy forbids.
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    // `.mjs` is unknown to many static servers; a worker with the wrong media type does not start.
    rollupOptions: {
      output: {
        assetFileNames: (asset) =>
          asset.names[0]?.endsWith('.mjs') === true
            ? 'assets/[name]-[hash].js'
            : 'assets/[name]-[hash][extname]',
      },
    },
  },
  server: {
    proxy: {
      '/api': process.env['SEKISHO_WEB_API'] ?? 'http://127.0.0.1:8701',
    },
  },
})
