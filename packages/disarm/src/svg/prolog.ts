import { refuse } from '../family.ts'

export interface Prolog {
  /** The document from its root, UTF-8, without declaration, DOCTYPE and named entities. */
  readonly body: Uint8Array
  /** Long `data:` URLs that were lifted out of it, each in place of a short one (`liftedPlace`). */
  readonly lifted: readonly string[]
  /** A DOCTYPE that named another file than a DTD of SVG. */
  readonly external: boolean
}

/** Encodings that old drawing programs write, by the names they give them. */
const ENCODINGS: ReadonlyMap<string, string> = new Map([
  ['utf-8', 'utf-8'],
  ['utf8', 'utf-8'],
  ['us-ascii', 'utf-8'],
  ['ascii', 'utf-8'],
  ['iso-8859-1', 'windows-1252'],
  ['windows-1252', 'windows-1252'],
  ['shift_jis', 'shift_jis'],
  ['shift-jis', 'shift_jis'],
  ['windows-31j', 'shift_jis'],
  ['euc-jp', 'euc-jp'],
])

const DECLARATION = /^<\?xml\s[^?>]{0,200}\?>/
const ENCODING = /\sencoding\s*=\s*["']([A-Za-z][\w.-]{0,40})["']/

/**
 * Takes what stands before the root element off, since the XML reader knows no DOCTYPE: no external file is read, and of an internal
 * subset only entities that are plain text are understood, which Illustrator uses for names of namespaces.
 * Refuses SVG-XML for anything that could grow, refer or hide.
 */
export function readProlog(bytes: Uint8Array): Prolog {
  const lifted: string[] = []
  const text = lift(decode(bytes), lifted)
  const declaration = DECLARATION.exec(text)?.[0] ?? ''
  const start = doctypeAt(text, declaration.length)
  if (start < 0) return { body: encode(text.slice(declaration.length)), lifted, external: false }
  const doctype = new Doctype(text, start)
  const rest = text.slice(declaration.length, start) + text.slice(doctype.end)
  return { body: encode(expand(rest, doctype.entities)), lifted, external: doctype.external }
}

/** Longer ones are lifted: an embedded photo may be larger than any attribute that the XML reader takes. */
const LONG = 1_000_000
const QUOTE = /["']/g
const LIFTED = /^data:lifted,(\d{1,6})$/

function lift(text: string, lifted: string[]): string {
  let out = ''
  let at = 0
  for (
    let from = text.indexOf('data:image/');
    from >= 0;
    from = text.indexOf('data:image/', from)
  ) {
    QUOTE.lastIndex = from
    const end = QUOTE.exec(text)?.index
    if (end === undefined) break
    if (end - from > LONG) {
      out += `${text.slice(at, from)}data:lifted,${lifted.length}`
      lifted.push(text.slice(from, end))
      at = end
    }
    from = end
  }
  return out + text.slice(at)
}

/** The index of the lifted URL that this one stands for. */
export function liftedPlace(url: string): number | undefined {
  const found = LIFTED.exec(url)
  return found ? Number(found[1]) : undefined
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function decode(bytes: Uint8Array): string {
  const encoding = encodingOf(bytes)
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return refuse('SVG-XML')
  }
}

function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  const head = Buffer.from(bytes.subarray(0, 512)).toString('latin1')
  const declared = ENCODING.exec(DECLARATION.exec(head.replace(/^\xEF\xBB\xBF/, ''))?.[0] ?? '')
  return declared ? (ENCODINGS.get(declared[1]!.toLowerCase()) ?? refuse('SVG-XML')) : 'utf-8'
}

/** Where `<!DOCTYPE` begins, behind comments and instructions; -1 when the root comes first. */
function doctypeAt(text: string, from: number): number {
  for (let at = from; ;) {
    at = skipSpace(text, at)
    if (text.startsWith('<!DOCTYPE', at)) return at
    const close = text.startsWith('<!--', at) ? '-->' : text.startsWith('<?', at) ? '?>' : ''
    if (close === '') return -1
    at = find(text, close, at + 2) + close.length
  }
}

const EXTERNAL_ID =
  /\s+(?:PUBLIC\s+("[^"]{0,200}"|'[^']{0,200}')(?:\s+("[^"]{0,300}"|'[^']{0,300}'))?|SYSTEM\s+("[^"]{0,300}"|'[^']{0,300}'))/y
const DOCTYPE = /<!DOCTYPE\s+[A-Za-z:]{1,40}/y
const ENTITY =
  /<!ENTITY\s+([A-Za-z_][\w.-]{0,63})\s+(?:"([^"<&%]{0,1024})"|'([^'<&%]{0,1024})')\s*>/y
