import type { Budget } from './budget.ts'
import { formulaAllowed } from './formula.ts'
import { verifyGif } from './gif.ts'
import { verifyJpeg } from './jpeg.ts'
import {
  FIELDS,
  FORBIDDEN_ATTRIBUTES,
  FORBIDDEN_ELEMENTS,
  MAIN_TYPES,
  NAMESPACE_PREFIXES,
  PARTS,
  RELATIONSHIP_BASES,
} from './ooxml-tables.ts'
import { verifyPng } from './png.ts'
import { Rejection, demand } from './rejection.ts'
import { urlAllowed } from './url.ts'
import { scanXml } from './xml.ts'
import type { Attribute, Element } from './xml.ts'
import type { Member } from './zip.ts'

const CONTENT_TYPES = '[Content_Types].xml'
const ROOT_RELATIONSHIPS = '_rels/.rels'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006/'
const WORD = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'
const VML_BARE = new Set(['xml', 'div', 'br', 'font', 'span'])
const RELATIONSHIP_ATTRIBUTES = /(?:officeDocument\/2006|ooxml\/officeDocument)\/relationships$/u

interface Relationship {
  readonly id: string
  readonly kind: string
  readonly target: string
  readonly external: boolean
}

/**
 * Accepts a package in which every part is reached through a listed relationship, has the content type that relationship
 * demands, and holds nothing that runs, fetches or binds.
 *
 * @returns the type, e.g. `docx`.
 */
export function verifyOoxml(members: readonly Member[], budget: Budget): string {
  const parts = new Map(members.map((member) => [member.name, member.bytes]))
  demand(
    members[0]?.name === CONTENT_TYPES && members[1]?.name === ROOT_RELATIONSHIPS,
    'VERIFY-OOXML',
    'order',
  )
  const types = contentTypes(parts.get(CONTENT_TYPES)!)
  const reached = new Set([CONTENT_TYPES])
  const main = new Walk(parts, types, reached, budget).from('')
  for (const name of parts.keys()) demand(reached.has(name), 'VERIFY-OOXML-ORPHAN', name)
  return main
}

/** Part name → content type, from `Override` and `Default`. */
function contentTypes(bytes: Uint8Array): (name: string) => string | undefined {
  const overrides = new Map<string, string>()
  const defaults = new Map<string, string>()
  scanXml(bytes, CONTENT_TYPES, {
    open(element) {
      demand(element.namespace === `${PACKAGE}content-types`, 'VERIFY-OOXML', CONTENT_TYPES)
      const type = plain(element, 'ContentType') ?? ''
      if (element.name === 'Override')
        overrides.set((plain(element, 'PartName') ?? '').toLowerCase(), type)
      else if (element.name === 'Default')
        defaults.set((plain(element, 'Extension') ?? '').toLowerCase(), type)
      else demand(element.name === 'Types', 'VERIFY-OOXML', CONTENT_TYPES)
    },
  })
  return (name) =>
    overrides.get(`/${name}`.toLowerCase()) ??
    defaults.get(name.slice(name.lastIndexOf('.') + 1).toLowerCase())
}

class Walk {
  readonly #parts: ReadonlyMap<string, Uint8Array>
  readonly #types: (name: string) => string | undefined
  readonly #reached: Set<string>
  readonly #budget: Budget
  #main = ''

  constructor(
    parts: ReadonlyMap<string, Uint8Array>,
    types: (name: string) => string | undefined,
    reached: Set<string>,
    budget: Budget,
  ) {
    this.#parts = parts
    this.#types = types
    this.#reached = reached
    this.#budget = budget
  }

