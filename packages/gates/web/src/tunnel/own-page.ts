/**
 * The look of every page of the gate itself. No script, no picture, nothing from elsewhere; the one style sheet is named by its digest, so that markup an attacker got into a name could not even
 * change a colour.
 */
import { createHash } from 'node:crypto'
import words from '../../words/tunnel.json' with { type: 'json' }
import { escaped } from './escaped.ts'

/** Headers and text of a page. */
export interface Page {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Sizes follow the reader's own; colours are those of the system, light or dark; at 200 % nothing runs out of the window. */
const STYLE = `:root{color-scheme:light dark}
body{margin:0 auto;max-width:42rem;padding:1.5rem 1rem;font-family:"BIZ UDPGothic","Noto Sans JP",Meiryo,sans-serif;line-height:1.7;overflow-wrap:anywhere;line-break:strict;word-break:auto-phrase;background:Canvas;color:CanvasText}
h1{font-size:1.5rem;line-height:1.5}
h2{font-size:1.25rem;line-height:1.5}
article+article{border-top:1px solid;margin-top:2rem}
dt{font-weight:bold;margin-top:.75rem}
dd{margin:0}
table{border-collapse:collapse;width:100%;margin:1rem 0}
th,td{border-bottom:1px solid;padding:.5rem .75rem .5rem 0;text-align:left;vertical-align:top;min-width:6em}
code{font-size:1rem}
.number{font-size:1.25rem}
.apply{display:inline-block;border:2px solid;border-radius:.5rem;padding:.75rem 1rem;font-weight:bold;color:LinkText}
a:focus-visible{outline:4px solid;outline-offset:2px}
@media print{.screen{display:none}body{max-width:none;color-scheme:light}}
@page{size:A4;margin:20mm}
`
const STYLE_DIGEST = createHash('sha256').update(STYLE).digest('base64')

/** @param parts markup, of which every text was escaped */
export function ownPage(title: string, parts: readonly string[]): Page {
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

export const paragraph = (text: string): string => `<p>${escaped(text)}</p>`
