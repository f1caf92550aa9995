import type { Context } from '../family.ts'
import { judgeInstruction } from '../ooxml/fields.ts'
import type { Node } from './tree.ts'
import { nameOf, groupsOf, textOf } from './tree.ts'
import { withoutControls } from './text.ts'
import { Writer } from './writer.ts'

/** Stands for a field that is kept inside of the instruction of another. */
const INNER = '\u0001'
/** Word stops reading an instruction long before. */
const MAX_INSTRUCTION = 32_768

/**
 * The instruction of a field (RTF 1.9.1, "Fields"), put together from all runs that it was cut into. It is judged like an
 * instruction in docx and is written as one plain text, or not at all.
 */
export class Instruction {
  /** Where inner fields write; what they wrote stands at their place in the instruction. */
  readonly writer: Writer
  #text = ''
  #data: Writer | undefined
  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
    this.writer = new Writer(limit)
  }

  add(text: string): void {
    this.#text += text
    this.writer.text(text)
  }

  addInner(): void {
    this.#text += INNER
  }

  addFormField(nodes: readonly Node[], context: Context): void {
    this.#data ??= new Writer(this.#limit)
    writeFormField(nodes, this.#data, context)
  }

  /** Writes `{\*\fldinst …}` when the field may stay. */
  write(writer: Writer, context: Context): boolean {
    const judged = this.#judge(context)
    if (judged === undefined) return false
    writer.begin('{\\*\\fldinst')
    if (judged === this.#text) writer.append(this.writer)
    else writer.text(judged)
    if (this.#data) writer.append(this.#data)
    writer.end()
    return true
  }

  #judge(context: Context): string | undefined {
    const judged =
      this.#text.length > MAX_INSTRUCTION ? { fault: 'RTF-FIELD' } : judgeInstruction(this.#text)
    if ('fault' in judged) {
      // A field without an instruction is an empty shell of some writers.
      if (this.#text.trim() !== '') context.removed('RTF-FIELD', 'field')
      return undefined
    }
    if (!/^ HYPERLINK "(?!#)/.test(judged.write)) return judged.write
    if (context.profile.links === 'text-only') context.removed('URL-REMOVED', 'field')
    else context.kept('URL-REMOVED', 'field')
    return context.profile.links === 'text-only' ? undefined : judged.write
  }
}

const FORM_NUMBERS = new Set(
  `fftype ffownhelp ffownstat ffprot ffsize fftypetxt ffrecalc ffhps ffmaxlen ffdefres ffres ffhaslistbox`.split(
    ' ',
  ),
)
const FORM_TEXTS = new Set('ffname ffdeftext ffformat ffhelptext ffstattext ffl'.split(' '))

/** A form's box: what it is and what it says. Macros that run when it is entered or left go. */
function writeFormField(nodes: readonly Node[], writer: Writer, context: Context): void {
  writer.begin('{\\*\\formfield')
  for (const node of formNodes(nodes)) {
    if (node.kind === 'word' && FORM_NUMBERS.has(node.word)) {
      const value = node.parameter ?? 0
      if (value >= 0 && value <= 0x7fff) writer.word(node.word, value)
    } else if (node.kind === 'group') writeFormText(node.nodes, writer, context)
  }
  writer.end()
}

/** Word puts everything into one more group. */
function formNodes(nodes: readonly Node[]): readonly Node[] {
  const [only] = groupsOf(nodes)
  const wrapped =
    only && !FORM_TEXTS.has(nameOf(only) ?? '') && FORM_NUMBERS.has(nameOf(only) ?? '')
  return wrapped ? only : nodes
}

function writeFormText(nodes: readonly Node[], writer: Writer, context: Context): void {
  const name = nameOf(nodes) ?? ''
  if (!FORM_TEXTS.has(name)) {
    context.removed('RTF-FIELD', 'formfield')
    return
  }
  const text = withoutControls(textOf(nodes), (count) =>
    context.removed('T-CTRL', 'formfield', count),
  )
  writer.begin(`{\\*\\${name}`)
  writer.text(text.replaceAll('\t', ' '))
  writer.end()
}
