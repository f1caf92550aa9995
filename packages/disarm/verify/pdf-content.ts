import { ValueReader } from './pdf-value.ts'
import { Rejection, demand } from './rejection.ts'

/** ISO 32000-1 Annex A, without `PS`, which runs PostScript, and without the compatibility pair `BX EX`. */
const OPERATORS = new Set(
  (
    'b B b* B* BDC BI BMC BT c cm CS cs d d0 d1 Do DP EI EMC ET f F f* G g gs h i ID j J K k l m M MP n q Q re RG rg ri s S ' +
    'SC sc SCN scn sh T* Tc Td TD Tf Tj TJ TL Tm Tr Ts Tw Tz v w W W* y \' "'
  ).split(' '),
)
const MAX_OPERANDS = 64
const MAX_NESTING = 512

/** Accepts a content stream whose every token is an operand or an operator of the standard. */
export function verifyContent(bytes: Uint8Array, where: string): void {
  const read = new ValueReader(bytes, 0, where)
  let operands = 0
  let saved = 0
  for (let value = read.next(true); value !== undefined; value = read.next(true)) {
    if (value.kind !== 'operator') {
      demand(++operands <= MAX_OPERANDS, 'VERIFY-PDF-CONTENT', where)
      continue
    }
    demand(OPERATORS.has(value.value) && value.value !== 'EI', 'VERIFY-PDF-CONTENT', where)
    if (value.value === 'q') demand(++saved <= MAX_NESTING, 'VERIFY-PDF-CONTENT', where)
    if (value.value === 'Q') saved--
    if (value.value === 'ID') skipInlineImage(bytes, read, where)
    operands = 0
  }
  demand(operands === 0, 'VERIFY-PDF-CONTENT', where)
}

/** From after `ID` to after the `EI` that stands alone (ISO 32000-1 §8.9.7). */
function skipInlineImage(bytes: Uint8Array, read: ValueReader, where: string): void {
  for (let at = read.at + 1; at + 2 <= bytes.length; at++) {
    const ends =
      bytes[at] === 0x45 &&
      bytes[at + 1] === 0x49 &&
      blank(bytes[at - 1]) &&
      (at + 2 === bytes.length || blank(bytes[at + 2]))
    if (!ends) continue
    read.at = at + 2
    return
  }
  throw new Rejection('VERIFY-PDF-CONTENT', where)
}

function blank(byte: number | undefined): boolean {
  return byte === 0x0a || byte === 0x0d || byte === 0x20
}
