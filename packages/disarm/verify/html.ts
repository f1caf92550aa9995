import type { Budget } from './budget.ts'
import { HtmlMarkup } from './html-markup.ts'
import { isSheet } from './html-style.ts'
import { isLanguage, isPlainText } from './html-value.ts'
import { verifyPicture } from './picture.ts'
import { demand } from './rejection.ts'

/** Accepts exactly the page of the grammar, with its pictures inside. */
export function verifyHtml(bytes: Uint8Array, budget: Budget, where: string): void {
  verifyPage(bytes, budget, where, 'page', (source) => insidePicture(source, budget, where))
}

export type PageForm = 'page' | 'mail'

const POLICIES: Readonly<Record<PageForm, string>> = {
  page: "default-src 'none'; img-src data:; style-src 'unsafe-inline'",
  mail: "default-src 'none'; img-src cid:; style-src 'unsafe-inline'",
}

/**
 * A page from its first byte to its last. What a browser builds of it is the tree that is read here, because every element is closed and
 * none stands where a browser would move it.
 * @param acceptSource is asked for the `src` of each picture
 */
export function verifyPage(
  bytes: Uint8Array,
  budget: Budget,
  where: string,
  form: PageForm,
  acceptSource: (source: string) => boolean,
): void {
  budget.spend(bytes.length * 2, where)
  const text = decoded(bytes)
  demand(text !== undefined && !text.includes('\r'), 'VERIFY-HTML', where)
  const markup = new HtmlMarkup(text, where, acceptSource)
  markup.skip('<!DOCTYPE html>\n<html')
  if (markup.has(' lang="')) {
    markup.skip(' lang="')
    demand(isLanguage(markup.until('"')), 'VERIFY-HTML-ATTRIBUTE', where)
  }
  markup.skip('><head><meta charset="utf-8">')
  markup.skip(`<meta http-equiv="Content-Security-Policy" content="${POLICIES[form]}">`)
  markup.skip('<title>')
  verifyTitle(markup.text(), where)
  markup.skip('</title>')
  if (markup.has('<style>')) {
    markup.skip('<style>\n')
    demand(isSheet(markup.until('\n</style>')), 'VERIFY-HTML-STYLE', where)
  }
  markup.skip('</head>')
  markup.body()
  markup.skip('</html>')
  demand(markup.atEnd, 'VERIFY-TRAILING', where)
}

function verifyTitle(title: string, where: string): void {
  const tidy = title === title.trim() && !/[\t\n\f]| {2}/u.test(title) && title.length <= 1000
  demand(tidy && isPlainText(title), 'VERIFY-HTML', where)
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function insidePicture(source: string, budget: Budget, where: string): boolean {
  const head = /^data:image\/(png|jpeg|gif|webp|bmp);base64,/u.exec(source.slice(0, 40))
  if (!head) return false
  const letters = source.slice(head[0].length)
  const bytes = Buffer.from(letters, 'base64')
  if (bytes.length === 0 || bytes.toString('base64') !== letters) return false
  budget.spend(bytes.length, where)
  verifyPicture(bytes, head[1]!, budget, where)
  return true
}
