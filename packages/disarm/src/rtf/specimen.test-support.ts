/** Builds RTF as writers and attackers do, for tests. */
import { placeholderPng } from '../image/index.ts'
import { verifyClean } from '../../verify/index.ts'
import { disarmBytes } from '../engine.ts'
import type { Profile } from '../profile.ts'

export const latin = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'))

const FONTS =
  '{\\fonttbl{\\f0\\froman\\fcharset0 Times New Roman;}{\\f1\\fnil\\fcharset128 MS Mincho;}{\\f2\\fnil\\fcharset2 Symbol;}}'

/** A document as WordPad writes it, with `body` after its first paragraph. */
export function rtf(body: string, fonts = FONTS): Uint8Array {
  return latin(
    `{\\rtf1\\ansi\\ansicpg932\\deff0${fonts}{\\colortbl ;\\red255\\green0\\blue0;}\r\n\\pard\\f0 first\\par\r\n${body}}\r\n`,
  )
}

export const pngHex = Buffer.from(placeholderPng(3, 2)).toString('hex')

/** An OLE package as droppers carry it: an Equation Editor object by its class name, data in hexadecimal. */
export const OLE_HEX = `01050000020000000b0000004571756174696f6e2e330000000000${'d0cf11e0a1b11ae1'.repeat(4)}`

export interface Outcome {
  readonly reason: string | undefined
  readonly text: string
  readonly removed: readonly string[]
  readonly kept: readonly string[]
  readonly output: Uint8Array
  /** What the verifier says: `rtf`, or why not. */
  readonly verdict: string
}

export function disarmRtf(bytes: Uint8Array, profile: Partial<Profile> = {}): Outcome {
  const { report, output } = disarmBytes(bytes, 'rtf', { profile })
  const ids = (rows: readonly { rule: string }[]) => [...new Set(rows.map(({ rule }) => rule))]
  return {
    reason: report.reason,
    text: output ? Buffer.from(output).toString('latin1') : '',
    removed: ids(report.removed),
    kept: ids(report.kept),
    output: output ?? new Uint8Array(),
    verdict: output ? verdictOf(output) : '',
  }
}

export function verdictOf(bytes: Uint8Array): string {
  const verdict = verifyClean(bytes, 'rtf')
  return verdict.clean ? verdict.type : verdict.reason
}

/** The text of canonical RTF as a reader shows it: words away, `\u` put together, paragraphs as line ends. */
export function shownText(canonical: string): string {
  return canonical
    .replace(/^.*?first\\par ?|^\{\\rtf1\\ansi\\ansicpg1252\\uc1/s, '')
    .replace(/\{\\\*\\[a-z]+[^{}]*\}/g, '')
    .replace(/\\u(-?\d+)\?/g, (_all, unit: string) => String.fromCharCode(Number(unit) & 0xffff))
    .replace(/\\par(?![a-z])/g, '\n')
    .replace(/\\[a-zA-Z]+-?\d* ?/g, '')
    .replace(/[{}]/g, '')
}
