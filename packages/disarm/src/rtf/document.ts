import type { Context } from '../family.ts'
import { refuse } from '../family.ts'
import { rebuildColors } from './colors.ts'
import { isDroppedGroup, ruleOf } from './dangers.ts'
import type { Destination, Place } from './destinations.ts'
import { INSIDE, destinationOf } from './destinations.ts'
import { Instruction } from './field.ts'
import { rebuildFonts } from './fonts.ts'
import type { Frame } from './frame.ts'
import { Lexer } from './lexer.ts'
import type { Token } from './lexer.ts'
import { rebuildLists, rebuildOverrides } from './lists.ts'
import { Picture } from './picture.ts'
import { SHAPE_FLAGS, canonicalValue, isShapeWord, propertyKind } from './shape.ts'
import { Codepages, FIRST_READING, Run, withoutControls } from './text.ts'
import { ESCAPED, MAX_DEPTH, readTree, textOf, groupsOf } from './tree.ts'
import type { Node } from './tree.ts'
import { canonicalParameter, isSymbolWord, shapeOf } from './words.ts'
import { Writer } from './writer.ts'

/** Reads hostile RTF token by token and writes what is allowed, in one pass. */
export class Document {
  readonly #context: Context
  readonly #lexer: Lexer
  readonly #codepages = new Codepages()
  readonly #run = new Run(this.#codepages)
  readonly #frames: Frame[] = []
  #writer: Writer
  #tokens = 0

  constructor(input: Uint8Array, context: Context) {
    this.#context = context
    this.#lexer = new Lexer(input)
    this.#writer = new Writer(context.limits.outputBytes)
  }

