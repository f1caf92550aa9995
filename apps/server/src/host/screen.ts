/**
 * The built pages: a fixed set of files, known at start. Nothing outside of it can be asked for.
 */
import { readFile, readdir } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import type { Context } from 'hono'
import { problem } from './problem.ts'

/** Answers a request for a page or one of its files. */
export type Screen = (context: Context) => Response

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
  '.bcmap': 'application/octet-stream',
  '.pfb': 'application/octet-stream',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
}

/** Reads the folder once. Where it is missing, every page says so. */
export async function loadScreen(dir: string): Promise<Screen> {
  const files = new Map<string, Buffer<ArrayBuffer>>()
  for (const name of await listFiles(dir)) files.set(`/${name}`, await readFile(join(dir, name)))
  const index = files.get('/index.html')
  return (context) => {
    const { path } = context.req
    const file = files.get(path)
    if (file) {
      const hashed = path.startsWith('/assets/')
      context.header('content-type', TYPES[extname(path)] ?? 'application/octet-stream')
      context.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache')
      return context.body(file)
    }
    // Something with an ending is a file that does not exist, not a page of the application.
    if (extname(path) !== '') return context.json(problem('NOT-FOUND'), 404)
    if (!index) return context.json(problem('SCREEN-NOT-BUILT'), 503)
    context.header('content-type', 'text/html; charset=utf-8')
    context.header('cache-control', 'no-cache')
    return context.body(index)
  }
}

async function listFiles(dir: string): Promise<string[]> {
  const found = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => [])
  return found
    .filter((one) => one.isFile())
    .map((one) => relative(dir, join(one.parentPath, one.name)).split(sep).join('/'))
}
