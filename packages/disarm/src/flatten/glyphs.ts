import type { Word } from './words.ts'

/**
 * Whether the fonts on this machine can draw all these words. A page drawn with a font that lacks a character shows a blank, and
 * nobody would notice; and a variation selector (葛󠄂) that no font knows silently becomes another form of a person's name.
 *
 * @param charset answer of the tool `glyphs`: one line a font, ranges in hexadecimal
 */
export function canDraw(words: readonly (readonly Word[])[], charset: Uint8Array): boolean {
  const covered = coverage(Buffer.from(charset).toString('latin1'))
  return words.every((page) =>
    page.every(({ text }) =>
      [...text].every((character) => covered(character.codePointAt(0) ?? 0)),
    ),
  )
}

const LAST = 0x10ffff

function coverage(lines: string): (codePoint: number) => boolean {
  const bits = new Uint8Array((LAST >> 3) + 1)
  for (const token of lines.split(/[ \n]/)) {
    const match = /^([0-9a-f]{1,6})(?:-([0-9a-f]{1,6}))?$/.exec(token)
    if (!match) continue
    const first = Number.parseInt(match[1] ?? '', 16)
    const last = Math.min(LAST, match[2] === undefined ? first : Number.parseInt(match[2], 16))
    for (let code = first; code <= last; code++) bits[code >> 3]! |= 1 << (code & 7)
  }
  return (codePoint) => (bits[codePoint >> 3]! & (1 << (codePoint & 7))) !== 0
}

/**
 * Whether every font of the PDF comes with it (answer of the tool `fonts`: a table whose column `emb` says yes or no). Such a page needs
 * no font of this machine.
 */
export function bringsItsFonts(table: Uint8Array): boolean {
  const [head = '', rule = '', ...rows] = Buffer.from(table).toString('latin1').split('\n')
  const at = head.indexOf(' emb ') + 1
  if (at < 1 || !rule.startsWith('---')) return false
  return rows.filter((row) => row.trim() !== '').every((row) => row.slice(at, at + 3) === 'yes')
}