  from(root: string): string {
    const queue = [root]
    for (let source = queue.pop(); source !== undefined; source = queue.pop()) {
      const relationships = this.#relationships(source)
      if (source !== '') this.#part(source, relationships)
      for (const relationship of relationships.values()) {
        const target = this.#target(source, relationship)
        if (target === undefined || this.#reached.has(target)) continue
        this.#reached.add(target)
        queue.push(target)
      }
    }
    demand(this.#main !== '', 'VERIFY-OOXML', ROOT_RELATIONSHIPS)
    return this.#main
  }

  #relationships(source: string): ReadonlyMap<string, Relationship> {
    const name = relationshipsOf(source)
    const bytes = this.#parts.get(name)
    const found = new Map<string, Relationship>()
    if (bytes === undefined) return found
    this.#reached.add(name)
    demand(
      this.#types(name) === 'application/vnd.openxmlformats-package.relationships+xml',
      'VERIFY-OOXML',
      name,
    )
    scanXml(bytes, name, {
      open: (element) => {
        demand(element.namespace === `${PACKAGE}relationships`, 'VERIFY-OOXML', name)
        if (element.name === 'Relationships') return
        const relationship = this.#relationship(element, name)
        demand(!found.has(relationship.id), 'VERIFY-OOXML', name)
        found.set(relationship.id, relationship)
      },
    })
    return found
  }

  #relationship(element: Element, where: string): Relationship {
    const type = plain(element, 'Type') ?? ''
    const base = RELATIONSHIP_BASES.find((known) => type.startsWith(known))
    const kind = base === undefined ? '' : type.slice(base.length)
    const id = plain(element, 'Id') ?? ''
    const target = plain(element, 'Target') ?? ''
    const mode = plain(element, 'TargetMode')
    demand(
      element.name === 'Relationship' &&
        id !== '' &&
        (mode === undefined || mode === 'Internal' || mode === 'External'),
      'VERIFY-OOXML',
      where,
    )
    const external = mode === 'External'
    if (external) demand(kind === 'hyperlink' && urlAllowed(target), 'VERIFY-OOXML-EXTERNAL', where)
    else
      demand(
        PARTS[kind] !== undefined || (kind === 'hyperlink' && target.startsWith('#')),
        'VERIFY-OOXML-RELATIONSHIP',
        where,
      )
    return { id, kind, target, external }
  }