const HARMLESS = ['<!ATTLIST', '<!ELEMENT', '<!NOTATION']
const MAX_ENTITIES = 64

class Doctype {
  readonly entities = new Map<string, string>()
  readonly external: boolean
  readonly end: number
  readonly #text: string
  #at: number

  constructor(text: string, start: number) {
    this.#text = text
    this.#at = start
    if (!this.#match(DOCTYPE)) refuse('SVG-XML')
    const id = this.#match(EXTERNAL_ID)
    this.external = id !== undefined && !/SVG|w3\.org/i.test(id[0])
    this.#at = skipSpace(text, this.#at)
    if (text[this.#at] === '[') this.#subset()
    if (text[this.#at] !== '>') refuse('SVG-XML')
    this.end = this.#at + 1
  }

  #subset(): void {
    this.#at++
    for (;;) {
      this.#at = skipSpace(this.#text, this.#at)
      if (this.#text[this.#at] === ']') break
      if (this.#text.startsWith('<!--', this.#at)) {
        this.#at = find(this.#text, '-->', this.#at + 4) + 3
        continue
      }
      const entity = this.#match(ENTITY)
      if (entity) this.#define(entity[1] ?? '', entity[2] ?? entity[3] ?? '')
      // Entities of other files, of entities and of parameters are how a document reads a disk or explodes.
      else this.#skip()
    }
    this.#at = skipSpace(this.#text, this.#at + 1)
  }

  /** A declaration that gives no text. */
  #skip(): void {
    if (!HARMLESS.some((start) => this.#text.startsWith(start, this.#at))) refuse('SVG-XML')
    for (this.#at += 2; this.#text[this.#at] !== '>'; this.#at++) {
      const sign = this.#text[this.#at]
      if (sign === undefined || sign === '<' || sign === '%') refuse('SVG-XML')
      if (sign === '"' || sign === "'") this.#at = find(this.#text, sign, this.#at + 1)
    }
    this.#at++
  }

  #define(name: string, value: string): void {
    if (this.entities.size >= MAX_ENTITIES) refuse('SVG-XML')
    // XML 1.0 §4.2: the first declaration is binding.
    if (!this.entities.has(name)) this.entities.set(name, value)
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)
    if (!found) return undefined
    this.#at += found[0].length
    return found
  }
}

const MAX_GROWTH = 1024 * 1024
const PREDEFINED: ReadonlySet<string> = new Set(['amp', 'lt', 'gt', 'quot', 'apos'])

/** Puts the text of each entity in its place, as text: its quotes and `>` mean nothing. */
function expand(text: string, entities: ReadonlyMap<string, string>): string {
  if (entities.size === 0) return text
  let growth = 0
  return text.replaceAll(/&([A-Za-z_][\w.-]{0,63});/g, (reference, name: string) => {
    const value = PREDEFINED.has(name) ? undefined : entities.get(name)
    if (value === undefined) return reference
    growth += value.length
    if (growth > MAX_GROWTH) refuse('SVG-XML')
    return value.replaceAll('"', '&quot;').replaceAll("'", '&apos;').replaceAll('>', '&gt;')
  })
}

function skipSpace(text: string, from: number): number {
  let at = from
  while (at < text.length && ' \t\r\n'.includes(text[at]!)) at++
  return at
}

function find(text: string, what: string, from: number): number {
  const found = text.indexOf(what, from)
  return found < 0 ? refuse('SVG-XML') : found
}
