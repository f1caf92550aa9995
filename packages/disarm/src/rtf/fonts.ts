import type { Context } from '../family.ts'
import { refuse } from '../family.ts'
import { codepageOfCharset } from './codepage.ts'
import { ruleOf } from './dangers.ts'
import type { Codepages } from './text.ts'
import { withoutControls } from './text.ts'
import type { Node } from './tree.ts'
import { nameOf, textOf } from './tree.ts'
import type { Writer } from './writer.ts'

interface Font {
  number: number
  family: string | undefined
  charset: number | undefined
  codepage: number | undefined
  pitch: number | undefined
  panose: string
  alternate: string
  name: string
}

/** Word numbers fonts with 16 bits and broke when a table had more than its memory for them (CVE-2023-21716). */
const MAX_FONTS = 4096
const MAX_NUMBER = 0x7fff
/** Windows allows 31 characters; some names are lists. */
const MAX_NAME = 128
const FAMILIES = new Set(['fnil', 'froman', 'fswiss', 'fmodern', 'fscript', 'fdecor', 'ftech'])

/** The font table, read into fonts and written anew; tells `codepages` what each font's bytes mean. */
export function rebuildFonts(
  nodes: readonly Node[],
  writer: Writer,
  codepages: Codepages,
  context: Context,
): void {
  const fonts = readFonts(nodes, context).filter(({ number }) => number >= 0)
  if (fonts.length > MAX_FONTS) refuse('RTF-PARSE')
  for (const font of fonts) {
    const codepage = font.charset === undefined ? undefined : codepageOfCharset(font.charset)
    codepages.setFont(font.number, font.codepage ?? codepage)
    writeFont(font, writer)
  }
}

/** Fonts stand in groups of their own (Word) or one behind the other, each ended by a semicolon (TextEdit). */
function readFonts(nodes: readonly Node[], context: Context): Font[] {
  const fonts: Font[] = []
  let font = blank()
  for (const node of nodes) {
    if (node.kind === 'word') readWord(font, node.word, node.parameter, context)
    else if (node.kind === 'group') {
      const inner = nameOf(node.nodes)
      if (inner === 'panose') font.panose = panoseOf(textOf(node.nodes))
      else if (inner === 'falt') font.alternate = nameFrom(textOf(node.nodes), context)
      else fonts.push(...readFonts(node.nodes, context))
    } else
      for (const [index, part] of node.text.split(';').entries()) {
        if (index > 0) {
          fonts.push(font)
          font = blank()
        }
        font.name += nameFrom(part, context)
      }
  }
  if (font.name.trim() !== '') fonts.push(font)
  return fonts
}

function blank(): Font {
  return {
    number: -1,
    family: undefined,
    charset: undefined,
    codepage: undefined,
    pitch: undefined,
    panose: '',
    alternate: '',
    name: '',
  }
}

function readWord(font: Font, word: string, parameter: number | undefined, context: Context): void {
  const value = parameter ?? 0
  if (FAMILIES.has(word)) font.family = word
  else if (word === 'f' && value >= 0 && value <= MAX_NUMBER) font.number = value
  else if (word === 'fcharset' && value >= 0 && value <= 255) font.charset = value
  else if (word === 'fprq' && value >= 0 && value <= 2) font.pitch = value
  else if (word === 'cpg') font.codepage = value || undefined
  else {
    const rule = word === 'fonttbl' ? undefined : ruleOf(word)
    if (rule !== undefined) context.removed(rule, 'fonttbl')
  }
}

function panoseOf(text: string): string {
  const digits = text.replace(/[\s;]/g, '').toLowerCase()
  return /^[0-9a-f]{20}$/.test(digits) ? digits : ''
}

function nameFrom(text: string, context: Context): string {
  const clean = withoutControls(text, (count) => context.removed('T-CTRL', 'fonttbl', count))
  return clean.replace(/[;\t]/g, '')
}

function writeFont(font: Font, writer: Writer): void {
  writer.begin('{')
  writer.word('f', font.number)
  writer.word(font.family ?? 'fnil')
  if (font.charset !== undefined) writer.word('fcharset', font.charset)
  if (font.pitch !== undefined) writer.word('fprq', font.pitch)
  writer.begin('{\\*\\panose')
  writer.text(font.panose)
  writer.end()
  writer.text(clip(font.name))
  writer.begin('{\\*\\falt')
  writer.text(clip(font.alternate))
  writer.end()
  writer.text(';')
  writer.end()
}

/** A name without white space around it, cut between characters. */
function clip(name: string): string {
  return name
    .trim()
    .slice(0, MAX_NAME)
    .replace(/[\uD800-\uDBFF]$/, '')
    .trim()
}