  /** @returns the document written anew */
  rebuild(): Uint8Array {
    this.#header()
    while (this.#frames.length > 0) {
      if ((++this.#tokens & 0xfff) === 0) this.#context.checkTime()
      this.#lexer.shiftJis = this.#codepages.isShiftJis(this.#top.reading)
      const token = this.#lexer.next()
      if (token === 'end') while (this.#frames.length > 0) this.#close()
      else this.#read(token)
    }
    // Editors of old pad with zeros.
    if (this.#lexer.rest.some((byte) => byte > 0x20)) this.#context.removed('RTF-PARSE', 'trailer')
    return this.#writer.bytes()
  }

  /** `{\rtf1`, whatever the file says in its stead: readers take anything that begins with `{\rt`. */
  #header(): void {
    if (this.#lexer.next() !== 'open' || this.#lexer.next() !== 'word') refuse('RTF-PARSE')
    if (!this.#lexer.word.startsWith('rt')) refuse('RTF-PARSE')
    if (this.#lexer.word !== 'rtf') this.#context.removed('RTF-PARSE', 'header')
    this.#writer.open('{\\rtf1\\ansi\\ansicpg1252\\uc1')
    this.#push({ place: 'root', outer: 'root', grouped: true })
  }

  #read(token: Token): void {
    const lexer = this.#lexer
    const frame = this.#top
    if (token === 'open') this.#open()
    else if (token === 'close') this.#close()
    else if (frame.place === 'skip') return
    else if (token === 'bin') this.#binary(frame)
    else if (frame.place === 'picture' && (token === 'text' || token === 'hex')) {
      if (token === 'text') frame.picture?.hex(lexer.bytes, lexer.start, lexer.end)
    } else if (token === 'text') this.#run.raw(lexer.bytes, lexer.start, lexer.end)
    else if (token === 'hex') this.#run.byte(lexer.byte)
    else if (token === 'symbol') this.#symbol(lexer.byte)
    else if (lexer.word === 'u') this.#run.unicode(lexer.parameter ?? 0xfffd, frame.reading)
    else this.#word(lexer.word, lexer.parameter)
  }

  get #top(): Frame {
    return this.#frames.at(-1)!
  }

  #push(some: Pick<Frame, 'place' | 'outer' | 'grouped'> & Partial<Frame>): Frame {
    const around = this.#frames.at(-1)
    const frame: Frame = {
      reading: around?.reading ?? FIRST_READING,
      hidden: around?.hidden ?? false,
      deleted: around?.deleted ?? false,
      entry: around?.entry ?? false,
      virtual: false,
      starred: false,
      decided: false,
      ...inherited(around),
      ...some,
    }
    // Each frame becomes at most one group, so the output is no deeper than the input was allowed to be.
    if (this.#frames.push(frame) > MAX_DEPTH) refuse('RTF-PARSE')
    return frame
  }

  #open(): void {
    this.#flush()
    const around = this.#top
    const place = CHILDREN[around.place] ?? 'between'
    const grouped = place === 'rich' || place === 'style'
    if (grouped) this.#writer.begin('{')
    const outer =
      around.place === 'between' || around.place === 'unicode' ? around.outer : around.place
    this.#push({ place, outer, grouped })
  }

  #close(): void {
    this.#flush()
    const frame = this.#top
    this.#finish(frame)
    if (frame.grouped) this.#writer.end()
    if (frame.place === 'pictureProperties') this.#writer = frame.restore!
    this.#frames.pop()
    if (frame.virtual) this.#close()
  }

  /** What a place has gathered is written when the place ends. */
  #finish(frame: Frame): void {
    if (frame.place === 'picture') this.#endPicture(frame)
    if (frame.place === 'instruction' && frame.restore) this.#endInstruction(frame)
    if (frame.place === 'field') this.#endField(frame)
    if (frame.place === 'propertyValue' && frame.decided) this.#endProperty(frame)
  }

  #endPicture(frame: Frame): void {
    const picture = frame.picture!
    // A property has one value: a second picture in it would be seen by some readers only.
    const second = frame.outer === 'propertyValue' && frame.property!.pictured
    if (picture.empty || second) return
    picture.write(this.#writer, this.#context)
    if (frame.outer === 'propertyValue') frame.property!.pictured = true
  }

  #endInstruction(frame: Frame): void {
    this.#writer = frame.restore!
    const written = frame.instruction!.write(this.#writer, this.#context)
    frame.field!.instruction = written ? 'kept' : 'dropped'
  }

  /** A field inside of an instruction is a part of it. */
  #endField(frame: Frame): void {
    if (frame.field?.instruction === 'kept') frame.instruction?.addInner()
  }

