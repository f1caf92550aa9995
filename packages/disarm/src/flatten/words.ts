import { refuse } from '../family.ts'

/** One word where the renderer found it. Points, from the upper left corner of the page. */
export interface Word {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  readonly text: string
}

/**
 * Words by page, out of the renderer's table (TSV: level, page, paragraph, block, line, word, left, top, width, height, confidence, text).
 * Lines that are no words, or not of the form, are passed over: the picture is the document, the words are only for searching.
 *
 * @param pages how many pages were drawn
 */
export function readWords(table: Uint8Array, pages: number): readonly (readonly Word[])[] {
  const byPage: Word[][] = Array.from({ length: pages }, () => [])
  let count = 0
  for (const line of new TextDecoder().decode(table).split('\n')) {
    const cells = line.split('\t')
    const page = byPage[Number(cells[1]) - 1]
    if (cells.length !== 12 || cells[0] !== '5' || !page) continue
    const [left = 0, top = 0, width = 0, height = 0] = cells.slice(6, 10).map(Number)
    const text = cleanWord(cells[11] ?? '')
    const numbers = [left, top, width, height]
    if (text === '' || !numbers.every((one) => Number.isFinite(one) && Math.abs(one) < 20_000))
      continue
    if (++count > MAX_WORDS) refuse('LIMIT-ENTRIES')
    page.push({ left, top, width, height, text })
  }
  return byPage
}

const MAX_WORDS = 500_000
/** UTF-16 units of one word. */
const MAX_WORD = 500

function cleanWord(text: string): string {
  return text
    .replace(/[\u0000-\u0020\u007F-\u009F\u202A-\u202E\u2066-\u2069\uFEFF]|\p{Surrogate}/gu, '')
    .slice(0, MAX_WORD)
}
