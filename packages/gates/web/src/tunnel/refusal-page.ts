/** The pages a clerk sees: one refusal, and the latest of this terminal. */
import words from '../../words/tunnel.json' with { type: 'json' }
import { shownName } from '../../../file/src/name.ts'
import { escaped } from './escaped.ts'
import { ownPage as page, paragraph } from './own-page.ts'
import type { Page } from './own-page.ts'
import type { ToldRefusal } from './refusal.ts'

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

const lines = (text: string): string => escaped(text).replaceAll('\n', '<br>')
