import { VOID } from './elements.ts'
import type { CleanElement, CleanNode } from './filter.ts'

/** What the head of a page tells a browser: nothing is loaded, nothing runs, even if all else had a hole. */
const POLICY = {
  page: "default-src 'none'; img-src data:; style-src 'unsafe-inline'",
  mail: "default-src 'none'; img-src cid:; style-src 'unsafe-inline'",
} as const

export type HtmlForm = keyof typeof POLICY

export interface CleanPage {
  readonly lang: string | undefined
  readonly title: string
  /** Rules of the sheet, one a line. */
  readonly sheet: string
  readonly body: CleanElement
}

/**
 * The one spelling of a page: every element closed that can be, attributes in the order of their names and in double quotes, text
 * escaped. Nothing stands behind `</html>`.
 */
export function writePage(page: CleanPage, form: HtmlForm): string {
  const lang = page.lang === undefined ? '' : ` lang="${page.lang}"`
  const sheet = page.sheet === '' ? '' : `<style>\n${page.sheet}\n</style>`
  const parts = [
    `<!DOCTYPE html>\n<html${lang}><head><meta charset="utf-8">`,
    `<meta http-equiv="Content-Security-Policy" content="${POLICY[form]}">`,
    `<title>${escapeText(page.title)}</title>${sheet}</head>`,
  ]
  writeNode(page.body, parts)
  parts.push('</html>')
  return parts.join('')
}

function writeNode(node: CleanNode, parts: string[]): void {
  if (typeof node === 'string') {
    parts.push(escapeText(node))
    return
  }
  const attributes = node.attributes.map(([name, value]) => ` ${name}="${escapeValue(value)}"`)
  parts.push(`<${node.name}${attributes.join('')}>`)
  if (VOID.has(node.name)) return
  const [first] = node.children
  // Readers pass over one line feed after this tag.
  if (node.name === 'pre' && typeof first === 'string' && first.startsWith('\n')) parts.push('\n')
  for (const child of node.children) writeNode(child, parts)
  parts.push(`</${node.name}>`)
}

export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function escapeValue(value: string): string {
  return escapeText(value).replaceAll('"', '&quot;')
}
