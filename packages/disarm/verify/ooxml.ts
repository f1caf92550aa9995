import { createHash } from 'node:crypto'
import type { Budget } from './budget.ts'
import {
  CONTENT_TYPES,
  ROOT_RELATIONSHIPS,
  contentTypes,
  isRelationshipsType,
  readRelationships,
  relationshipsName,
  verifyOrder,
} from './ooxml-package.ts'
import type { Relationship } from './ooxml-package.ts'
import { keyOf, plain, verifyPart } from './ooxml-part.ts'
import { verifyCore } from './ooxml-core.ts'
import { verifyProgram } from './ooxml-program.ts'
import {
  CORE,
  PROGRAM,
  IMAGE_TYPES,
  MACRO_TYPES,
  MAIN_TYPES,
  OFFICE_DOCUMENT,
  PARTS,
  ROOTS,
  VBA,
  VBA_TYPE,
} from './ooxml-tables.ts'
import { verifyShapes } from './ooxml-shapes.ts'
import { verifyPicture } from './picture.ts'
import { Rejection, demand } from './rejection.ts'
import { scanXml } from './xml.ts'
import type { SealedMember } from './zip.ts'

/** VBA projects by their SHA-256, lower-case hex. */
export interface MacroList {
  readonly listed: readonly string[]
  readonly found: string[]
}

/**
 * Accepts a package in which every part is reached through a listed relationship, has the content type that relationship
 * demands, and holds nothing that runs, fetches or binds.
 *
 * @param macros VBA projects that may be there, by their exact bytes; those that are there are added to `found`
 * @returns the type, e.g. `docx`.
 */
export function verifyOoxml(
  members: readonly SealedMember[],
  budget: Budget,
  macros: MacroList,
): string {
  verifyOrder(members.map(({ name }) => name))
  const parts = new Map(members.map((member) => [member.name, member]))
  const types = contentTypes(parts.get(CONTENT_TYPES)!.content(), new Set(parts.keys()))
  const walk = new Walk(parts, types, budget, macros)
  walk.run()
  for (const name of parts.keys()) demand(walk.reached.has(name), 'VERIFY-OOXML-ORPHAN', name)
  // A macro form has a listed project, and no other form has one.
  const type = (walk.macros ? MACRO_TYPES : MAIN_TYPES)[types(walk.main) ?? '']
  if (type === undefined) throw new Rejection('VERIFY-OOXML-TYPE', walk.main)
  return type
}

class Walk {
  readonly reached = new Set([CONTENT_TYPES])
  main = ''
  macros = false
  readonly #list: MacroList
  readonly #parts: ReadonlyMap<string, SealedMember>
  readonly #types: (name: string) => string | undefined
  readonly #budget: Budget
  readonly #drawn = new Map<
    string,
    { readonly place: string; readonly notes: string | undefined }
  >()
  #sheets: ReadonlySet<string> | undefined

  constructor(
    parts: ReadonlyMap<string, SealedMember>,
    types: (name: string) => string | undefined,
    budget: Budget,
    list: MacroList,
  ) {
    this.#parts = parts
    this.#types = types
    this.#budget = budget
    this.#list = list
  }

