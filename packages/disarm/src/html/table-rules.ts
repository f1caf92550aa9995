import { TABLE_STRUCTURE } from './elements.ts'
import type { OpenElements } from './open-elements.ts'
import type { StartTag } from './tokenizer.ts'
import { element } from './tree.ts'

export type Mode = 'body' | 'table' | 'caption' | 'colgroup' | 'section' | 'row' | 'cell'

interface BodyRules {
  readonly start: (tag: StartTag) => void
  readonly end: (name: string) => void
}

const SECTIONS = ['tbody', 'tfoot', 'thead']
const CELLS = ['td', 'th']
const OF_MODE: Readonly<Record<string, Mode>> = {
  td: 'cell',
  th: 'cell',
  tr: 'row',
  tbody: 'section',
  tfoot: 'section',
  thead: 'section',
  caption: 'caption',
  colgroup: 'colgroup',
  table: 'table',
}

/**
 * The insertion modes of tables (§13.2.6.4.9–15): missing rows and sections are put in, and what may not stand in a table goes before it.
 * Everything else is passed on to the rules of the body.
 */
export class TableRules {
  readonly #open: OpenElements
  readonly #body: BodyRules
  #mode: Mode = 'body'

  constructor(open: OpenElements, body: BodyRules) {
    this.#open = open
    this.#body = body
  }

  enter(mode: Mode): void {
    this.#mode = mode
  }

  text(data: string): void {
    this.#settle()
    if (this.#mode === 'colgroup') {
      if (isBlank(data)) return
      this.#leaveColumns()
    }
    if (!this.#inTable()) return this.#write(data)
    if (isBlank(data)) return
    this.#fostering(() => this.#write(data))
  }

  start(tag: StartTag): void {
    this.#settle()
    if (!TABLE_STRUCTURE.has(tag.name)) {
      if (this.#mode === 'colgroup') this.#leaveColumns()
      return this.#startOther(tag)
    }
    // Each turn closes something or inserts, so a few turns are enough.
    for (let turn = 0; turn < 8; turn++) if (this.#startPart(tag)) return
  }

  end(name: string): void {
    this.#settle()
    for (let turn = 0; turn < 8; turn++) if (this.#endPart(name)) return
  }

  #startOther(tag: StartTag): void {
    if (!this.#inTable()) return this.#body.start(tag)
    if (tag.name === 'form') return
    if (tag.name === 'table') {
      this.#open.popThrough('table')
      this.#reset()
      return this.start(tag)
    }
    this.#fostering(() => this.#body.start(tag))
  }

  /** @returns true when the tag is dealt with */
  #startPart(tag: StartTag): boolean {
    switch (this.#mode) {
      case 'body':
        return true
      case 'table':
        return this.#startInTable(tag)
      case 'caption':
        return this.#closeCaption()
      case 'colgroup':
        if (tag.name === 'col') return this.#insert(tag, true)
        return this.#leaveColumns()
      case 'section':
        return this.#startInSection(tag)
      case 'row':
        return this.#startInRow(tag)
      case 'cell':
        return this.#closeCell()
    }
  }

  #startInTable(tag: StartTag): boolean {
    const { name } = tag
    this.#open.clearTo(['table'])
    if (name === 'caption' || name === 'colgroup' || SECTIONS.includes(name)) {
      this.#insert(tag, false)
      if (name === 'caption') this.#open.formatting.mark()
      this.#mode = OF_MODE[name]!
      return true
    }
    const missing = name === 'col' ? 'colgroup' : 'tbody'
    this.#open.insert(element(missing), false)
    this.#mode = OF_MODE[missing]!
    return false
  }

  #startInSection(tag: StartTag): boolean {
    const { name } = tag
    this.#open.clearTo(SECTIONS)
    if (name === 'tr') {
      this.#mode = 'row'
      return this.#insert(tag, false)
    }
    if (CELLS.includes(name)) {
      this.#open.insert(element('tr'), false)
      this.#mode = 'row'
      return false
    }
    this.#open.pop()
    this.#mode = 'table'
    return false
  }

  #startInRow(tag: StartTag): boolean {
    this.#open.clearTo(['tr'])
    if (CELLS.includes(tag.name)) {
      this.#insert(tag, false)
      this.#open.formatting.mark()
      this.#mode = 'cell'
      return true
    }
    return this.#closeRow()
  }

