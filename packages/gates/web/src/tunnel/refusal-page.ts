/**
 * The pages a clerk sees: one refusal, and the latest of this terminal. No script, no picture, nothing from elsewhere; the one style sheet is named by its digest, so that markup an attacker got
 * into a name could not even change a colour.
 */
import { createHash } from 'node:crypto'
import words from '../../words/tunnel.json' with { type: 'json' }
import { shownName } from '../../../file/src/name.ts'
import { escaped } from './escaped.ts'
import type { ToldRefusal } from './refusal.ts'

/** Headers and text of a page. */
export interface Page {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export function refusalHtml(told: ToldRefusal): Page {
  return page(told.what, [articleOf(told, 'h1')])
}

/** Whom a page of the gate is shown to. */
export interface Reader {
  /** The gate knows who is at the terminal. */
  readonly known: boolean
  /** Address where somebody says who they are by name and password; absent where there are no passwords. */
  readonly signIn?: string
}

/** The refusals of one terminal, newest first. */
export function refusalsHtml(told: readonly ToldRefusal[], reader: Reader): Page {
  const { title, lead, none, noneCure } = words.here
  const heads =
    told.length === 0
      ? [`<h1>${none}</h1>`, paragraph(noneCure)]
      : [`<h1>${title}</h1>`, paragraph(lead)]
  return page(title, [...heads, ...remarkFor(reader), ...told.map((one) => articleOf(one, 'h2'))])
}

function remarkFor({ known, signIn }: Reader): readonly string[] {
  const { person, signIn: word } = words.here
  if (known) return []
  const link = `<p class="screen"><a href="${escaped(signIn ?? '')}">${word}</a></p>`
  return [paragraph(person), ...(signIn === undefined ? [] : [link])]
}

/** One of them, opened by its number. */
export function oneRefusalHtml(told: ToldRefusal): Page {
  return page(told.what, [
    articleOf(told, 'h1'),
    `<p class="screen"><a href="/">${words.here.all}</a></p>`,
  ])
}

/** What is said of a number that is not this terminal's, or too old: the same for both, or it would tell which numbers there are. */
export function unknownHtml(number: string): Page {
  const { unknownTitle, unknown, unknownCure, all } = words.here
  return page(unknownTitle, [
    `<h1>${unknownTitle}</h1>`,
    ...[unknown, unknownCure, `${words.number} ${number}`].map(paragraph),
    `<p><a href="/">${all}</a></p>`,
  ])
}

function articleOf(told: ToldRefusal, heading: 'h1' | 'h2'): string {
  const { what, why, cure, who, clause, verified, number, reason, target, at, apply } = told
  const rows = [
    ...(target === undefined ? [] : [[words.target, shownName(target)]]),
    [words.why, why],
    [words.cure, cure],
    ...(who === '' ? [] : [[words.who, who]]),
    [words.rule, reason],
    [
      words.clause,
      verified || clause === words.ownClause ? clause : `${clause}\n${words.unverified}`,
    ],
    ...(at === undefined ? [] : [[words.at, at]]),
  ]
  return [
    '<article>',
    `<${heading}>${escaped(what)}</${heading}>`,
    '<dl>',
    ...rows.map(([name = '', value = '']) => `<dt>${name}</dt><dd>${lines(value)}</dd>`),
    '</dl>',
    apply === undefined
      ? ''
      : `<p class="screen"><a class="apply" href="${escaped(apply)}">${words.apply}</a></p><p class="screen">${words.applyNote}</p>`,
    `<p class="number">${words.number} <strong>${escaped(number)}</strong></p>`,
    `<p>${words.print}</p>`,
    '</article>',
  ].join('\n')
}

const paragraph = (text: string): string => `<p>${escaped(text)}</p>`
const lines = (text: string): string => escaped(text).replaceAll('\n', '<br>')

/** Sizes follow the reader's own; colours are those of the system, light or dark; at 200 % nothing runs out of the window. */
const STYLE = `:root{color-scheme:light dark}
body{margin:0 auto;max-width:42rem;padding:1.5rem 1rem;font-family:"BIZ UDPGothic","Noto Sans JP",Meiryo,sans-serif;line-height:1.7;overflow-wrap:anywhere;background:Canvas;color:CanvasText}
h1{font-size:1.5rem;line-height:1.5}
h2{font-size:1.25rem;line-height:1.5}
article+article{border-top:1px solid;margin-top:2rem}
dt{font-weight:bold;margin-top:.75rem}
dd{margin:0}
.number{font-size:1.25rem}
.apply{display:inline-block;border:2px solid;border-radius:.5rem;padding:.75rem 1rem;font-weight:bold;color:LinkText}
a:focus-visible{outline:4px solid;outline-offset:2px}
@media print{.screen{display:none}body{max-width:none;color-scheme:light}}
@page{size:A4;margin:20mm}
`
const STYLE_DIGEST = createHash('sha256').update(STYLE).digest('base64')

function page(title: string, parts: readonly string[]): Page {
  return {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_DIGEST}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    },
    body: `<!doctype html>
<html lang="ja"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}・${words.title}</title>
<style>${STYLE}</style></head>
<body><main>
${parts.join('\n')}
</main></body></html>
`,
  }
}
