import { randomBytes } from './bytes.ts'
import { upTo } from './file.ts'
import { csv } from './plain.ts'
import { random, sentence } from './words.ts'

/** A page of a municipal site or a saved sheet: headings, lists, links, tables of many rows. */
export function* html(wanted: number): Generator<Uint8Array> {
  yield Buffer.from(
    '<!DOCTYPE html>\n<html lang="ja"><head><meta charset="utf-8"><title>明細</title>\n' +
      '<style>body { font-family: "ＭＳ Ｐゴシック", sans-serif } .a { color: #036; padding: 2px 4px } td { border: 1px solid #ccc }</style></head>\n<body>\n',
  )
  yield* upTo(wanted, block)
  yield Buffer.from('</body></html>\n')
}

function block(index: number): string {
  const kind = random(20)
  if (kind === 0) return `<h2 class="a" id="s${index}">${sentence()}</h2>\n`
  if (kind < 4) return table()
  if (kind < 7)
    return `<ul>${Array.from({ length: 3 + random(6) }, () => `<li>${sentence()}`).join('\n')}</ul>\n`
  return `<p class="a" style="text-align:left; margin-left: ${random(4)}em">${sentence()}<b>${sentence()}</b>&nbsp;<a href="https://www.soumu.go.jp/${index}.html">${sentence()}</a><br>${sentence()} &amp; ${sentence()}</p>\n`
}

function table(): string {
  const cell = (): string =>
    `<td class="a" style='width:86.45pt;border:solid windowtext 1.0pt'>${sentence()}</td>`
  const row = (): string => `<tr>${Array.from({ length: 5 }, cell).join('')}</tr>\n`
  return `<table border="1" cellspacing="0">${Array.from({ length: 3 + random(12) }, row).join('')}</table>\n`
}

/** A mail with a letter in its body and large attachments: a table, texts. */
export function* eml(wanted: number): Generator<Uint8Array> {
  const subject = Buffer.from('令和八年度 資料送付').toString('base64')
  yield Buffer.from(
    `From: a@town.kasumi.lg.jp\r\nTo: b@example.jp\r\nSubject: =?UTF-8?B?${subject}?=\r\nDate: Wed, 1 Apr 2026 09:00:00 +0900\r\n` +
      'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="x"\r\n\r\n' +
      `--x\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${sentence()}\r\n`,
  )
  // Base64 takes four bytes for three.
  const share = (wanted * 0.73) / 3
  yield* attachment('meisai.csv', 'text/csv', csv(share, 'utf8'))
  yield* attachment('meisai2.csv', 'text/csv', csv(share, 'cp932'))
  yield* attachment('picture.bmp', 'image/bmp', bmp(share))
  yield Buffer.from('--x--\r\n')
}

function* attachment(
  name: string,
  type: string,
  pieces: Iterable<Uint8Array>,
): Generator<Uint8Array> {
  yield Buffer.from(
    `--x\r\nContent-Type: ${type}; name="${name}"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="${name}"\r\n\r\n`,
  )
  let rest = Buffer.alloc(0)
  for (const piece of pieces) {
    const bytes = Buffer.concat([rest, piece])
    const whole = bytes.length - (bytes.length % 57)
    yield lines(bytes.subarray(0, whole))
    rest = bytes.subarray(whole)
  }
  yield lines(rest)
}

function lines(bytes: Buffer): Uint8Array {
  const rows: string[] = []
  for (let at = 0; at < bytes.length; at += 57)
    rows.push(`${bytes.toString('base64', at, Math.min(bytes.length, at + 57))}\r\n`)
  return Buffer.from(rows.join(''))
}

/** A picture of noise, as hard to pack as a scan: 24 bits. */
export function* bmp(wanted: number): Generator<Uint8Array> {
  const width = 2000
  const height = Math.max(1, Math.floor(wanted / (width * 3)))
  const head = Buffer.alloc(54)
  head.write('BM', 'latin1')
  head.writeUInt32LE(54 + width * height * 3, 2)
  head.writeUInt32LE(54, 10)
  head.writeUInt32LE(40, 14)
  head.writeInt32LE(width, 18)
  head.writeInt32LE(height, 22)
  head.writeUInt16LE(1, 26)
  head.writeUInt16LE(24, 28)
  head.writeUInt32LE(width * height * 3, 34)
  yield head
  for (let row = 0; row < height; row += 50)
    yield randomBytes(Math.min(50, height - row) * width * 3)
}
