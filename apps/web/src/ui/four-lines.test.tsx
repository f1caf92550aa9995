import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { Refusal } from '../pages/refusal.tsx'
import { Button } from './button.tsx'
import { SafeName } from './safe-name.tsx'
import { nameParts } from '../words/safe-name.ts'

const problem = {
  reason: 'TYPE-DENIED',
  what: '「請求書.exe」は通せませんでした。',
  why: 'これはプログラムです（第3編 第2章 3.(3)）。',
  cure: 'PDFで送り直してもらってください。',
  number: 'S-1038',
  at: '2026-11-22T14:03:00+09:00',
}

describe('a refusal', () => {
  it('says what, why, what to do and the number, in this order', () => {
    const html = renderToStaticMarkup(<Refusal problem={problem} />)
    const places = [problem.what, problem.why, problem.cure, 'S-1038', 'TYPE-DENIED'].map((text) =>
      html.indexOf(text),
    )
    expect(places).not.toContain(-1)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
  })

  it('cannot be made to run anything by the name of a file', () => {
    const html = renderToStaticMarkup(
      <Refusal problem={{ ...problem, what: '<img src=x onerror=alert(1)>' }} />,
    )
    expect(html).not.toContain('<img')
  })
})

describe('a button that cannot be pressed', () => {
  it('stays reachable and says why', () => {
    const html = renderToStaticMarkup(
      <Button blocked="自分が渡したファイルです。">承認する</Button>,
    )
    expect(html).toContain('aria-disabled="true"')
    expect(html).not.toMatch(/\sdisabled/u)
    const reason = /aria-describedby="([^"]+)"/u.exec(html)?.[1]
    expect(html).toContain(`id="${reason}"`)
    expect(html).toContain('自分が渡したファイルです。')
  })
})

describe('a file name', () => {
  it('is set apart from the sentence around it, so that its direction cannot leak', () => {
    const html = renderToStaticMarkup(<SafeName parts={nameParts('a\u202Eb')} />)
    expect(html).toMatch(/^<bdi/u)
    expect(html).not.toContain('\u202E')
    expect(html).toContain('U+202E')
  })
})
