import type { Context } from '../family.ts'
import { canonicalValue, kindOf } from './groups.ts'
import { baseName, leadsElsewhere } from './path.ts'
import type { DxfRecord, Group } from './records.ts'
import { lettersOf } from './source.ts'
import type { TextEncoding } from '../text/encoding.ts'
import { APPLICATIONS, BRACES, ENTITIES, OBJECTS } from './vocabulary.ts'

/** Bits of a block that say that its content is in another drawing. */
const EXTERNAL = 4 | 8 | 16 | 32

/** Groups of one record that may stay, each in its one spelling. */
export class RecordFilter {
  readonly #context: Context
  readonly #encoding: TextEncoding | undefined
  /** Handles of what was left out: whoever refers to them would find nothing. */
  readonly #gone: ReadonlySet<string>

  constructor(context: Context, encoding: TextEncoding | undefined, gone: ReadonlySet<string>) {
    this.#context = context
    this.#encoding = encoding
    this.#gone = gone
  }

  filter({ type, groups }: DxfRecord): readonly Group[] {
    const known = this.#withoutAdditions(groups)
      .map((group) => this.#spelled(group))
      .filter((group) => group !== undefined)
    return this.#special(type, known).map((group) => this.#local(type, group))
  }

  #special(type: string, groups: readonly Group[]): readonly Group[] {
    if (type === 'BLOCK') return groups.map((group) => this.#block(group))
    if (type === 'STYLE') return groups.map((group) => this.#style(group))
    if (type === 'LAYOUT' || type === 'PLOTSETTINGS')
      return groups.map((group) => this.#plot(group))
    if (type === 'CLASS') return this.#class(groups)
    if (type === 'DICTIONARY' || type === 'ACDBDICTIONARYWDFLT') return this.#dictionary(groups)
    return groups
  }

  #removed(where: string): void {
    this.#context.removed('CAD-TOKEN', where)
  }

  /** Without the data of programs that are not known (1001 …), without their braces (102 …), and without binary data. */
  #withoutAdditions(groups: readonly Group[]): readonly Group[] {
    const kept: Group[] = []
    const braces = new Braces(() => this.#removed('braces'))
    let application = false
    for (const group of groups) {
      if (group.code === 1001) application = APPLICATIONS.test(group.value)
      if (group.code >= 1000 && !application) {
        const rule = group.value.startsWith('PE_URL') ? 'URL-REMOVED' : 'CAD-TOKEN'
        if (group.code === 1001) this.#context.removed(rule, 'xdata')
      } else if (group.code === 102) kept.push(...braces.read(group.value))
      else if (braces.hiding) continue
      else if (kindOf(group.code) === 'binary') this.#dropBinary(kept)
      else kept.push(group)
    }
    return kept
  }

  /** Binary data is announced by its length, in 90 to 97 or 160. */
  #dropBinary(kept: Group[]): void {
    this.#removed('binary')
    const last = kept.at(-1)
    if (last && (last.code === 92 || last.code === 160)) kept.pop()
  }

  #spelled({ code, value }: Group): Group | undefined {
    const kind = kindOf(code)
    const canonical = kind && canonicalValue(kind, value)
    if (canonical === undefined) {
      this.#removed('group')
      return undefined
    }
    return { code, value: canonical }
  }