  run(): void {
    const root = this.#relationships('')
    const [main, ...beside] = [...root.values()]
    if (main?.type !== OFFICE_DOCUMENT)
      throw new Rejection('VERIFY-OOXML-RELATIONSHIP', ROOT_RELATIONSHIPS)
    this.main = this.#target(main)
    this.#properties(beside)
    this.#listedMacros()
    if (ROOTS[this.#types(this.main)!] === 'x:workbook') this.#sheets = this.#readSheets()
    const queue = [this.main]
    for (let source = queue.pop(); source !== undefined; source = queue.pop()) {
      const relationships = this.#relationships(source)
      for (const relationship of relationships.values()) {
        if (relationship.external) continue
        const before = this.reached.size
        const target = this.#target(relationship)
        if (this.reached.size > before) queue.push(target)
      }
      this.#part(source, relationships)
    }
  }

  /** Beside the document: its title, then the kind of program; each at most once. */
  #properties(beside: readonly Relationship[]): void {
    const order = [CORE, PROGRAM].filter((type) => beside.some((one) => one.type === type))
    const fair = beside.map(({ type }) => type).join() === order.join()
    demand(fair, 'VERIFY-OOXML-RELATIONSHIP', ROOT_RELATIONSHIPS)
    for (const relationship of beside) {
      const target = this.#target(relationship)
      const bytes = this.#parts.get(target)!.content()
      if (relationship.type === CORE) verifyCore(bytes, target)
      else verifyProgram(bytes, ROOTS[this.#types(this.main)!] ?? '', target)
    }
  }

  /** A VBA project is read first: what else may stand depends on it. */
  #listedMacros(): void {
    const found = [...this.#relationships(this.main).values()].filter(({ type }) => type === VBA)
    if (found.length === 0) return
    const target = this.#target(found[0]!)
    const digest = createHash('sha256').update(this.#parts.get(target)!.content()).digest('hex')
    const { listed, found: kept } = this.#list
    demand(found.length === 1 && listed.includes(digest), 'VERIFY-OOXML-MACRO', target)
    kept.push(digest)
    this.macros = true
  }

  #relationships(source: string): ReadonlyMap<string, Relationship> {
    const name = relationshipsName(source)
    const member = this.#parts.get(name)
    if (member === undefined) return new Map()
    this.reached.add(name)
    isRelationshipsType(this.#types(name), name)
    return readRelationships(member.content(), name)
  }

  /** The part a relationship leads to, which must be there and be what the relationship says. */
  #target({ type, target }: Relationship): string {
    demand(this.#parts.has(target), 'VERIFY-OOXML-DANGLING', target)
    const declared = this.#types(target)
    const fits = declared !== undefined && PARTS[type]!.includes(declared)
    demand(fits, 'VERIFY-OOXML-TYPE', target)
    this.reached.add(target)
    return target
  }

  #part(name: string, relationships: ReadonlyMap<string, Relationship>): void {
    const member = this.#parts.get(name)!
    const type = this.#types(name) ?? ''
    if (IMAGE_TYPES.includes(type)) {
      return verifyPicture(
        member.content(),
        type.replace(/^image\/(?:x-)?/u, ''),
        this.#budget,
        name,
      )
    }
    // Its bytes were compared with the list; it has no relationships of its own.
    if (type === VBA_TYPE && this.macros)
      return demand(relationships.size === 0, 'VERIFY-OOXML-MACRO', name)
    const root = ROOTS[type]
    if (root === undefined) throw new Rejection('VERIFY-OOXML-TYPE', name)
    if (root === 'xml') return this.#shapes(name, member.content(), relationships)
    const named = verifyPart({
      name,
      content: member.pieces(),
      root,
      relationships,
      sheets: this.#sheets,
      macros: this.macros,
    })
    this.#expectShapes(relationships, named)
  }

  /** The VML parts of a sheet: what names them, and whose comments they draw. */
  #expectShapes(
    relationships: ReadonlyMap<string, Relationship>,
    named: ReadonlyMap<string, string>,
  ): void {
    const comments = [...relationships.values()].find(({ type }) => type.endsWith('/comments'))
    for (const [id, place] of named) {
      const target = relationships.get(id)?.target
      if (target === undefined || !place.startsWith('x:legacyDrawing')) continue
      demand(!this.#drawn.has(target), 'VERIFY-OOXML-RELATIONSHIP', target)
      const notes = place === 'x:legacyDrawing' && comments ? comments.target : undefined
      this.#drawn.set(target, { place, notes })
    }
  }

  #shapes(name: string, bytes: Uint8Array, relationships: ReadonlyMap<string, Relationship>): void {
    const drawn = this.#drawn.get(name)
    if (!drawn) throw new Rejection('VERIFY-OOXML-RELATIONSHIP', name)
    const notes = drawn.notes === undefined ? [] : this.#cellsOf(drawn.notes)
    const { place } = drawn
    verifyShapes({ name, bytes, relationships, place, notes, sheets: this.#sheets })
  }

  /** `row column` of each comment that stands on a cell. */
  #cellsOf(comments: string): string[] {
    const cells: string[] = []
    scanXml(this.#parts.get(comments)!.content(), comments, {
      open: (element) => {
        if (keyOf(element) !== 'x:comment') return
        const [, letters = '', row = ''] =
          /^([A-Z]{1,3})([1-9][0-9]{0,6})$/u.exec(plain(element, 'ref') ?? '') ?? []
        const column = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0)
        if (column > 0 && column <= 16_384 && Number(row) <= 1_048_576)
          cells.push(`${Number(row) - 1} ${column - 1}`)
      },
    })
    return cells
  }

  #readSheets(): ReadonlySet<string> {
    const sheets = new Set<string>()
    scanXml(this.#parts.get(this.main)!.content(), this.main, {
      open: (element) => {
        if (keyOf(element) === 'x:sheet') sheets.add((plain(element, 'name') ?? '').toLowerCase())
      },
    })
    return sheets
  }
}
