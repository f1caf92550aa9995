import {
  ADDITIONS,
  BRACES,
  ENTITIES,
  NAMING_VARIABLES,
  OBJECTS,
  SECTIONS,
  SHOWN_TEXTS,
  TABLES,
  WORK_VARIABLES,
} from './cad-dxf-words.ts'
import type { CadText } from './cad-text.ts'
import { leavesFolder } from './cad-text.ts'

/** Accepts DXF whose sections, tables, records and groups are all of the grammar. */
export function verifyDxf(text: CadText): void {
  new Drawing(text).read()
}

interface Group {
  readonly code: number
  readonly value: string
}

class Drawing {
  readonly #text: CadText
  #next: Group

  constructor(text: CadText) {
    this.#text = text
    this.#next = this.#group()
  }

  read(): void {
    let sections = 0
    for (;;) {
      const begin = this.#begin()
      if (begin === 'EOF') break
      this.#must(begin === 'SECTION')
      const { code, value } = this.#take()
      this.#must(code === 2 && SECTIONS.has(value))
      if (value === 'HEADER') this.#header()
      else this.#section(value)
      sections++
    }
    this.#must(sections > 0)
  }

  #must(condition: boolean, name = 'CAD'): asserts condition {
    this.#text.must(condition, name)
  }

  #group(): Group {
    const code = this.#text.line()
    this.#must(/^(?: {2}[0-9]| [1-9][0-9]|[1-9][0-9]{2,3})$/u.test(code))
    return { code: Number(code), value: this.#text.line() }
  }

  /** The current group; the one behind it is read, unless this was the end of the file. */
  #take(): Group {
    const group = this.#next
    if (group.code === 0 && group.value === 'EOF') this.#must(this.#text.done, 'TRAILING')
    else this.#next = this.#group()
    return group
  }

  #begin(): string {
    const { code, value } = this.#take()
    this.#must(code === 0)
    return value
  }

  #header(): void {
    while (this.#next.code !== 0) {
      const { code, value: name } = this.#take()
      this.#must(code === 9 && /^\$[A-Z0-9_]{1,32}$/u.test(name))
      this.#must(!WORK_VARIABLES.has(name))
      const naming = NAMING_VARIABLES.has(name)
      while (this.#next.code !== 0 && this.#next.code !== 9) this.#variable(this.#take(), naming)
    }
    this.#must(this.#begin() === 'ENDSEC')
  }

  #variable({ code, value }: Group, naming: boolean): void {
    const kind = this.#value(code, value)
    this.#must(naming || kind === 'real' || kind === 'integer')
    if (kind !== 'text') return
    const bare = value.replaceAll(/[\u0081-\u009F\u00E0-\u00FC]\\/gu, '')
    this.#must(!/[\\/:]/u.test(bare), 'CAD-PATH')
  }

  #section(section: string): void {
    let table = ''
    for (;;) {
      const type = this.#begin()
      if (type === 'ENDSEC') break
      const groups = this.#record()
      if (section === 'TABLES') table = this.#table(table, type, groups)
      else this.#must(allowed(section, type, groups), 'CAD-RECORD')
      this.#contents(type, groups)
    }
    this.#must(table === '')
  }

  #record(): readonly Group[] {
    const groups: Group[] = []
    while (this.#next.code !== 0) groups.push(this.#take())
    return groups
  }

  /** @returns the table that is open now */
  #table(open: string, type: string, groups: readonly Group[]): string {
    if (type === 'ENDTAB') {
      this.#must(open !== '' && groups.length === 0)
      return ''
    }
    if (type !== 'TABLE') {
      this.#must(open === type, 'CAD-RECORD')
      return open
    }
    const name = nameOf(groups, 2)
    this.#must(open === '' && TABLES.has(name), 'CAD-RECORD')
    return name
  }

  #contents(type: string, groups: readonly Group[]): void {
    let open = false
    let addition = false
    for (const { code, value } of groups) {
      const kind = this.#value(code, value)
      if (code === 102) {
        this.#must(open ? value === '}' : BRACES.has(value), 'CAD-RECORD')
        open = !open
      }
      if (code === 1001) {
        this.#must(ADDITIONS.test(value), 'CAD-RECORD')
        addition = true
      }
      this.#must(code < 1000 || addition, 'CAD-RECORD')
      this.#particular(type, code, value)
      if (kind === 'text' && !SHOWN_TEXTS.has(type))
        this.#must(!leavesFolder(this.#text.letters(value)), 'CAD-PATH')
    }
  }

  #particular(type: string, code: number, value: string): void {
    if (type === 'BLOCK' && code === 70) this.#must((Number(value) & 60) === 0, 'CAD-PATH')
    if (type === 'BLOCK' && code === 1) this.#must(value === '', 'CAD-PATH')
    if (type === 'CLASS' && (code === 2 || code === 3))
      this.#must(/^[A-Za-z0-9_ ]{1,64}$/u.test(value), 'CAD-RECORD')
    const form = FILES.find(([types, codes]) => types.includes(type) && codes.includes(code))?.[2]
    if (form) this.#must(form.test(this.#text.letters(value)), 'CAD-PATH')
  }

  /** The kind of value that the code asks for, and that it is in its one spelling. */
  #value(code: number, value: string): Kind {
    const kind = KIND_OF[code]
    this.#must(kind !== undefined, 'CAD-RECORD')
    const form = FORMS[kind]
    this.#must(form === undefined || form.test(value))
    return kind
  }
}