  /** @returns true when the tag is dealt with */
  #endPart(name: string): boolean {
    if (name !== 'table' && !TABLE_STRUCTURE.has(name)) return this.#endOther(name)
    switch (this.#mode) {
      case 'body':
        return true
      case 'table':
        if (name === 'table' && this.#open.inTableScope(['table'])) {
          this.#open.popThrough('table')
          this.#reset()
        }
        return true
      case 'caption':
        if (name !== 'caption' && name !== 'table') return true
        this.#closeCaption()
        return name === 'caption'
      case 'colgroup':
        if (name === 'col') return true
        this.#leaveColumns()
        return name === 'colgroup'
      case 'section':
        return this.#endInSection(name)
      case 'row':
        return this.#endInRow(name)
      case 'cell':
        return this.#endInCell(name)
    }
  }

  #endOther(name: string): boolean {
    if (this.#mode === 'colgroup') this.#leaveColumns()
    if (this.#inTable()) this.#fostering(() => this.#body.end(name))
    else this.#body.end(name)
    return true
  }

  #endInSection(name: string): boolean {
    const own = SECTIONS.includes(name)
    if (own ? !this.#open.inTableScope([name]) : name !== 'table') return true
    this.#open.clearTo(SECTIONS)
    this.#open.pop()
    this.#mode = 'table'
    return own
  }

  #endInRow(name: string): boolean {
    if (name !== 'tr' && name !== 'table' && !SECTIONS.includes(name)) return true
    if (SECTIONS.includes(name) && !this.#open.inTableScope([name])) return true
    this.#open.clearTo(['tr'])
    this.#closeRow()
    return name === 'tr'
  }

  #endInCell(name: string): boolean {
    if (CELLS.includes(name)) {
      if (!this.#open.inTableScope([name])) return true
      this.#closeCell()
      return true
    }
    const outer = name === 'table' || name === 'tr' || SECTIONS.includes(name)
    if (!outer || !this.#open.inTableScope([name])) return true
    return this.#closeCell()
  }

  #closeCaption(): false {
    this.#open.popThrough('caption')
    this.#open.formatting.clearToMarker()
    this.#mode = 'table'
    return false
  }

  #closeCell(): false {
    this.#open.clearTo(CELLS)
    this.#open.pop()
    this.#open.formatting.clearToMarker()
    this.#mode = 'row'
    return false
  }

  #closeRow(): false {
    this.#open.pop()
    this.#mode = 'section'
    return false
  }

  #leaveColumns(): false {
    if (this.#open.current.source === 'colgroup') this.#open.pop()
    this.#mode = 'table'
    return false
  }

  #insert({ name, attributes }: StartTag, isVoid: boolean): true {
    this.#open.insert(element(name, attributes), isVoid)
    return true
  }

  #write(data: string): void {
    this.#open.reconstruct()
    this.#open.text(data)
  }

  #fostering(step: () => void): void {
    this.#open.foster = true
    step()
    this.#open.foster = false
  }

  #inTable(): boolean {
    return this.#mode === 'table' || this.#mode === 'section' || this.#mode === 'row'
  }

  /** Rules of the body may have closed the cell under us (a block that breaks out of svg, a depth that was reached). */
  #settle(): void {
    if (this.#mode === 'body' || this.#inTable()) return
    const holder = this.#mode === 'cell' ? CELLS : [this.#mode]
    if (!this.#open.inTableScope(holder)) this.#reset()
  }

  #reset(): void {
    this.#mode = this.#open.modeOf(OF_MODE) ?? 'body'
  }
}

function isBlank(data: string): boolean {
  return /^[\t\n\f\r ]*$/.test(data)
}
