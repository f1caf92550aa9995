import { describe, expect, it } from 'vitest'
import { bytesOf, multi } from '../mail/specimen.test-support.ts'
import { placeholderPng } from '../image/index.ts'
import { PICTURE, disarmPage } from './specimen.test-support.ts'

const png = Buffer.from(placeholderPng(3, 2)).toString('base64')
const PAGE = {
  header:
    'Content-Type: text/html; charset=utf-8\r\nContent-Location: https://www.example.jp/a/b.html',
  body: '<link rel=stylesheet href="../c.css"><p class=n>頁<img src="x.png"><img src="cid:i@x"><img src="https://e.example/y.png" alt=外><script>x</script>',
}
const PARTS = [
  PAGE,
  {
    header:
      'Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\nContent-Location: https://www.example.jp/a/x.png',
    body: png,
  },
  {
    header: 'Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\nContent-ID: <i@x>',
    body: png,
  },
  {
    header: 'Content-Type: text/css\r\nContent-Location: https://www.example.jp/c.css',
    body: '.n{color:#036;background:url(https://e/)}',
  },
]
const archive = (parts: typeof PARTS) =>
  disarmPage(
    bytesOf('From: <Saved by Blink>\r\nMIME-Version: 1.0\r\n', multi('related', parts)),
    {},
    'mht',
  )

describe('MHT-CONVERTED: a web archive', () => {
  it('becomes one page with its pictures and its style inside', () => {
    const { html, removed } = archive(PARTS)
    const image = `<img alt="" src="data:image/png;base64,${PICTURE}">`
    expect(html).toContain(`<style>\n.n{color:#036}\n</style>`)
    expect(html).toContain(`<body><p class="n">頁${image}${image}［外］</p></body>`)
    expect(removed).toEqual(expect.arrayContaining(['H-REMOTE', 'H-SCRIPT', 'MHT-CONVERTED']))
  })

  it('MHT-OFFICE: of Office with macros or objects is refused', () => {
    const mso = {
      header: 'Content-Type: application/x-mso\r\nContent-Location: editdata.mso',
      body: 'x',
    }
    const posing = {
      header: 'Content-Type: image/png\r\nContent-Transfer-Encoding: base64',
      body: 'QWN0aXZlTWltZQAAAfAEAAAA',
    }
    const book = {
      ...PAGE,
      body: '<html><meta name=ProgId content=Excel.Sheet><frameset></frameset>',
    }
    expect(archive([...PARTS, mso]).reason).toBe('MHT-OFFICE')
    expect(archive([...PARTS, posing]).reason).toBe('MHT-OFFICE')
    expect(archive([book]).reason).toBe('MHT-OFFICE')
  })

  it('without a page is refused', () => {
    expect(archive(PARTS.slice(1)).reason).toBe('M-PART')
  })
})
