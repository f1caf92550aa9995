import type { Context } from '../../family.ts'
import type { TextRun } from './text.ts'

/**
 * Reports the fields of a document that run something or fetch something from outside ([MS-DOC] 2.8.25). A field begins with 0x13, its result
 * with 0x14, and it ends with 0x15. The conversion keeps only what the allow-list of Word fields knows; here it is counted.
 */
export function reportFields(runs: readonly TextRun[], context: Context): void {
  const fields = new Fields(context)
  for (const { bytes, wide } of runs) {
    const step = wide ? 2 : 1
    for (let at = 0; at + step <= bytes.length; at += step) {
      fields.see(wide ? bytes[at]! | (bytes[at + 1]! << 8) : bytes[at]!)
    }
    context.checkTime()
  }
}

const BEGIN = 0x13
const SEPARATOR = 0x14
const END = 0x15
/** Characters of a field's text that are looked at: enough for blanks and the keyword. */
const HEAD = 64
const MAX_OPEN = 64

const DDE: ReadonlySet<string> = new Set(['DDE', 'DDEAUTO'])
const OUTSIDE: ReadonlySet<string> = new Set(
  `LINK INCLUDE INCLUDETEXT INCLUDEPICTURE IMPORT DATABASE MACROBUTTON CONTROL HTMLCONTROL RD
   ADDIN AUTOTEXT GLOSSARY GOTOBUTTON PRINT`
    .trim()
    .split(/\s+/),
)

class Fields {
  readonly #context: Context
  /** The heads of the fields whose text we are in, outermost first; undefined once known or in the result. */
  readonly #open: (string | undefined)[] = []
  #tooDeep = 0

  constructor(context: Context) {
    this.#context = context
  }

  see(unit: number): void {
    if (unit === BEGIN) this.#begin()
    else if (unit === SEPARATOR) this.#judge()
    else if (unit === END) this.#end()
    else {
      const last = this.#open.length - 1
      const head = this.#open[last]
      if (head !== undefined && head.length < HEAD) {
        this.#open[last] = head + String.fromCharCode(unit)
      }
    }
  }

  #begin(): void {
    if (this.#open.length < MAX_OPEN) this.#open.push('')
    else this.#tooDeep++
  }

  #end(): void {
    this.#judge()
    if (this.#tooDeep > 0) this.#tooDeep--
    else this.#open.pop()
  }

  #judge(): void {
    const last = this.#open.length - 1
    const head = this.#open[last]
    if (head === undefined || this.#tooDeep > 0) return
    this.#open[last] = undefined
    const [keyword = ''] = head
      .trim()
      .toUpperCase()
      .split(/[\s"\\]/, 1)
    if (DDE.has(keyword)) this.#context.removed('W-DDE', 'field')
    else if (OUTSIDE.has(keyword)) this.#context.removed('OLE-FIELD', 'field')
  }
}