  #endProperty(frame: Frame): void {
    const { name, value } = frame.property!
    const kind = propertyKind(name)
    if (kind === undefined || kind === 'picture') return
    const canonical = canonicalValue(kind, value)
    if (canonical === undefined) this.#context.removed('RTF-PARSE', 'sp')
    else this.#writer.text(canonical)
  }

  /** Ends the run of text before a brace or a word. */
  #flush(): void {
    const frame = this.#top
    const text = this.#run.take(frame.reading)
    if (text === '') return
    const clean = withoutControls(text, (count) => {
      if (TEXTS.has(frame.place)) this.#context.removed('T-CTRL', '', count)
    })
    if (frame.place === 'instruction') frame.instruction!.add(clean.replaceAll('\t', ' '))
    else if (frame.place === 'name' || frame.place === 'title')
      this.#writer.text(clean.replaceAll('\t', ' '))
    else if (frame.place === 'propertyName') frame.property!.name += clean.trim()
    else if (frame.place === 'propertyValue') frame.property!.value += clean
    else if (SHOWN.has(frame.place)) this.#show(clean, frame)
  }

  #show(text: string, frame: Frame): void {
    if (this.#isGone(frame)) return
    for (const [index, part] of text.split('\t').entries()) {
      if (index > 0) this.#writer.word('tab')
      this.#writer.text(part)
    }
  }

  /** Text that the town does not want to come out. */
  #isGone({ hidden, deleted, entry }: Frame): boolean {
    const { profile } = this.#context
    return (
      (deleted && profile.changes === 'accept') || (hidden && !entry && profile.hidden === 'remove')
    )
  }

  #binary(frame: Frame): void {
    this.#flush()
    const { bytes, start, end } = this.#lexer
    if (frame.place === 'picture') frame.picture?.raw(bytes.subarray(start, end))
    else this.#context.removed('RTF-PARSE', 'bin')
  }

  #symbol(byte: number): void {
    const frame = this.#top
    if (ESCAPED.has(byte)) {
      this.#run.byte(byte)
      return
    }
    this.#flush()
    const character = String.fromCharCode(byte)
    if (character === '*') frame.starred = true
    else if (frame.place === 'instruction') frame.instruction!.add(IN_INSTRUCTION[character] ?? '')
    else if (!SHOWN.has(frame.place)) return
    else if ('~-_|:'.includes(character)) {
      if (!this.#isGone(frame)) this.#writer.symbol(character)
    } else this.#context.removed('RTF-PARSE', '')
  }

  #word(word: string, parameter: number | undefined): void {
    this.#flush()
    const frame = this.#top
    const { starred } = frame
    frame.starred = false
    const destination = destinationOf(word)
    if (destination) this.#destination(word, parameter, destination, starred)
    else if (isDroppedGroup(word) || (starred && !this.#beginsStyle(word, frame))) {
      this.#drop(word)
      this.#skip()
    } else this.#format(word, parameter, frame)
  }

  /** `{\*\cs10 …`: of all words that are no destinations only those of a style may have a star. */
  #beginsStyle(word: string, frame: Frame): boolean {
    if (frame.place !== 'style' || frame.outer !== 'styles') return false
    if (!isStyleWord(word) || !this.#isFresh(frame)) return false
    frame.decided = true
    this.#writer.rename('{\\*')
    return true
  }

  #format(word: string, parameter: number | undefined, frame: Frame): void {
    if (frame.place === 'root' && this.#codepages.readHeader(word, parameter)) return
    frame.reading = this.#codepages.after(frame.reading, word, parameter)
    if (frame.place === 'picture') frame.picture?.word(word, parameter)
    else if (frame.place === 'instruction') this.#inInstruction(word, frame)
    else if (frame.place === 'shapeBody' || frame.place === 'pictureProperties')
      this.#shapeWord(word, parameter)
    else if (SHOWN.has(frame.place) || frame.place === 'style') this.#write(word, parameter, frame)
    else if (shapeOf(word) === undefined) this.#drop(word)
  }

  #inInstruction(word: string, frame: Frame): void {
    const text = IN_INSTRUCTION[word]
    if (text !== undefined) frame.instruction!.add(text)
    else if (shapeOf(word) === undefined) this.#drop(word)
  }

  #shapeWord(word: string, parameter: number | undefined): void {
    if (!isShapeWord(word)) this.#drop(word)
    else if (SHAPE_FLAGS.has(word)) this.#writer.word(word)
    else if (Math.abs(parameter ?? 0) <= 0x7fffffff) this.#writer.word(word, parameter ?? 0)
  }

  #write(word: string, parameter: number | undefined, frame: Frame): void {
    const shape = shapeOf(word)
    const written = shape && canonicalParameter(shape, parameter)
    if (written === undefined) {
      this.#drop(word)
      return
    }
    if (this.#isOfChange(word, parameter, frame) || this.#isOfHiding(word, parameter, frame)) return
    if (isSymbolWord(word) && this.#isGone(frame)) return
    if (word === 'chatn' && this.#dropsComment(word)) return
    this.#writer.word(word, written ?? undefined)
  }

  /** Tracked changes; true when their words are not to be written. */
  #isOfChange(word: string, parameter: number | undefined, frame: Frame): boolean {
    if (word === 'plain') frame.deleted = false
    if (word === 'deleted') frame.deleted = parameter !== 0
    if (!CHANGES.has(word)) return false
    const { changes } = this.#context.profile
    if (changes === 'accept') this.#context.removed('OX-REV', 'change')
    else if (word === 'revised' || word === 'deleted') this.#context.kept('OX-REV', 'change')
    return changes === 'accept'
  }

  #isOfHiding(word: string, parameter: number | undefined, frame: Frame): boolean {
    if (word === 'plain') frame.hidden = false
    if (word !== 'v') return false
    frame.hidden = parameter !== 0
    if (!frame.hidden || frame.entry || frame.place === 'style') return false
    const { hidden } = this.#context.profile
    if (hidden === 'remove') this.#context.removed('OX-HIDDEN', 'text')
    else this.#context.kept('OX-HIDDEN', 'text')
    return hidden === 'remove'
  }

  #drop(word: string): void {
    const rule = ruleOf(word)
    if (rule !== undefined) this.#context.removed(rule, placeOf(rule))
  }

  /** The rest of this group goes. */
  #skip(): void {
    const frame = this.#top
    if (this.#isFresh(frame)) frame.place = 'skip'
    else this.#push({ place: 'skip', outer: frame.place, grouped: false, virtual: true })
  }

  /** True for a group of which nothing is written, so that it can still become something else. */
  #isFresh(frame: Frame): boolean {
    if (frame.decided) return false
    if (frame.place === 'between') return true
    return frame.grouped && UNDECIDED.has(frame.place) && this.#writer.pending
  }

  #destination(
    word: string,
    parameter: number | undefined,
    destination: Destination,
    starred: boolean,
  ): void {
    const fresh = this.#isFresh(this.#top)
    const around = fresh ? this.#top.outer : this.#top.place
    if (!fits(destination.place, around)) this.#drop(word)
    if (
      !fits(destination.place, around) ||
      this.#isGone(this.#top) ||
      (COMMENTS.has(word) && this.#dropsComment(word))
    ) {
      this.#skip()
      return
    }
    const frame = fresh
      ? this.#top
      : this.#push({ place: destination.place, outer: around, grouped: false, virtual: true })
    frame.place = destination.place
    frame.decided = true
    const star = destination.star ?? starred
    this.#enter(frame, word, `{${star ? '\\*' : ''}\\${word}${numbered(word, parameter)}`)
  }

  /** Comments, when the town wants none. */
  #dropsComment(word: string): boolean {
    const { comments } = this.#context.profile
    if (comments === 'remove') this.#context.removed('OX-REV', 'comment')
    else if (word === 'annotation') this.#context.kept('OX-REV', 'comment')
    return comments === 'remove'
  }

  /** Begins what the group has turned out to be. */
  #enter(frame: Frame, word: string, prefix: string): void {
    switch (frame.place) {
      case 'rich':
        if (ENTRIES.has(word)) frame.entry = true
        this.#group(frame, prefix)
        break
      case 'drawingText':
      case 'objectResult':
        frame.place = 'rich'
        this.#group(frame, '{')
        break
      case 'object':
        this.#context.removed('RTF-OBJ', 'object')
        this.#traceless(frame)
        break
      case 'drawing':
        this.#context.removed('RTF-PARSE', 'do')
        this.#traceless(frame)
        break
      case 'upr':
      case 'info':
        this.#traceless(frame)
        break
      case 'result':
        this.#result(frame)
        break
      case 'instruction':
        this.#instruction(frame)
        break
      case 'field':
        frame.field = { instruction: 'none', resulted: false }
        this.#group(frame, prefix)
        break
      case 'picture':
        frame.picture = new Picture()
        this.#group(frame, prefix)
        break
      case 'pictureProperties':
        this.#pictureProperties(frame, prefix)
        break
      case 'shapeText':
        frame.place = 'rich'
        this.#group(frame, prefix)
        break
      case 'property':
        frame.property = { name: '', value: '', pictured: false }
        break
      case 'propertyValue':
        this.#value(frame)
        break
      case 'unicode':
        frame.outer = this.#frames.findLast(({ place }) => place === 'upr')!.outer
        break
      case 'title':
        this.#title(frame)
        break
      case 'styles':
      case 'pictures':
      case 'shape':
      case 'shapeBody':
      case 'name':
        this.#group(frame, prefix)
        break
      case 'fonts':
      case 'colors':
      case 'lists':
      case 'overrides':
      case 'authors':
      case 'formfield':
        this.#table(frame, prefix)
        break
      default:
    }
  }

  /** A group that only holds what may stay. */
  #traceless(frame: Frame): void {
    if (frame.grouped) this.#writer.rename('', '')
  }

  #group(frame: Frame, prefix: string, suffix = '}'): void {
    if (frame.grouped) this.#writer.rename(prefix, suffix)
    else this.#writer.begin(prefix, suffix)
    frame.grouped = true
  }

  /** Alternative text and borders of a picture, held back until there is a picture. */
  #pictureProperties(frame: Frame, prefix: string): void {
    const picture = this.#frames.findLast(({ place }) => place === 'picture')!.picture!
    if (picture.properties) frame.place = 'skip'
    else {
      picture.properties = new Writer(this.#context.limits.outputBytes)
      frame.restore = this.#writer
      this.#writer = picture.properties
      this.#group(frame, prefix)
    }
  }

  #instruction(frame: Frame): void {
    if (frame.field!.instruction !== 'none' || frame.field!.resulted) {
      this.#context.removed('RTF-FIELD', 'field')
      frame.place = 'skip'
      return
    }
    frame.instruction = new Instruction(this.#context.limits.outputBytes)
    frame.restore = this.#writer
    this.#writer = frame.instruction.writer
  }

  /** What a field last showed. Of a field that may not stay it is all that is left. */
  #result(frame: Frame): void {
    const field = frame.field!
    if (field.resulted) {
      this.#context.removed('RTF-PARSE', 'field')
      frame.place = 'skip'
      return
    }
    field.resulted = true
    const kept = field.instruction === 'kept'
    const around = this.#fieldOf(frame)
    if (!kept) this.#renameField(around)
    // Inside of another instruction the text of a field that goes becomes a part of that instruction.
    if (!kept && around.instruction) frame.place = 'instruction'
    else {
      frame.place = 'rich'
      delete frame.instruction
      this.#group(frame, kept ? '{\\fldrslt' : '{')
    }
  }

  #fieldOf(frame: Frame): Frame {
    return this.#frames.findLast(({ place, field }) => place === 'field' && field === frame.field)!
  }

  #renameField(frame: Frame): void {
    if (frame.grouped && this.#writer.pending) {
      if (frame.instruction) this.#writer.rename('', '')
      else this.#writer.rename('{')
    }
  }

  #value(frame: Frame): void {
    const { name } = frame.property!
    const kind = propertyKind(name)
    if (kind === undefined) {
      this.#context.removed(LINKED.test(name) ? 'RTF-TPL' : 'RTF-PARSE', 'sp')
      frame.place = 'skip'
      return
    }
    frame.property!.value = ''
    this.#group(frame, `{\\sp{\\sn ${name}}{\\sv`, '}}')
  }

  #title(frame: Frame): void {
    if (this.#context.profile.title === 'remove') {
      this.#context.removed('OX-META', 'info')
      frame.place = 'skip'
      return
    }
    this.#context.kept('OX-META', 'title')
    this.#group(frame, '{\\info{\\title', '}}')
  }

  /** Tables are read whole and written from a model. */
  #table(frame: Frame, prefix: string): void {
    const depth = this.#frames.length
    const nodes = readTree(this.#lexer, this.#codepages, frame.reading, depth, this.#context)
    if (frame.place === 'formfield') frame.instruction!.addFormField(nodes, this.#context)
    else {
      this.#group(frame, prefix)
      this.#rebuildTable(frame.place, nodes)
    }
    frame.place = 'skip'
    this.#close()
  }

  #rebuildTable(place: Place, nodes: readonly Node[]): void {
    if (place === 'fonts') rebuildFonts(nodes, this.#writer, this.#codepages, this.#context)
    else if (place === 'colors') rebuildColors(nodes, this.#writer)
    else if (place === 'lists') rebuildLists(nodes, this.#writer, this.#codepages, this.#context)
    else if (place === 'overrides')
      rebuildOverrides(nodes, this.#writer, this.#codepages, this.#context)
    else this.#authors(nodes)
  }

  /** Names of those who changed the text: places in the table are their numbers. */
  #authors(nodes: readonly Node[]): void {
    for (const group of groupsOf(nodes)) {
      const name = withoutControls(textOf(group), () => undefined).replace(/[;\t]/g, '')
      this.#writer.begin('{')
      this.#writer.text(`${name};`)
      this.#writer.end()
    }
  }
}

/** What a group is at first, by the place it stands in. */
const CHILDREN: Readonly<Partial<Record<Place, Place>>> = {
  root: 'rich',
  rich: 'rich',
  unicode: 'rich',
  styles: 'style',
  style: 'style',
  instruction: 'instruction',
  name: 'name',
  title: 'title',
  propertyName: 'propertyName',
  propertyValue: 'propertyValue',
  skip: 'skip',
}

/** Places in which text is shown. */
const SHOWN: ReadonlySet<Place> = new Set(['root', 'rich', 'style', 'unicode'])
const TEXTS: ReadonlySet<Place> = new Set([...SHOWN, 'name', 'title', 'instruction'])
/** Groups that a word may still turn into something else. */
const UNDECIDED: ReadonlySet<Place> = new Set(['rich', 'style'])
/** Places that may hold whatever may stand in text. */
const FLOWING: ReadonlySet<Place> = new Set(['root', 'rich', 'unicode'])

const CHANGES = new Set(
  `revised deleted revauth revauthdel revdttm revdttmdel crauth crdate mvauth mvdate`.split(' '),
)
const COMMENTS = new Set('annotation atrfstart atrfend atnref atnid atnauthor atndate'.split(' '))
const ENTRIES = new Set('xe tc tcn txe'.split(' '))
/** Properties of drawings that name something outside of the file. */
const LINKED = /^(?:pihlShape|pibName|pibFlags|fillBlipName|lineFillBlipName|wzScript|wzGuid|wzSig)/
/** Characters that an instruction may have as words. */
const IN_INSTRUCTION: Readonly<Record<string, string>> = {
  tab: ' ',
  line: ' ',
  par: ' ',
  ldblquote: '"',
  rdblquote: '"',
  lquote: "'",
  rquote: "'",
  '~': '\u00A0',
  _: '-',
}

function isStyleWord(word: string): boolean {
  return word === 's' || word === 'cs' || word === 'ts' || word === 'ds'
}

/** The one destination with a number of its own. */
function numbered(word: string, parameter: number | undefined): string {
  if (word !== 'pnseclvl') return ''
  return String(Math.min(9, Math.max(1, parameter ?? 1)))
}

function placeOf(rule: string): string {
  return rule === 'RTF-PARSE' ? 'word' : ''
}

function fits(place: Place, around: Place): boolean {
  const inside = INSIDE[place]
  if (inside) return inside.includes(around)
  if (place === 'picture')
    return FLOWING.has(around) || around === 'pictures' || around === 'propertyValue'
  if (place === 'field') return FLOWING.has(around) || around === 'instruction'
  if (place === 'shape') return FLOWING.has(around) || around === 'shapeBody'
  return FLOWING.has(around)
}

/** What groups inside of these places belong to. */
function inherited(around: Frame | undefined): Partial<Frame> {
  if (!around) return {}
  const { field, instruction, property } = around
  return {
    ...(field ? { field } : {}),
    ...(instruction ? { instruction } : {}),
    ...(property ? { property } : {}),
  }
}
