/** Which hosts are read inside, and why: for the staff whose requests they are. */
import { shown } from '@sekisho/town'
import words from '../../words/inside.json' with { type: 'json' }
import { escaped } from '../tunnel/escaped.ts'

export interface InspectedPage {
  /** Each host with its reasons. */
  readonly hosts: ReadonlyMap<string, readonly string[]>
  /** Whether the gate can read inside a host now. */
  readonly readable: (host: string) => boolean
  /** Of the town's authority; absent without one. */
  readonly fingerprint?: string
}

/** Headers and text of a page without script, picture or anything from elsewhere. */
export function inspectedPage({ hosts, readable, fingerprint }: InspectedPage): {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
} {
  const { title, lead, what, none, host, reason, waiting, ask } = words
  const rows = [...hosts].map(([name, reasons]) => {
    const said = [...reasons, ...(readable(name) ? [] : [waiting])]
    const why = said.map((one) => escaped(shown(one))).join('<br>')
    return `<tr><th scope="row">${escaped(shown(name))}</th><td>${why}</td></tr>`
  })
  const table = `<table><thead><tr><th scope="col">${host}</th><th scope="col">${reason}</th></tr></thead><tbody>
${rows.join('\n')}
</tbody></table>`
  const paragraphs = rows.length === 0 ? [none, ask] : [lead, what, ask]
  const print =
    fingerprint === undefined ? '' : `<p>${words.fingerprint}<br><code>${fingerprint}</code></p>`
  return {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    },
    body: `<!doctype html>
<html lang="ja"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title></head>
<body><main><h1>${title}</h1>
${paragraphs.map((one) => `<p>${one}</p>`).join('\n')}
${rows.length === 0 ? '' : table}
${print}
</main></body></html>
`,
  }
}
