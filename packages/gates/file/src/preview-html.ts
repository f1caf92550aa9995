import type { Preview } from './preview.ts'
import { PREVIEW_PARAGRAPHS_MAX, shorten } from './preview-text.ts'
import { walkXml } from './xml-walk.ts'

const READ_MAX = 32 * 1024 * 1024
/** A line ends where one of these begins or ends. */
const BLOCKS = new Set(
  `address article aside blockquote body br caption center dd details div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6
   header hr li main nav ol p pre section summary table tbody tfoot thead title tr ul`.split(
    /\s+/u,
  ),
)
const CELLS = new Set(['td', 'th'])

/** The first lines of a page: its title and the words of its body, no markup, no address. */
export function previewHtml(bytes: Uint8Array): Preview {
  const { lines, more } = linesOfHtml(new TextDecoder().decode(bytes.subarray(0, READ_MAX)))
  return { kind: 'text', paragraphs: lines, more: more || bytes.length > READ_MAX }
}

/** The words of a page in the one spelling that the disarmer writes. */
export function linesOfHtml(html: string): { readonly lines: string[]; readonly more: boolean } {
  const lines: string[] = []
  let line = ''
  let style = false
  const full = (): boolean => lines.length >= PREVIEW_PARAGRAPHS_MAX
  const end = (): void => {
    if (line.trim() !== '') lines.push(shorten(line.trim()))
    line = ''
  }
  walkXml(
    html,
    {
      open(name) {
        if (name === 'style') style = true
        else if (BLOCKS.has(name)) end()
        else if (CELLS.has(name) && line !== '') line += '\t'
      },
      close(name) {
        if (name === 'style') style = false
        else if (BLOCKS.has(name)) end()
      },
      text(text) {
        if (!style) line += text.replaceAll(/[ \r\n]+/gu, ' ')
      },
    },
    full,
  )
  end()
  return { lines: lines.slice(0, PREVIEW_PARAGRAPHS_MAX), more: full() }
}
