import { refuse } from '../family.ts'
import type { Profile } from '../profile.ts'
import { allowedUrl } from '../url.ts'
import type { XmlElement } from '../xml/read.ts'
import { WORD } from './namespaces.ts'
import type { Scope } from './scope.ts'
import { attributeOf, isElement, textOf } from './scope.ts'

/**
 * Word fields (ECMA-376 part 1 §17.16). A field is a bracket of `begin … separate … end` characters over any number of
 * runs and paragraphs; its instruction may be cut into one letter per run and be computed by fields inside it. So the whole
 * instruction is put together first, and only fields of the allow-list keep their brackets. Of any other field the
 * instruction goes and the text it last showed stays.
 *
 * Elements are read in document order with `read`; those in `removed` must not be written. Between two elements the story is
 * `settled` when no field is open; until then nothing read so far may be written.
 */
export class FieldStory {
  readonly removed: ReadonlySet<XmlElement>
  readonly #story: Story

  constructor(scope: Scope) {
    const removed = new Set<XmlElement>()
    this.removed = removed
    this.#story = new Story(removed, scope)
  }

  get settled(): boolean {
    return this.#story.settled
  }

  read(element: XmlElement): void {
    this.#story.visit(element)
  }

  /** No more elements: a field that is still open is none. */
  end(): void {
    this.#story.end()
  }
}

/** Judges one instruction: the rule that it breaks, or the instruction to write. */
export function judgeInstruction(
  instruction: string,
  links: Profile['links'] = 'keep',
): { readonly fault: string } | { readonly write: string } {
  const keyword = KEYWORD.exec(instruction)?.[1]?.toUpperCase()
  if (keyword === undefined || !ALLOWED.has(keyword)) return { fault: faultOf(keyword) }
  if (keyword === 'HYPERLINK') return judgeLink(instruction, links)
  return { write: instruction }
}

const ALLOWED: ReadonlySet<string> = new Set(
  `PAGE NUMPAGES SECTION SECTIONPAGES TOC TC XE INDEX REF PAGEREF NOTEREF SEQ STYLEREF DATE TIME CREATEDATE SAVEDATE
   PRINTDATE MERGEFIELD FORMTEXT FORMCHECKBOX FORMDROPDOWN SYMBOL ADVANCE = IF QUOTE HYPERLINK EQ SET`.split(
    /\s+/,
  ),
)

/** The keyword must stand in the field's own text; one that an inner field would compute is unknowable. */
const KEYWORD = /^[ \t\n\r\u00A0]*([A-Za-z]+|=)/

/** Stands for an inner field in the outer instruction. */
const INNER = '\u0001'

/** Fields inside fields. Word allows 20. */
const MAX_NESTING = 32

function faultOf(keyword: string | undefined): string {
  return keyword === 'DDE' || keyword === 'DDEAUTO' ? 'W-DDE' : 'W-FIELD'
}

const ARGUMENT = /[ \t\n\r\u00A0]*(?:"([^"]*)"|\\([a-zA-Z])|([^ \t\n\r\u00A0"\\]+))/y

/** `HYPERLINK "https://…" \l "place" \o "tip"`, written again from its parts; other switches do not matter. */
function judgeLink(
  instruction: string,
  links: Profile['links'],
): { readonly fault: string } | { readonly write: string } {
  const parsed = parseLink(instruction)
  if (!parsed) return { fault: 'OX-HLINK' }
  if (parsed.url !== '' && links === 'text-only') return { fault: 'URL-REMOVED' }
  const url = parsed.url === '' ? '' : allowedUrl(parsed.url)
  if (url === undefined || (url === '' && parsed.place === undefined)) return { fault: 'OX-HLINK' }
  const target = url === '' ? '' : ` "${url}"`
  const place = parsed.place === undefined ? '' : ` \\l "${parsed.place}"`
  return { write: ` HYPERLINK${target}${place} ` }
}

