import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { Context, Refusal } from '../family.ts'
import { pdfFamily } from './index.ts'

const ROOT = join(import.meta.dirname, '../../../..')
const CORPUS = join(ROOT, 'corpus/disarm/pdf')
const SAMPLES = join(ROOT, '../shared/samples/pdf')

/** What a golden case says about its file. */
export interface Expectation {
  readonly what: string
  readonly refused?: string
  readonly password?: string
  readonly rules?: readonly string[]
  readonly kept?: readonly string[]
  readonly absent?: readonly string[]
  readonly present?: readonly string[]
}

export interface GoldenCase extends Expectation {
  readonly name: string
  readonly bytes: Uint8Array
}

export function goldenCases(): GoldenCase[] {
  const names = readdirSync(CORPUS).filter((file) => file.endsWith('.json'))
  return names.map((file) => {
    const name = file.slice(0, -5)
    const expectation = JSON.parse(readFileSync(join(CORPUS, file), 'utf8')) as Expectation
    return { ...expectation, name, bytes: goldenFile(name) }
  })
}

export function goldenFile(name: string): Uint8Array {
  return new Uint8Array(readFileSync(join(CORPUS, `${name}.pdf`)))
}

/** Real files, when the machine has them. */
export function sampleFiles(): { name: string; bytes: Uint8Array }[] {
  if (!existsSync(SAMPLES)) return []
  const names = readdirSync(SAMPLES).filter((file) => file.endsWith('.pdf'))
  return names.map((name) => ({ name, bytes: new Uint8Array(readFileSync(join(SAMPLES, name))) }))
}

export interface Outcome {
  readonly output?: Uint8Array
  readonly reason?: string
  /** `rule` of each removal, sorted, each once. */
  readonly rules: readonly string[]
  readonly kept: readonly string[]
  /** `rule@where` of each removal. */
  readonly places: readonly string[]
}

/** Runs the family as the engine does; only a `Refusal` may come out of it. */
export function disarm(bytes: Uint8Array, context = new Context()): Outcome {
  const result = attempt(bytes, context)
  const { removed, kept } = context.report()
  const each = (rows: typeof removed): string[] =>
    [...new Set(rows.map((row) => row.rule))].toSorted()
  const places = removed.map((row) => `${row.rule}@${row.where}`)
  return { ...result, rules: each(removed), kept: each(kept), places }
}

function attempt(bytes: Uint8Array, context: Context): { output?: Uint8Array; reason?: string } {
  try {
    const rebuilt = pdfFamily.rebuild(bytes, 'pdf', context)
    return rebuilt.ok ? { output: rebuilt.output } : { reason: rebuilt.reason }
  } catch (fault) {
    if (fault instanceof Refusal) return { reason: fault.reason }
    throw fault
  }
}

const OBJECT = /(\d+) 0 obj\n/y
const STRINGS = /\((?:\\[()\\]|[^()\\])*\)|<[0-9A-F]*>(?!>)/gu
const NAMES = /\/([^\s/<>[\]()]*)/gu

/** The output taken apart by the canonical form alone, with none of the parser under test. */
export interface Anatomy {
  /** Every name in every object, decoded. */
  readonly names: ReadonlySet<string>
  /** Text of all objects, and of all streams that inflate. */
  readonly text: string
  readonly objects: number
}

export function dissect(output: Uint8Array): Anatomy {
  const file = Buffer.from(output.buffer, output.byteOffset, output.length)
  const all = file.toString('latin1')
  const table = Number(/startxref\n(\d+)\n%%EOF\n$/u.exec(all)?.[1])
  const parts = [all.slice(table)]
  let objects = 0
  let at = 15
  while (at < table) {
    OBJECT.lastIndex = at
    const head = OBJECT.exec(all)
    if (!head || Number(head[1]) !== objects + 1)
      throw new Error(`no object ${objects + 1} at ${at}`)
    objects += 1
    const end = all.indexOf('\n', OBJECT.lastIndex)
    const value = all.slice(OBJECT.lastIndex, end)
    parts.push(value)
    at = end + 1
    if (all.startsWith('stream\n', at)) {
      const length = Number(/ \/Length (\d+) >>$/u.exec(value)?.[1])
      const raw = file.subarray(at + 7, at + 7 + length)
      if (value.includes('/Filter /FlateDecode'))
        parts.push(`%stream\n${inflateSync(raw).toString('latin1')}`)
      at += 7 + length + 11
    }
    if (!all.startsWith('endobj\n', at)) throw new Error(`no end of object ${objects}`)
    at += 7
  }
  return { names: namesOf(parts), text: parts.join('\n'), objects }
}

function namesOf(parts: readonly string[]): Set<string> {
  const names = new Set<string>()
  for (const part of parts) {
    if (part.startsWith('%stream')) continue
    for (const [, found] of part.replaceAll(STRINGS, '').matchAll(NAMES)) {
      names.add(
        (found as string).replaceAll(/#([0-9A-F]{2})/gu, (_, hex: string) =>
          String.fromCharCode(Number.parseInt(hex, 16)),
        ),
      )
    }
  }
  return names
}

/** Names that may not occur at all, from the grammar page. `URI` is judged apart. */
export const FORBIDDEN =
  `JS JavaScript AA Launch EmbeddedFile EmbeddedFiles EF RichMedia RichMediaContent 3D 3DD Movie Sound
  Rendition Renditions XFA SubmitForm ImportData ResetForm GoToR GoToE Thread Filespec FileAttachment FFilter FDecodeParms
  Ref OPI PS Metadata PieceInfo Collection AF Perms DSS Sig ByteRange Encrypt ObjStm XRef Names`.split(
    /\s+/u,
  )
