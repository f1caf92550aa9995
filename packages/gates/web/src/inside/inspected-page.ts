/** Which hosts are read inside, and why: for the staff whose requests they are. */
import { shown } from '@sekisho/town'
import words from '../../words/inside.json' with { type: 'json' }
import { escaped } from '../tunnel/escaped.ts'
import { ownPage, paragraph } from '../tunnel/own-page.ts'
import type { Page } from '../tunnel/own-page.ts'

/** Letters shown of a name, which is never longer, and of a reason. */
const LETTERS = { host: 253, reason: 500 }

export interface InspectedPage {
  /** Each host with its reasons. */
  readonly hosts: ReadonlyMap<string, readonly string[]>
  /** Whether the gate can read inside a host now. */
  readonly readable: (host: string) => boolean
  /** Of the town's authority; absent without one. */
  readonly fingerprint?: string
}

export function inspectedPage({ hosts, readable, fingerprint }: InspectedPage): Page {
  const { title, lead, what, none, ask } = words
  const sentences = hosts.size === 0 ? [none, ask] : [lead, what, ask]
  return ownPage(title, [
    `<h1>${title}</h1>`,
    ...sentences.map(paragraph),
    ...(hosts.size === 0 ? [] : [tableOf(hosts, readable)]),
    ...(fingerprint === undefined
      ? []
      : [`<p>${words.fingerprint}<br><code>${escaped(fingerprint)}</code></p>`]),
  ])
}

function tableOf(hosts: InspectedPage['hosts'], readable: InspectedPage['readable']): string {
  const rows = [...hosts].map(([name, reasons]) => {
    const said = [...reasons, ...(readable(name) ? [] : [words.waiting])]
    const why = said.map((one) => escaped(shown(one, LETTERS.reason))).join('<br>')
    return `<tr><th scope="row">${escaped(shown(name, LETTERS.host))}</th><td>${why}</td></tr>`
  })
  return `<table><thead><tr><th scope="col">${words.host}</th><th scope="col">${words.reason}</th></tr></thead><tbody>
${rows.join('\n')}
</tbody></table>`
}