function parseLink(
  instruction: string,
): { readonly url: string; readonly place: string | undefined } | undefined {
  const text = instruction.replace(/[“”]/g, '"').trim()
  ARGUMENT.lastIndex = 'HYPERLINK'.length
  let url = ''
  let place: string | undefined
  let pending = ''
  while (ARGUMENT.lastIndex < text.length) {
    const match = ARGUMENT.exec(text)
    if (!match || text.includes(INNER)) return undefined
    const value = match[1] ?? match[3]
    if (match[2] !== undefined)
      pending = match[2].toLowerCase() === 'm' ? '' : match[2].toLowerCase()
    else if (pending === 'l') [place, pending] = [value, '']
    else if (pending === 'n') [url, pending] = [value ?? '', '']
    else if (pending !== '') pending = ''
    else if (url === '') url = value ?? ''
    else return undefined
  }
  if (place !== undefined && !/^[^\\/:"\u0000-\u001F]{0,255}$/.test(place)) return undefined
  return { url, place }
}

interface Field {
  readonly brackets: XmlElement[]
  /** Everything that stands between begin and separate, inner fields included. */
  readonly inside: XmlElement[]
  /** The texts of this field's own instruction, in order. */
  readonly own: XmlElement[]
  instruction: string
  separated: boolean
}

/** A story is what fields cannot cross: a body, a header, a note, a text box. */
const STORIES: ReadonlySet<string> = new Set(['txbxContent', 'footnote', 'endnote', 'comment'])

class Story {
  readonly #removed: Set<XmlElement>
  readonly #scope: Scope
  readonly #open: Field[] = []

  constructor(removed: Set<XmlElement>, scope: Scope) {
    this.#removed = removed
    this.#scope = scope
  }

  get settled(): boolean {
    return this.#open.length === 0
  }

  /** A field that never ends is never evaluated the way we read it. */
  end(): void {
    for (const field of this.#open) this.#remove(field, 'W-FIELD')
    this.#open.length = 0
  }

  /** Reads an element and all below it. */
  visit(element: XmlElement, inRun = false): void {
    if (element.uri === WORD && STORIES.has(element.local)) this.#readInner(element)
    else if (inRun) this.#runContent(element)
    else if (element.uri === WORD && ORPHANS.has(element.local)) this.#removed.add(element)
    else this.#walk(element)
  }

  #readInner(element: XmlElement): void {
    const inner = new Story(this.#removed, this.#scope)
    inner.#walk(element)
    inner.end()
  }

  #walk(element: XmlElement): void {
    const inRun = element.uri === WORD && element.local === 'r'
    for (const child of element.children) if (isElement(child)) this.visit(child, inRun)
  }

  #runContent(child: XmlElement): void {
    const word = child.uri === WORD
    if (word && child.local === 'fldChar') return this.#bracket(child)
    if (word && child.local === 'rPr') return
    for (const field of this.#open) if (!field.separated) field.inside.push(child)
    const inner = this.#open[this.#open.length - 1]
    const reading = inner !== undefined && !inner.separated
    if (word && (child.local === 'instrText' || child.local === 'delInstrText')) {
      if (!reading) this.#removed.add(child)
      else this.#append(inner, child)
    } else if (word && child.local === 't' && reading) this.#append(inner, child)
    else this.#walk(child)
  }

  #append(field: Field, child: XmlElement): void {
    field.instruction += textOf(child)
    field.own.push(child)
  }

  #bracket(child: XmlElement): void {
    const type = attributeOf(child, 'fldCharType', WORD)
    // A bracket inside another field's instruction goes with that instruction.
    const around = type === 'begin' ? this.#open : this.#open.slice(0, -1)
    for (const outer of around) if (!outer.separated) outer.inside.push(child)
    if (type === 'begin') return this.#begin(child)
    const field = this.#open[this.#open.length - 1]
    if (!field || (type === 'separate' && field.separated)) {
      this.#removed.add(child)
      return
    }
    field.brackets.push(child)
    if (type === 'separate') field.separated = true
    else if (type === 'end') this.#end(field)
    else this.#removed.add(child)
  }

  #begin(child: XmlElement): void {
    if (this.#open.length >= MAX_NESTING) refuse('OX-XMLDEPTH')
    const outer = this.#open[this.#open.length - 1]
    if (outer && !outer.separated) outer.instruction += INNER
    this.#open.push({
      brackets: [child],
      inside: [],
      own: [],
      instruction: '',
      separated: false,
    })
  }

  #end(field: Field): void {
    this.#open.pop()
    const judged = judgeInstruction(field.instruction, this.#scope.profile.links)
    if ('fault' in judged) this.#remove(field, judged.fault)
    else if (judged.write !== field.instruction) this.#rewrite(field, judged.write)
  }

  #remove(field: Field, rule: string): void {
    this.#scope.drop(rule)
    for (const element of [...field.brackets, ...field.inside]) this.#removed.add(element)
  }

  #rewrite(field: Field, instruction: string): void {
    const [first, ...rest] = field.own
    if (!first) return
    first.children = [instruction]
    for (const element of rest) this.#removed.add(element)
  }
}

/** Field characters outside a run are outside the schema; somebody else might still see them. */
const ORPHANS: ReadonlySet<string> = new Set(['fldChar', 'instrText', 'delInstrText'])
