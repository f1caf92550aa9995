import type { RtfReader } from './rtf-reader.ts'
import { wordAllowed } from './rtf-words.ts'

/** Tables at the beginning of an RTF document: each reads behind its own word, up to and with its closing brace. */
export const TABLES: ReadonlyMap<string, { readonly star: boolean; readonly read: Table }> =
  new Map<string, { readonly star: boolean; readonly read: Table }>([
    ['fonttbl', { star: false, read: readFonts }],
    ['colortbl', { star: false, read: readColours }],
    ['listtable', { star: true, read: readLists }],
    ['listoverridetable', { star: true, read: readOverrides }],
    ['revtbl', { star: true, read: readAuthors }],
    ['info', { star: false, read: readInfo }],
  ])

/** @param picture reads a `\pict` whose brace was read, up to and with its closing brace */
type Table = (reader: RtfReader, picture: () => void) => void

/** Fonts in one table, lists in one table, levels of a list, characters of a name. */
const MAX_FONTS = 4096
const MAX_COLOURS = 32_768
const MAX_LISTS = 10_000
const MAX_LEVELS = 9
const MAX_NAME = 128
const LONG = 0x7fffffff
const FAMILIES = new Set(['fnil', 'froman', 'fswiss', 'fmodern', 'fscript', 'fdecor', 'ftech'])

function readFonts(reader: RtfReader): void {
  const count = each(reader, () => {
    number(reader, 'f', 0, 0x7fff)
    const family = reader.next()
    reader.must(family.kind === 'word' && FAMILIES.has(family.word))
    reader.must(family.parameter === undefined)
    option(reader, 'fcharset', 0, 255)
    option(reader, 'fprq', 0, 2)
    const name = fontName(reader)
    reader.must(name.length <= MAX_NAME && name.trim() === name)
    reader.must(reader.next().kind === 'text')
    reader.must(reader.next().kind === 'close')
  })
  reader.must(count >= 1 && count <= MAX_FONTS)
}

/** Between the numbers and the semicolon: `{\*\panose …}`, the name, `{\*\falt …}`. */
function fontName(reader: RtfReader): string {
  let name = ''
  let stage = 0
  for (;;) {
    name += text(reader, ';')
    if (reader.peek().kind === 'text') return name
    if (name !== '') stage = Math.max(stage, 1)
    open(reader)
    reader.must(reader.next().kind === 'star')
    const word = reader.next()
    reader.must(word.kind === 'word' && word.parameter === undefined)
    const inner = text(reader, ';')
    reader.must(reader.next().kind === 'close')
    if (word.word === 'panose') reader.must(stage === 0 && /^[0-9a-f]{20}$/u.test(inner))
    else {
      reader.must(word.word === 'falt' && stage < 2 && inner.trim() === inner)
      reader.must(inner !== '' && inner.length <= MAX_NAME)
      reader.must(reader.peek().kind === 'text')
    }
    stage = word.word === 'panose' ? 1 : 2
  }
}

function readColours(reader: RtfReader): void {
  let count = 0
  while (reader.peek().kind !== 'close') {
    reader.must(++count <= MAX_COLOURS)
    if (reader.peek().kind === 'word') {
      for (const channel of ['red', 'green', 'blue']) number(reader, channel, 0, 255)
    }
    semicolon(reader)
  }
  reader.next()
  reader.must(count > 0)
}

function readLists(reader: RtfReader, picture: () => void): void {
  const count = each(reader, () => {
    if (reader.peek().kind === 'star') {
      readBullets(reader, picture)
      return
    }
    flag(reader, 'list')
    option(reader, 'listtemplateid', -LONG, LONG)
    option(reader, 'listsimple', 0, 1)
    if (ahead(reader) === 'listhybrid') flag(reader, 'listhybrid')
    option(reader, 'listrestarthdn', 0, 1)
    let levels = 0
    while (reader.peek().kind === 'open') {
      reader.next()
      if (ahead(reader) === 'listname') {
        readListName(reader)
        break
      }
      reader.must(++levels <= MAX_LEVELS)
      readLevel(reader)
    }
    option(reader, 'listid', -LONG, LONG)
    reader.must(reader.next().kind === 'close')
  })
  reader.must(count >= 1 && count <= MAX_LISTS)
}

/** `{\*\listpicture{\pict…}…}` or with each picture in `{\*\shppict…}`. */
function readBullets(reader: RtfReader, picture: () => void): void {
  reader.next()
  flag(reader, 'listpicture')
  const count = each(reader, () => {
    if (reader.peek().kind !== 'star') {
      picture()
      return
    }
    reader.next()
    flag(reader, 'shppict')
    open(reader)
    picture()
    reader.must(reader.next().kind === 'close')
  })
  reader.must(count > 0)
}

function readListName(reader: RtfReader): void {
  flag(reader, 'listname')
  const name = text(reader, ';')
  reader.must(name.trim() === name)
  semicolon(reader)
  reader.must(reader.next().kind === 'close')
}