  /** A block whose content is in another file (XREF) is an empty block of this one. */
  #block({ code, value }: Group): Group {
    if (code === 70 && (Number(value) & EXTERNAL) !== 0) {
      this.#context.removed('OX-UNC', 'xref')
      return { code, value: String(Number(value) & ~EXTERNAL) }
    }
    if (code === 1 && value.trim() !== '') {
      this.#context.removed('OX-UNC', 'xref')
      return { code, value: '' }
    }
    return code === 1 ? { code, value: '' } : { code, value }
  }

  /** Files of fonts by their bare names. */
  #style(group: Group): Group {
    return group.code === 3 || group.code === 4 ? this.#bare(group, FONT, 'font') : group
  }

  /** Printers and plot styles: a printer's name may be a server's. */
  #plot(group: Group): Group {
    if (group.code === 2) return this.#bare(group, DEVICE, 'printer')
    if (group.code === 7) return this.#bare(group, PLOT_STYLE, 'printer')
    return group
  }

  #bare({ code, value }: Group, form: RegExp, where: string): Group {
    const text = lettersOf(value, this.#encoding)
    if (form.test(text)) return { code, value }
    const name = baseName(text)
    const kept = /^[ -~]*$/.test(name) && form.test(name) ? name : ''
    if (kept !== value) this.#removed(where)
    return { code, value: kept }
  }

  /** What a class says about its program is not needed. */
  #class(groups: readonly Group[]): readonly Group[] {
    return groups.map(({ code, value }) => {
      if (code !== 2 && code !== 3) return { code, value }
      const plain = /^[A-Za-z0-9_ ]{1,64}$/.test(value)
      if (!plain) this.#context.removed('OX-META', 'class')
      return { code, value: plain ? value : code === 3 ? 'ObjectDBX Classes' : 'AcDbObject' }
    })
  }

  /** Entries whose object was left out go with it. */
  #dictionary(groups: readonly Group[]): readonly Group[] {
    const kept: Group[] = []
    for (const group of groups) {
      const refers = group.code === 350 || group.code === 360 || group.code === 340
      if (refers && this.#gone.has(handleOf(group.value))) {
        if (kept.at(-1)?.code === 3) kept.pop()
        continue
      }
      kept.push(group)
    }
    return kept
  }

  /** Texts that are shown stay; what else is text names no place elsewhere. */
  #local(type: string, group: Group): Group {
    if (SHOWN.has(type) || kindOf(group.code) !== 'text') return group
    const text = lettersOf(group.value, this.#encoding)
    if (!leadsElsewhere(text)) return group
    this.#context.removed('OX-UNC', 'path')
    const name = baseName(text)
    return { code: group.code, value: /^[ -~]*$/.test(name) ? name : '' }
  }
}

const SHOWN = new Set(
  'TEXT MTEXT ATTRIB ATTDEF DIMENSION ARC_DIMENSION LARGE_RADIAL_DIMENSION MULTILEADER TOLERANCE ACAD_TABLE ARCALIGNEDTEXT'.split(
    ' ',
  ),
)
const FONT = /^[^\\/:*?"<>|]{0,64}$/
const DEVICE = /^[^\\/:*?"<>|]{0,128}$/
const PLOT_STYLE = /^(?:[^\\/:*?"<>|]{1,64}\.(?:ctb|stb))?$/i

/** Groups between `102 {NAME` and `102 }`: kept where the name is known, otherwise left out. */
class Braces {
  readonly #unknown: () => void
  #open = false
  /** How many unknown braces are open. */
  #depth = 0

  constructor(unknown: () => void) {
    this.#unknown = unknown
  }

  get hiding(): boolean {
    return this.#depth > 0
  }

  /** The group to write, if any. */
  read(raw: string): readonly Group[] {
    const value = raw.trim().toUpperCase()
    if (!value.startsWith('{')) return this.#close(value)
    if (!this.hiding && !this.#open && BRACES.has(value)) {
      this.#open = true
      return [{ code: 102, value }]
    }
    if (this.#depth++ === 0) this.#unknown()
    return []
  }

  #close(value: string): readonly Group[] {
    if (this.hiding) this.#depth--
    else if (this.#open && value === '}') {
      this.#open = false
      return [{ code: 102, value }]
    } else this.#unknown()
    return []
  }
}

/** Handles are numbers: without leading zeros and in upper case they can be compared. */
export function handleOf(value: string): string {
  return value
    .trim()
    .toUpperCase()
    .replace(/^0+(?=.)/, '')
}

/** True for a record that may be written in its section. */
export function isKnown(type: string, section: string): boolean {
  if (section === 'OBJECTS') return OBJECTS.has(type)
  if (section === 'BLOCKS') return type === 'BLOCK' || type === 'ENDBLK' || ENTITIES.has(type)
  return section === 'ENTITIES' && ENTITIES.has(type)
}