  #target(source: string, { kind, target, external }: Relationship): string | undefined {
    if (external || kind === 'hyperlink') return undefined
    const name = resolve(source, target)
    const type = this.#types(name)
    demand(this.#parts.has(name), 'VERIFY-OOXML-DANGLING', name)
    demand(type !== undefined && PARTS[kind]!.includes(type), 'VERIFY-OOXML-TYPE', name)
    if (kind === 'officeDocument') {
      demand(this.#main === '' && source === '', 'VERIFY-OOXML', name)
      this.#main = MAIN_TYPES[type]!
    }
    return name
  }

  #part(name: string, relationships: ReadonlyMap<string, Relationship>): void {
    const bytes = this.#parts.get(name)!
    switch (this.#types(name)) {
      case 'image/png':
        return verifyPng(bytes, this.#budget, name)
      case 'image/jpeg':
        return verifyJpeg(bytes, this.#budget, name)
      case 'image/gif':
        return verifyGif(bytes, this.#budget, name)
      default:
        return verifyPart(bytes, name, relationships)
    }
  }
}

function verifyPart(
  bytes: Uint8Array,
  name: string,
  relationships: ReadonlyMap<string, Relationship>,
): void {
  const fields = new Fields(name)
  let formula: string | undefined
  scanXml(bytes, name, {
    open(element) {
      verifyElement(element, name)
      for (const attribute of element.attributes)
        verifyAttribute(element, attribute, name, relationships)
      fields.open(element)
      if (isFormula(element, name)) formula = ''
    },
    close(element) {
      fields.close(element)
      if (formula !== undefined && isFormula(element, name)) {
        demand(formulaAllowed(formula), 'VERIFY-FORMULA', name)
        formula = undefined
      }
    },
    text(text) {
      fields.text(text)
      if (formula !== undefined) formula += text
    },
  })
  fields.end()
}

function verifyElement({ namespace, name }: Element, where: string): void {
  // The root of a VML part and the text of its boxes have no namespace.
  const vml = namespace === '' && VML_BARE.has(name) && where.endsWith('.vml')
  const known = vml || NAMESPACE_PREFIXES.some((prefix) => namespace.startsWith(prefix))
  demand(known, 'VERIFY-OOXML-NAMESPACE', where)
  demand(!FORBIDDEN_ELEMENTS.has(name), 'VERIFY-OOXML-ELEMENT', `${where} ${name}`)
}

function verifyAttribute(
  element: Element,
  attribute: Attribute,
  where: string,
  relationships: ReadonlyMap<string, Relationship>,
): void {
  const { namespace, name, value } = attribute
  if (RELATIONSHIP_ATTRIBUTES.test(namespace)) {
    // An empty id on a:hlinkClick means "no link, only the action".
    demand(
      relationships.has(value) || (value === '' && name === 'id'),
      'VERIFY-OOXML-DANGLING',
      where,
    )
    return
  }
  demand(
    namespace === '' || NAMESPACE_PREFIXES.some((prefix) => namespace.startsWith(prefix)),
    'VERIFY-OOXML-NAMESPACE',
    where,
  )
  if (FORBIDDEN_ATTRIBUTES.has(name) && value !== '' && !harmless(name, value)) {
    throw new Rejection('VERIFY-OOXML-ATTRIBUTE', `${where} ${element.name} ${name}`)
  }
  if (name === 'action')
    demand(
      value === '' ||
        /^ppaction:\/\/hlinkshowjump(?:\?jump=[a-z]+)?$/u.test(value) ||
        value === 'ppaction://hlinksldjump',
      'VERIFY-ACTION',
      where,
    )
  demand(!/^(?:\\\\|file:|javascript:|vbscript:|data:)/iu.test(value), 'VERIFY-OOXML-URL', where)
}

/** Places where a listed attribute name means something else. */
function harmless(name: string, value: string): boolean {
  if (name === 'base') return /^[0-9-]+$/u.test(value)
  if (name === 'codeName') return /^[\p{L}\p{N}_]{1,64}$/u.test(value)
  if (name === 'template' || name === 'src') return false
  return (
    (name === 'refreshOnLoad' || name === 'autoUpdate' || name === 'updateAutomatic') &&
    (value === '0' || value === 'false')
  )
}

function isFormula({ name, namespace }: Element, part: string): boolean {
  const sheet =
    namespace.includes('spreadsheetml') ||
    namespace.includes('office/excel') ||
    namespace.includes('/chart')
  if (!sheet) return false
  return (
    /^(?:f|formula|formula1|formula2|calculatedColumnFormula|totalsRowFormula|definedName)$/u.test(
      name,
    ) && !part.includes('pivot')
  )
}

/**
 * Field instructions of Word, put together over runs and nesting (ECMA-376 Part 1 §17.16): a field whose name is spread over
 * several `instrText` is read as Word reads it.
 */
class Fields {
  readonly #where: string
  readonly #open: string[] = []
  #reading = false

  constructor(where: string) {
    this.#where = where
  }

  open(element: Element): void {
    if (!element.namespace.startsWith(WORD) && !element.namespace.includes('wordprocessingml'))
      return
    if (element.name === 'fldSimple') this.#judge(named(element, 'instr') ?? '')
    if (element.name === 'instrText' || element.name === 'delInstrText') this.#reading = true
    if (element.name !== 'fldChar') return
    switch (named(element, 'fldCharType')) {
      case 'begin':
        this.#open.push('')
        return
      case 'separate':
        return this.#separate()
      case 'end':
        this.#separate()
        this.#open.pop()
        return
      default:
    }
  }

  text(text: string): void {
    if (this.#reading && this.#open.length > 0) this.#open.push(`${this.#open.pop()}${text}`)
    else if (this.#reading) demand(text.trim() === '', 'VERIFY-FIELD', this.#where)
  }

  close(element: Element): void {
    if (element.name === 'instrText' || element.name === 'delInstrText') this.#reading = false
  }

  end(): void {
    for (const instruction of this.#open) this.#judge(instruction)
  }

  #separate(): void {
    const instruction = this.#open.pop()
    if (instruction === undefined) return
    this.#judge(instruction)
    this.#open.push('')
  }

  #judge(instruction: string): void {
    const name = /^\s*(=|[A-Za-z]+)/u.exec(instruction)?.[1]?.toUpperCase()
    if (name === undefined) return demand(instruction.trim() === '', 'VERIFY-FIELD', this.#where)
    demand(name === '=' || FIELDS.has(name), 'VERIFY-FIELD', this.#where)
    if (name !== 'HYPERLINK') return
    const target = /^\s*HYPERLINK\s+"([^"]*)"/iu.exec(instruction)?.[1]
    demand(
      target === undefined ? /\\l\s/u.test(instruction) : urlAllowed(target),
      'VERIFY-FIELD',
      this.#where,
    )
  }
}

function relationshipsOf(part: string): string {
  const slash = part.lastIndexOf('/')
  return part === ''
    ? ROOT_RELATIONSHIPS
    : `${part.slice(0, slash + 1)}_rels/${part.slice(slash + 1)}.rels`
}

function resolve(source: string, target: string): string {
  const segments = target.startsWith('/') ? [] : source.split('/').slice(0, -1)
  for (const segment of target.split('/')) {
    if (segment === '' || segment === '.') continue
    if (segment === '..') segments.pop()
    else segments.push(segment)
  }
  return segments.join('/')
}

function plain(element: Element, name: string): string | undefined {
  return element.attributes.find(
    (attribute) => attribute.namespace === '' && attribute.name === name,
  )?.value
}

function named(element: Element, name: string): string | undefined {
  return element.attributes.find((attribute) => attribute.name === name)?.value
}
