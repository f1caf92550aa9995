/**
 * Reads our sources, takes the types away, compiles, and hands the program over on standard output. Runs in a box of its own that sees these
 * sources and no file of anybody: what it makes is as good as the sources themselves.
 */
import { readFileSync } from 'node:fs'
import { isBuiltin, stripTypeScriptTypes } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { SourceTextModule } from 'node:vm'
import { writeFrame } from './line.ts'
import type { ProgramPart } from './starter.ts'

/** What the runtime's types leave out. */
type CompiledModule = SourceTextModule & { createCachedData(): Buffer }

const [entry = ''] = process.argv.slice(2)
const places = new Map<string, number>()
const parts: ProgramPart[] = []
const body: Uint8Array[] = []

// A module that was found while another was read comes behind it.
place(entry)
for (const path of places.keys()) parts.push(isBuiltin(path) ? { builtin: path } : compile(path))
writeFrame(parts, body)

/** The number of a module; a new one is compiled later. */
function place(path: string): number {
  const known = places.get(path)
  if (known !== undefined) return known
  places.set(path, places.size)
  return places.size - 1
}

function compile(path: string): ProgramPart {
  const source = readFileSync(path, 'utf8')
  const text = Buffer.from(scriptOf(path, source))
  const module = new SourceTextModule(text.toString()) as CompiledModule
  const compiled = module.createCachedData()
  body.push(text, compiled)
  const imports = module.moduleRequests.map(({ specifier }) => [
    specifier,
    place(pathOf(specifier, path)),
  ])
  return {
    text: text.length,
    compiled: compiled.length,
    imports: Object.fromEntries(imports) as Record<string, number>,
  }
}

function scriptOf(path: string, source: string): string {
  if (path.endsWith('.json')) return `export default ${source}`
  return path.endsWith('.ts') ? stripTypeScriptTypes(source) : source
}

function pathOf(name: string, from: string): string {
  if (isBuiltin(name)) return name
  return fileURLToPath(import.meta.resolve(name, pathToFileURL(from)))
}
