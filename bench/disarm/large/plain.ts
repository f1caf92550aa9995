import { ENCODERS } from './encode.ts'
import { upTo } from './file.ts'
import { random, sentence } from './words.ts'

/** A table of an office: names and addresses, numbers, dates, cells in quotes, here and there a line end in a cell. */
export function* csv(wanted: number, encoding: string): Generator<Uint8Array> {
  if (encoding === 'utf16') yield Uint8Array.of(0xff, 0xfe)
  yield* upTo(wanted, csvRow, ENCODERS[encoding])
}

function csvRow(number: number): string {
  const quoted =
    random(20) === 0 ? `"${sentence()}\r\n${sentence()}, ""${sentence()}"""` : sentence()
  return `${number},${sentence()},"${sentence()}",${random(100_000)},-${random(1000)},2026/4/${1 + random(28)},"1,${100 + random(900)}",${quoted}\r\n`
}

export function* txt(wanted: number, encoding: string): Generator<Uint8Array> {
  if (encoding === 'utf16') yield Uint8Array.of(0xff, 0xfe)
  yield* upTo(wanted, () => `　${sentence()}、${sentence()}。${sentence()}\r\n`, ENCODERS[encoding])
}

/** A letter as Word writes it: letters as bytes of CP932 or as Unicode escapes, session ids, now and then a table. */
export function* rtf(wanted: number): Generator<Uint8Array> {
  yield Buffer.from(
    '{\\rtf1\\ansi\\ansicpg932\\uc2\\deff0{\\fonttbl{\\f0\\froman\\fcharset0 Times New Roman;}{\\f1\\fmodern\\fcharset128 MS Mincho;}}' +
      '{\\colortbl;\\red255\\green0\\blue0;\\red0\\green0\\blue0;}{\\stylesheet{\\ql \\snext0 Normal;}}\r\n\\paperw11906\\paperh16838\r\n',
  )
  yield* upTo(wanted, () => (random(25) === 0 ? table() : paragraph()))
  yield Buffer.from('}')
}

function paragraph(): string {
  const id = 10_000_000 + random(300)
  const runs = Array.from(
    { length: 1 + random(4) },
    () =>
      `{\\rtlch\\fcs1 \\af0\\afs21 \\ltrch\\fcs0 \\f1\\fs21\\insrsid${id}${random(4) === 0 ? '\\b' : ''}\\loch\\af1\\dbch\\f1 \\hich\\af1\\dbch\\af1\\loch\\f1 ${escaped(sentence())}}`,
  )
  return `\\pard\\plain \\ltrpar\\qj \\li0\\ri0\\nowidctlpar\\wrapdefault\\faauto\\rin0\\lin0\\itap0 ${runs.join('\r\n')}{\\insrsid${id} \\par }\r\n`
}

function table(): string {
  const cells = [2265, 4530, 6795, 9060]
  const shape = `\\trowd \\trgaph99\\trleft-99\\clvertalc${cells.map((edge) => `\\clbrdrt\\brdrs\\brdrw10\\cltxlrtb\\clftsWidth3\\clwWidth2265 \\cellx${edge}`).join('')}`
  const row = (): string =>
    `${shape}\\pard\\plain \\intbl ${cells.map(() => `{\\f1 ${escaped(sentence())}\\cell }`).join('')}${shape}{\\row }\r\n`
  return `${Array.from({ length: 3 + random(10) }, row).join('')}\\pard \r\n`
}

function escaped(text: string): string {
  return random(2) === 0 ? bytes(text) : units(text)
}

function bytes(text: string): string {
  let out = ''
  let second = false
  for (const byte of ENCODERS['cp932']!(text)) {
    out += byte < 0x80 && !second ? String.fromCharCode(byte) : `\\'${byte.toString(16)}`
    second = byte >= 0x80 && !second
  }
  return out
}

function units(text: string): string {
  let out = ''
  for (let at = 0; at < text.length; at++)
    out += `\\u${(text.charCodeAt(at) << 16) >> 16}\\'81\\'ac`
  return out
}
