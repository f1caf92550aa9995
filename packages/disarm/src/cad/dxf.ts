import type { Context } from '../family.ts'
import { refuse } from '../family.ts'
import { canonicalValue, kindOf } from './groups.ts'
import { Output } from './output.ts'
import { RecordFilter, handleOf, isKnown } from './record-filter.ts'
import type { DxfRecord, Group } from './records.ts'
import { readRecords } from './records.ts'
import type { Source } from './source.ts'
import { ENTITIES, OBJECTS, SECTIONS, TABLES, TEXT_VARIABLES, TIMES } from './vocabulary.ts'

/** DXF in text form (AutoCAD R9 to 2018): sections, tables, blocks, entities and objects of the vocabulary, written group by group. */
export function rebuildDxf(source: Source, context: Context): Uint8Array {
  const gone = goneHandles(source, context)
  return new Dxf(source, context, gone).rebuild()
}

/** First reading: which things will be left out, so that dictionaries do not name them. */
function goneHandles(source: Source, context: Context): ReadonlySet<string> {
  const gone = new Set<string>()
  let section = ''
  for (const record of readRecords(source.bytes, context)) {
    if (record.type === 'SECTION') section = valueOf(record, 2)
    else if (section === 'ENTITIES' || section === 'OBJECTS' || section === 'BLOCKS') {
      const handle = valueOf(record, 5)
      if (handle !== '' && !isKnown(record.type, section)) gone.add(handleOf(handle))
    }
  }
  return gone
}

function valueOf({ groups }: DxfRecord, code: number): string {
  return (
    groups
      .find((group) => group.code === code)
      ?.value.trim()
      .toUpperCase() ?? ''
  )
}

class Dxf {
  readonly #context: Context
  readonly #source: Source
  readonly #output: Output
  readonly #filter: RecordFilter
  #section = ''
  #table = ''
  /** Where the open section begins in the output. */
  #start = 0

  constructor(source: Source, context: Context, gone: ReadonlySet<string>) {
    this.#source = source
    this.#context = context
    this.#output = new Output(context.limits.outputBytes)
    this.#filter = new RecordFilter(context, source.encoding, gone)
  }

