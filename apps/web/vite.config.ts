import { readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import tailwind from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import type { Plugin } from 'vite'

const PDFJS = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'))

/** Tables for text, fonts to stand in, and decoders in plain script (no WebAssembly) for two kinds of pictures. */
const WANTED: Readonly<Record<string, RegExp>> = {
  cmaps: /\.bcmap$|LICENSE/u,
  standard_fonts: /\.(?:pfb|ttf)$|LICENSE/u,
  wasm: /^(?:openjpeg|jbig2)_nowasm_fallback\.js$|LICENSE_.*(?:OPENJPEG|JBIG2)/u,
}

/**
 * Puts the tables a PDF page needs beside the program: the boundary has no Internet to fetch them from. Japanese
 * PDFs often name a CMap or a standard font instead of embedding one.
 */
function pdfTables(): Plugin {
  return {
    name: 'sekisho-pdf-tables',
    apply: 'build',
    generateBundle() {
      for (const [folder, wanted] of Object.entries(WANTED)) {
        for (const file of readdirSync(join(PDFJS, folder)).filter((name) => wanted.test(name))) {
          const source = readFileSync(join(PDFJS, folder, file))
          this.emitFile({ type: 'asset', fileName: `pdf/${folder}/${file}`, source })
        }
      }
    },
  }
}

/** Leaves out the sentences of react-aria in the thirty-odd languages these screens are never shown in. */
function japaneseOnly(): Plugin {
  const other =
    /\/react-(?:aria|stately|aria-components)\/.*\/intl\/.*\/?(?!ja-JP|en-US)[a-z]{2}-[A-Z]{2}\.m?js$/u
  return {
    name: 'sekisho-japanese-only',
    enforce: 'pre',
    load: (id) => (other.test(id) ? 'export default {}' : undefined),
  }
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwind(), japaneseOnly(), pdfTables()],
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
