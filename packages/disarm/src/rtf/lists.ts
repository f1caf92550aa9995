import type { Context } from '../family.ts'
import { refuse } from '../family.ts'
import type { Codepages } from './text.ts'
import { Picture } from './picture.ts'
import { withoutControls } from './text.ts'
import type { Node } from './tree.ts'
import { groupsOf, nameOf, textOf, wordsOf } from './tree.ts'
import { canonicalParameter, shapeOf } from './words.ts'
import type { Writer } from './writer.ts'

/** Word has room for nine levels; it wrote behind them when a file announced more (CVE-2014-1761). */
const MAX_LEVELS = 9
const MAX_LISTS = 10_000
/** The first unit of a level's text counts the others. */
const MAX_LEVEL_TEXT = 255

/** Numbers of a level, in the order in which they are written. */
const LEVEL_NUMBERS: readonly (readonly [word: string, high: number])[] = [
  ['levelnfc', 255],
  ['levelnfcn', 255],
  ['leveljc', 2],
  ['leveljcn', 2],
  ['levelfollow', 2],
  ['levelstartat', 0x7fff],
  ['levelold', 1],
  ['levelprev', 1],
  ['levelprevspace', 1],
  ['levelspace', 0xffff],
  ['levelindent', 0xffff],
  ['levellegal', 1],
  ['levelnorestart', 1],
  ['levelpicture', 0x7fff],
]

/** What a list, a level and an override may have besides formatting. */
const OWN_WORDS = new Set(
  `list listtemplateid listsimple listhybrid listrestarthdn listid listname listlevel leveltext levelnumbers leveltemplateid levelpicture
   listoverride listoverridecount ls lfolevel listoverrideformat listoverridestartat listtable listoverridetable liststyleid
   liststylename lvltentative`.split(/\s+/),
)

type Budget = { lists: number }

/** `{\*\listtable …}`: how lists are numbered. */
export function rebuildLists(
  nodes: readonly Node[],
  writer: Writer,
  codepages: Codepages,
  context: Context,
): void {
  const budget: Budget = { lists: 0 }
  for (const group of groupsOf(nodes)) {
    if (nameOf(group) === 'list') writeList(group, writer, codepages, context, budget)
    else if (nameOf(group) === 'listpicture') writePictures(group, writer, context)
    else context.removed('RTF-PARSE', 'listtable')
  }
}

/** Bullets that are pictures, found by their place in this group. */
function writePictures(group: readonly Node[], writer: Writer, context: Context): void {
  writer.begin('{\\*\\listpicture')
  for (const inner of groupsOf(group)) {
    if (nameOf(inner) === 'pict') writePicture(inner, writer, context)
    for (const picture of nameOf(inner) === 'shppict' ? groupsOf(inner) : []) {
      writer.begin('{\\*\\shppict')
      if (nameOf(picture) === 'pict') writePicture(picture, writer, context)
      writer.end()
    }
  }
  writer.end()
}

function writePicture(nodes: readonly Node[], writer: Writer, context: Context): void {
  const picture = new Picture()
  for (const node of nodes) {
    if (node.kind === 'word') picture.word(node.word, node.parameter)
    else if (node.kind === 'text')
      picture.hex(Buffer.from(node.text, 'latin1'), 0, node.text.length)
  }
  writer.begin('{\\pict')
  if (!picture.empty) picture.write(writer, context)
  writer.end()
}

/** `{\*\listoverridetable …}`: which paragraphs belong to which list. */
export function rebuildOverrides(
  nodes: readonly Node[],
  writer: Writer,
  codepages: Codepages,
  context: Context,
): void {
  const budget: Budget = { lists: 0 }
  for (const group of groupsOf(nodes)) {
    if (nameOf(group) === 'listoverride') writeOverride(group, writer, codepages, context, budget)
    else context.removed('RTF-PARSE', 'listoverridetable')
  }
}

function writeList(
  list: readonly Node[],
  writer: Writer,
  codepages: Codepages,
  context: Context,
  budget: Budget,
): void {
  if (++budget.lists > MAX_LISTS) refuse('RTF-PARSE')
  const words = wordsOf(list)
  writer.begin('{')
  writer.word('list')
  writeNumber(writer, words, 'listtemplateid', -LONG, LONG)
  writeNumber(writer, words, 'listsimple', 0, 1)
  if (words.has('listhybrid')) writer.word('listhybrid')
  writeNumber(writer, words, 'listrestarthdn', 0, 1)
  const groups = groupsOf(list)
  const levels = groups.filter((group) => nameOf(group) === 'listlevel')
  if (levels.length > MAX_LEVELS) context.removed('RTF-PARSE', 'list', levels.length - MAX_LEVELS)
  for (const level of levels.slice(0, MAX_LEVELS)) writeLevel(level, writer, codepages, context)
  const name = groups.find((group) => nameOf(group) === 'listname')
  if (name) writeName(name, writer, context)
  writeNumber(writer, words, 'listid', -LONG, LONG)
  writer.end()
}

const LONG = 0x7fffffff

function writeNumber(
  writer: Writer,
  words: ReadonlyMap<string, number | undefined>,
  word: string,
  low: number,
  high: number,
): void {
  const value = words.has(word) ? (words.get(word) ?? 0) : undefined
  if (value !== undefined && value >= low && value <= high) writer.word(word, value)
}