  rebuild(): Uint8Array {
    let ended = false
    for (const record of readRecords(this.#source.bytes, this.#context)) {
      if (record.type === 'EOF') ended = true
      else if (record.type === 'SECTION') this.#begin(record)
      else if (record.type === 'ENDSEC') this.#end()
      else this.#inside(record)
    }
    // A file that was cut off is only believed between its sections.
    if (this.#section !== '' || (!ended && this.#output.length === 0)) refuse('CAD-TOKEN')
    if (this.#output.length === 0) refuse('CAD-TOKEN')
    this.#write({ code: 0, value: 'EOF' })
    return this.#output.bytes()
  }

  #begin(record: DxfRecord): void {
    if (this.#section !== '') refuse('CAD-TOKEN')
    this.#section = valueOf(record, 2) || refuse('CAD-TOKEN')
    this.#start = this.#output.length
    if (!SECTIONS.has(this.#section)) {
      this.#context.removed('CAD-TOKEN', 'section')
      return
    }
    this.#write({ code: 0, value: 'SECTION' })
    this.#write({ code: 2, value: this.#section })
    // The header has no records: its variables stand behind the name of the section.
    if (this.#section === 'HEADER') this.#variables(record.groups.slice(1))
  }

  #end(): void {
    if (this.#section === '' || this.#table !== '') refuse('CAD-TOKEN')
    if (SECTIONS.has(this.#section)) this.#write({ code: 0, value: 'ENDSEC' })
    else this.#output.truncate(this.#start)
    this.#section = ''
  }

  #inside(record: DxfRecord): void {
    if (this.#section === '') refuse('CAD-TOKEN')
    if (!SECTIONS.has(this.#section)) return
    if (this.#section === 'TABLES') this.#tables(record)
    else if (this.#section === 'CLASSES') this.#classes(record)
    else if (this.#section === 'HEADER') refuse('CAD-TOKEN')
    else if (isKnown(record.type, this.#section)) this.#record(record)
    else this.#context.removed(UNKNOWN.get(record.type) ?? 'CAD-TOKEN', 'entity')
  }

  /** `9 $NAME` and its values. */
  #variables(groups: readonly Group[]): void {
    for (let at = 0; at < groups.length;) {
      let end = at + 1
      while (end < groups.length && groups[end]!.code !== 9) end++
      this.#variable(groups[at]!, groups.slice(at + 1, end))
      at = end
    }
  }

  #variable(name: Group, values: readonly Group[]): void {
    const word = name.value.trim().toUpperCase()
    if (name.code !== 9 || !/^\$[A-Z0-9_]{1,32}$/.test(word)) {
      this.#context.removed('CAD-TOKEN', 'header')
      return
    }
    const spelled = values.map(({ code, value }) => {
      const kind = kindOf(code)
      return { code, kind, value: kind && canonicalValue(kind, value) }
    })
    const numbers = spelled.every(({ kind }) => kind !== 'text' && kind !== 'handle')
    const stays = TEXT_VARIABLES.has(word) ? isHarmless(spelled) : numbers && !TIMES.has(word)
    if (!stays || spelled.some(({ value }) => value === undefined)) {
      this.#context.removed(TIMES.has(word) ? 'OX-META' : 'CAD-TOKEN', 'header')
      return
    }
    this.#write({ code: 9, value: word })
    for (const { code, value } of spelled) this.#write({ code, value: value! })
  }

  #tables(record: DxfRecord): void {
    if (record.type === 'TABLE') {
      if (this.#table !== '') refuse('CAD-TOKEN')
      this.#table = valueOf(record, 2) || refuse('CAD-TOKEN')
      if (!TABLES.has(this.#table)) this.#context.removed('CAD-TOKEN', 'table')
      else this.#record(record)
      return
    }
    const known = TABLES.has(this.#table)
    if (record.type === 'ENDTAB') {
      if (this.#table === '') refuse('CAD-TOKEN')
      this.#table = ''
      if (known) this.#write({ code: 0, value: 'ENDTAB' })
    } else if (known && record.type === this.#table) this.#record(record)
    else if (known) this.#context.removed('CAD-TOKEN', 'table')
  }

  #classes(record: DxfRecord): void {
    const name = valueOf(record, 1)
    if (record.type === 'CLASS' && (ENTITIES.has(name) || OBJECTS.has(name))) this.#record(record)
    else this.#context.removed('CAD-TOKEN', 'class')
  }

  #record(record: DxfRecord): void {
    this.#write({ code: 0, value: record.type })
    for (const group of this.#filter.filter(record)) this.#write(group)
  }

  /** Codes take three places, as AutoCAD writes them. */
  #write({ code, value }: Group): void {
    this.#output.put(`${String(code).padStart(3)}\r\n${value}\r\n`)
  }
}

/** Texts of the header are names. */
function isHarmless(values: readonly { readonly value: string | undefined }[]): boolean {
  return values.every(
    ({ value }) =>
      value !== undefined && !/[\\/:]/.test(value.replace(/[\u0081-\u009F\u00E0-\u00FC]\\/g, '')),
  )
}

const UNKNOWN: ReadonlyMap<string, string> = new Map([
  ['OLEFRAME', 'OX-OLE'],
  ['OLE2FRAME', 'OX-OLE'],
  ['VBA_PROJECT', 'OX-VBA'],
  ...'IMAGE IMAGEDEF IMAGEDEF_REACTOR PDFUNDERLAY PDFDEFINITION DWFUNDERLAY DWFDEFINITION DGNUNDERLAY DGNDEFINITION DATALINK'
    .split(' ')
    .map((type) => [type, 'OX-UNC'] as const),
])