function readLevel(reader: RtfReader): void {
  flag(reader, 'listlevel')
  option(reader, 'levelnfc', 0, 255)
  option(reader, 'levelnfcn', 0, 255)
  for (const word of ['leveljc', 'leveljcn', 'levelfollow']) option(reader, word, 0, 2)
  option(reader, 'levelstartat', 0, 0x7fff)
  for (const word of ['levelold', 'levelprev', 'levelprevspace']) option(reader, word, 0, 1)
  for (const word of ['levelspace', 'levelindent']) option(reader, word, 0, 0xffff)
  for (const word of ['levellegal', 'levelnorestart']) option(reader, word, 0, 1)
  option(reader, 'levelpicture', 0, 0x7fff)
  const units = readLevelText(reader)
  readLevelNumbers(reader, units)
  while (reader.peek().kind !== 'close') {
    const part = reader.next()
    reader.must(part.kind === 'word' && wordAllowed(part.word, part.parameter))
  }
  reader.next()
}

/** The count, then as many units: characters, or 0 to 8 for the number of a level. The last unit may itself be a semicolon. */
function readLevelText(reader: RtfReader): readonly number[] {
  open(reader)
  flag(reader, 'leveltext', () => option(reader, 'leveltemplateid', -LONG, LONG))
  const count = reader.next()
  reader.must(count.kind === 'byte')
  const units: number[] = []
  while (units.length < count.value) {
    const part = reader.next()
    if (part.kind === 'byte') reader.must(part.value < MAX_LEVELS)
    else reader.must(part.kind === 'text' && (part.unit < 0xd800 || part.unit > 0xdfff))
    units.push(part.kind === 'byte' ? part.value : part.unit)
  }
  semicolon(reader)
  reader.must(reader.next().kind === 'close')
  return units
}

/** Places (from 1, rising) at which the text has a number. */
function readLevelNumbers(reader: RtfReader, units: readonly number[]): void {
  open(reader)
  flag(reader, 'levelnumbers')
  let last = 0
  while (reader.peek().kind === 'byte') {
    const part = reader.next()
    reader.must(part.kind === 'byte' && part.value > last)
    reader.must((units[part.value - 1] ?? MAX_LEVELS) < MAX_LEVELS)
    last = part.value
  }
  semicolon(reader)
  reader.must(reader.next().kind === 'close')
}

function readOverrides(reader: RtfReader): void {
  const count = each(reader, () => {
    flag(reader, 'listoverride')
    option(reader, 'listid', -LONG, LONG)
    const claimed = reader.next()
    reader.must(claimed.kind === 'word' && claimed.word === 'listoverridecount')
    let levels = 0
    while (reader.peek().kind === 'open') {
      reader.next()
      levels++
      readOverrideLevel(reader)
    }
    // Word wrote behind the end of its nine levels when this number was larger (CVE-2014-1761).
    reader.must(claimed.parameter === levels && levels <= MAX_LEVELS)
    option(reader, 'ls', 0, 0x7fff)
    reader.must(reader.next().kind === 'close')
  })
  reader.must(count >= 1 && count <= MAX_LISTS)
}

function readOverrideLevel(reader: RtfReader): void {
  flag(reader, 'lfolevel')
  if (ahead(reader) === 'listoverridestartat') {
    flag(reader, 'listoverridestartat')
    option(reader, 'levelstartat', 0, 0x7fff)
  }
  if (ahead(reader) === 'listoverrideformat') {
    flag(reader, 'listoverrideformat')
    open(reader)
    readLevel(reader)
  }
  reader.must(reader.next().kind === 'close')
}

function readAuthors(reader: RtfReader): void {
  const count = each(reader, () => {
    text(reader, ';')
    semicolon(reader)
    reader.must(reader.next().kind === 'close')
  })
  reader.must(count > 0)
}

function readInfo(reader: RtfReader): void {
  open(reader)
  flag(reader, 'title')
  reader.must(text(reader, '') !== '')
  reader.must(reader.next().kind === 'close' && reader.next().kind === 'close')
}

/** Reads groups up to the closing brace around them. */
function each(reader: RtfReader, read: () => void): number {
  let count = 0
  for (;;) {
    const part = reader.next()
    if (part.kind === 'close') return count
    reader.must(part.kind === 'open')
    count++
    read()
  }
}

function ahead(reader: RtfReader): string | undefined {
  const part = reader.peek()
  return part.kind === 'word' ? part.word : undefined
}

function open(reader: RtfReader): void {
  reader.must(reader.next().kind === 'open')
}

function flag(reader: RtfReader, word: string, then?: () => void): void {
  const part = reader.next()
  reader.must(part.kind === 'word' && part.word === word && part.parameter === undefined)
  then?.()
}

function number(reader: RtfReader, word: string, low: number, high: number): void {
  const part = reader.next()
  reader.must(part.kind === 'word' && part.word === word && part.parameter !== undefined)
  reader.must(part.parameter >= low && part.parameter <= high)
}

function option(reader: RtfReader, word: string, low: number, high: number): void {
  if (ahead(reader) === word) number(reader, word, low, high)
}

function semicolon(reader: RtfReader): void {
  const part = reader.next()
  reader.must(part.kind === 'text' && part.unit === 0x3b)
}

/** Well-formed text up to anything else or to a character of `stop`. */
export function text(reader: RtfReader, stop: string): string {
  let all = ''
  for (;;) {
    const part = reader.peek()
    if (part.kind !== 'text' || stop.includes(String.fromCharCode(part.unit))) break
    all += String.fromCharCode(part.unit)
    reader.next()
    if (stop === '') all += reader.plain()
  }
  reader.must(all.isWellFormed())
  return all
}