function writeName(name: readonly Node[], writer: Writer, context: Context): void {
  const clean = withoutControls(textOf(name), (count) => context.removed('T-CTRL', 'list', count))
  writer.begin('{\\listname')
  writer.text(`${clean.replace(/[;\t]/g, '').trim()};`)
  writer.end()
}

function writeLevel(
  level: readonly Node[],
  writer: Writer,
  codepages: Codepages,
  context: Context,
): void {
  const words = wordsOf(level)
  const groups = groupsOf(level)
  const find = (name: string) => groups.find((group) => nameOf(group) === name)
  writer.begin('{')
  writer.word('listlevel')
  for (const [word, high] of LEVEL_NUMBERS) writeNumber(writer, words, word, 0, high)
  const text = levelText(find('leveltext') ?? [], words.get('f'), codepages)
  writer.begin('{\\leveltext')
  writeNumber(writer, wordsOf(find('leveltext') ?? []), 'leveltemplateid', -LONG, LONG)
  writer.byte(text.length)
  writeUnits(text, writer)
  writer.text(';')
  writer.end()
  writer.begin('{\\levelnumbers')
  for (const place of levelNumbers(find('levelnumbers') ?? [], text)) writer.byte(place)
  writer.text(';')
  writer.end()
  writeFormatting(level, writer, context)
  writer.end()
}

/** Units behind the count: characters, and 0 to 8 for the number of a level. The count itself is ours. */
function levelText(nodes: readonly Node[], font: number | undefined, codepages: Codepages): string {
  const all = textOf(nodes)
  const end = all.lastIndexOf(';')
  const clean = (end < 0 ? all : all.slice(0, end)).slice(1).replace(UNPRINTABLE, '')
  const units = clean.slice(0, MAX_LEVEL_TEXT)
  const symbols = font !== undefined && codepages.isSymbol(font)
  return symbols ? units.replace(/[\u0080-\u00FF]/g, asSymbol) : units
}

const UNPRINTABLE = /[\u0009-\u001F\u007F-\u009F\uD800-\uDFFF\uFFFE\uFFFF]/g

function asSymbol(character: string): string {
  return String.fromCharCode(0xf000 + character.charCodeAt(0))
}

function writeUnits(text: string, writer: Writer): void {
  for (const unit of text) {
    if (unit < ' ') writer.byte(unit.charCodeAt(0))
    else writer.text(unit)
  }
}

/** Places (from 1) of numbers in the level's text; a place that holds none would make a reader look elsewhere. */
function levelNumbers(nodes: readonly Node[], text: string): readonly number[] {
  const places = new Set<number>()
  for (const unit of textOf(nodes)) {
    const place = unit.charCodeAt(0)
    if (place >= 1 && place <= text.length && text.charCodeAt(place - 1) < MAX_LEVELS)
      places.add(place)
  }
  return [...places].toSorted((a, b) => a - b)
}

function writeFormatting(level: readonly Node[], writer: Writer, context: Context): void {
  for (const node of level) {
    if (node.kind !== 'word' || OWN_WORDS.has(node.word)) continue
    if (LEVEL_NUMBERS.some(([word]) => word === node.word)) continue
    const shape = shapeOf(node.word)
    const parameter = shape && canonicalParameter(shape, node.parameter)
    if (parameter === undefined) context.removed('RTF-PARSE', 'list')
    else writer.word(node.word, parameter ?? undefined)
  }
}

/** The count of changed levels is the number of those that are written, whatever the file says. */
function writeOverride(
  override: readonly Node[],
  writer: Writer,
  codepages: Codepages,
  context: Context,
  budget: Budget,
): void {
  if (++budget.lists > MAX_LISTS) refuse('RTF-PARSE')
  const words = wordsOf(override)
  const levels = groupsOf(override).filter((group) => nameOf(group) === 'lfolevel')
  const kept = levels.slice(0, MAX_LEVELS)
  const claimed = words.get('listoverridecount') ?? 0
  if (levels.length > MAX_LEVELS || claimed < 0 || claimed > MAX_LEVELS)
    context.removed('RTF-PARSE', 'listoverridetable')
  writer.begin('{')
  writer.word('listoverride')
  writeNumber(writer, words, 'listid', -LONG, LONG)
  writer.word('listoverridecount', kept.length)
  for (const level of kept) writeOverrideLevel(level, writer, codepages, context)
  writeNumber(writer, words, 'ls', 0, 0x7fff)
  writer.end()
}

function writeOverrideLevel(
  level: readonly Node[],
  writer: Writer,
  codepages: Codepages,
  context: Context,
): void {
  const words = wordsOf(level)
  writer.begin('{')
  writer.word('lfolevel')
  const format = groupsOf(level).find((group) => nameOf(group) === 'listlevel')
  if (words.has('listoverridestartat')) {
    writer.word('listoverridestartat')
    writeNumber(writer, words, 'levelstartat', 0, 0x7fff)
  }
  if (format && words.has('listoverrideformat')) {
    writer.word('listoverrideformat')
    writeLevel(format, writer, codepages, context)
  }
  writer.end()
}
