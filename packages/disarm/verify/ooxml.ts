import type { Budget } from './budget.ts'
import { verifyGif } from './gif.ts'
import { verifyJpeg } from './jpeg.ts'
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
import { MAIN_TYPES, PARTS, ROOTS } from './ooxml-tables.ts'
import { verifyPng } from './png.ts'
import { Rejection, demand } from './rejection.ts'
import { scanXml } from './xml.ts'
import type { Member } from './zip.ts'

/**
 * Accepts a package in which every part is reached through a listed relationship, has the content type that relationship
 * demands, and holds nothing that runs, fetches or binds.
 *
 * @returns the type, e.g. `docx`.
 */
export function verifyOoxml(members: readonly Member[], budget: Budget): string {
  verifyOrder(members.map(({ name }) => name))
  const parts = new Map(members.map((member) => [member.name, member.bytes]))
  const types = contentTypes(parts.get(CONTENT_TYPES)!, new Set(parts.keys()))
  const walk = new Walk(parts, types, budget)
  walk.run()
  for (const name of parts.keys()) demand(walk.reached.has(name), 'VERIFY-OOXML-ORPHAN', name)
  return MAIN_TYPES[types(walk.main) ?? ''] ?? ''
}

class Walk {
  readonly reached = new Set([CONTENT_TYPES])
  main = ''
  readonly #parts: ReadonlyMap<string, Uint8Array>
  readonly #types: (name: string) => string | undefined
  readonly #budget: Budget
  #sheets: ReadonlySet<string> | undefined

  constructor(
    parts: ReadonlyMap<string, Uint8Array>,
    types: (name: string) => string | undefined,
    budget: Budget,
  ) {
    this.#parts = parts
    this.#types = types
    this.#budget = budget
  }

  run(): void {
    const root = this.#relationships('')
    demand(root.size === 1, 'VERIFY-OOXML-RELATIONSHIP', ROOT_RELATIONSHIPS)
    this.main = this.#target([...root.values()][0]!)
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

  #relationships(source: string): ReadonlyMap<string, Relationship> {
    const name = relationshipsName(source)
    const bytes = this.#parts.get(name)
    if (bytes === undefined) return new Map()
    this.reached.add(name)
    isRelationshipsType(this.#types(name), name)
    return readRelationships(bytes, name)
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
    const bytes = this.#parts.get(name)!
    switch (this.#types(name)) {
      case 'image/png':
        return verifyPng(bytes, this.#budget, name)
      case 'image/jpeg':
        return void verifyJpeg(bytes, this.#budget, name)
      case 'image/gif':
        return verifyGif(bytes, this.#budget, name)
      default: {
        const root = ROOTS[this.#types(name) ?? '']
        if (root === undefined) throw new Rejection('VERIFY-OOXML-TYPE', name)
        verifyPart({ name, bytes, root, relationships, sheets: this.#sheets })
      }
    }
  }

  #readSheets(): ReadonlySet<string> {
    const sheets = new Set<string>()
    scanXml(this.#parts.get(this.main)!, this.main, {
      open: (element) => {
        if (keyOf(element) === 'x:sheet') sheets.add((plain(element, 'name') ?? '').toLowerCase())
      },
    })
    return sheets
  }
}
