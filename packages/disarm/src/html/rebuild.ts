import { Context, refuse } from '../family.ts'
import { language } from './attributes.ts'
import { buildPage } from './builder.ts'
import { PageFilter } from './filter.ts'
import { INSIDE } from './picture.ts'
import type { Pictures } from './picture.ts'
import { cleanSheet } from './sheet.ts'
import { cleanText, withoutSmuggled } from './words.ts'
import { writePage } from './write.ts'
import type { CleanPage, HtmlForm } from './write.ts'

/**
 * Text of a page → the page in the form of docs/design/disarm-grammar.md. What was written is read again, and must give itself: a page that
 * two readings do not agree on is refused.
 */
export function rebuildPage(
  text: string,
  context: Context,
  form: HtmlForm = 'page',
  pictures: Pictures = INSIDE,
): string {
  const written = writePage(cleanPage(text, context, pictures), form)
  const silent = new Context({ profile: { ...context.profile, title: 'keep' } })
  if (writePage(cleanPage(written, silent, AS_THEY_ARE), form) !== written) refuse('H-SIZE')
  return written
}

/** For the second reading only: its pictures have just been rebuilt. */
const AS_THEY_ARE: Pictures = {
  trusted: true,
  find: () => undefined,
  place: () => '',
}

/** The page as a tree of what may stay. */
export function cleanPage(raw: string, context: Context, pictures: Pictures): CleanPage {
  const input = raw.replaceAll('\u0000', '')
  context.removed('T-CTRL', 'text', Math.min(1, raw.length - input.length))
  const page = buildPage(input, {
    removed: (rule, where) => context.removed(rule, where),
    checkTime: () => context.checkTime(),
    sheet: pictures.sheet,
  })
  const sheet = joinedSheets(page.sheets, context)
  const body = new PageFilter(context, pictures, sheet.hidden).body(page.body)
  return {
    lang: page.lang === '' ? undefined : language(page.lang),
    title: titleOf(page.title, context),
    sheet: sheet.text,
    body,
  }
}

function titleOf(raw: string, context: Context): string {
  const title = withoutSmuggled(
    cleanText(raw)
      .text.replace(/[\t\n\f\r ]+/g, ' ')
      .trim(),
  ).text
  if (title === '') return ''
  if (context.profile.title === 'keep') {
    context.kept('OX-META', 'title')
    return title.slice(0, 1_000).toWellFormed().trim()
  }
  context.removed('OX-META', 'title')
  return ''
}

const MAX_LINES = 3_000
const MAX_TEXT = 400_000

function joinedSheets(
  sheets: readonly string[],
  context: Context,
): { readonly text: string; readonly hidden: readonly string[] } {
  const clean = sheets.slice(0, 200).map(cleanSheet)
  for (const one of clean) {
    context.removed('H-REMOTE', 'style sheet', one.remote)
    context.removed('H-SCRIPT', 'style sheet', one.script)
    context.removed('H-STYLE', 'style sheet', one.unknown)
  }
  const lines = clean.flatMap(({ text }) => (text === '' ? [] : text.split('\n')))
  let size = 0
  const kept = lines.filter((line, index) => {
    size += line.length
    return index < MAX_LINES && size <= MAX_TEXT
  })
  context.removed('H-STYLE', 'style sheet', lines.length - kept.length)
  return { text: kept.join('\n'), hidden: clean.flatMap(({ hidden }) => hidden) }
}