function allowed(section: string, type: string, groups: readonly Group[]): boolean {
  if (section === 'CLASSES') {
    const name = nameOf(groups, 1)
    return type === 'CLASS' && (ENTITIES.has(name) || OBJECTS.has(name))
  }
  if (section === 'OBJECTS') return OBJECTS.has(type)
  return ENTITIES.has(type) || (section === 'BLOCKS' && (type === 'BLOCK' || type === 'ENDBLK'))
}

function nameOf(groups: readonly Group[], code: number): string {
  return (
    groups
      .find((group) => group.code === code)
      ?.value.trim()
      .toUpperCase() ?? ''
  )
}

type Kind = 'text' | 'real' | 'integer' | 'handle'

/** Kinds of values by code. Binary data (310 to 319, 1004) and comments (999) have none. */
const KINDS: readonly (readonly [low: number, high: number, kind: Kind])[] = [
  [0, 9, 'text'],
  [10, 59, 'real'],
  [60, 99, 'integer'],
  [100, 102, 'text'],
  [105, 105, 'handle'],
  [110, 149, 'real'],
  [160, 179, 'integer'],
  [210, 239, 'real'],
  [270, 299, 'integer'],
  [300, 309, 'text'],
  [320, 369, 'handle'],
  [370, 389, 'integer'],
  [390, 399, 'handle'],
  [400, 409, 'integer'],
  [410, 419, 'text'],
  [420, 429, 'integer'],
  [430, 439, 'text'],
  [440, 459, 'integer'],
  [460, 469, 'real'],
  [470, 479, 'text'],
  [480, 481, 'handle'],
  [1000, 1003, 'text'],
  [1005, 1005, 'handle'],
  [1006, 1009, 'text'],
  [1010, 1059, 'real'],
  [1060, 1071, 'integer'],
]

const KIND_OF: readonly (Kind | undefined)[] = Array.from(
  { length: 1072 },
  (_, code) => KINDS.find(([low, high]) => code >= low && code <= high)?.[2],
)

const FORMS: Readonly<Record<Kind, RegExp | undefined>> = {
  text: undefined,
  real: /^[+-]?(?:[0-9]{1,40}\.?[0-9]{0,40}|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,3})?$/u,
  integer: /^[+-]?[0-9]{1,19}$/u,
  handle: /^[0-9A-Fa-f]{1,16}$/u,
}

/** Names of files: of fonts, printers, plot styles. */
const FILES: readonly (readonly [types: readonly string[], codes: readonly number[], RegExp])[] = [
  [['STYLE'], [3, 4], /^[^\\/:*?"<>|]{0,64}$/],
  [['LAYOUT', 'PLOTSETTINGS'], [2], /^[^\\/:*?"<>|]{0,128}$/],
  [['LAYOUT', 'PLOTSETTINGS'], [7], /^(?:[^\\/:*?"<>|]{1,64}\.(?:ctb|stb))?$/i],
]
