import { ValueReader } from './pdf-value.ts'
import { demand } from './rejection.ts'

/** ISO 32000-1, table 42. No loops, no names, no strings: the language always ends. */
const OPERATORS = new Set(
  (
    'abs add atan ceiling cos cvi cvr div exp floor idiv ln log mod mul neg round sin sqrt sub truncate and bitshift eq ge gt le lt ' +
    'ne not or xor if ifelse copy dup exch index pop roll true false'
  ).split(' '),
)
const MAX_TOKENS = 100_001
const MAX_NESTING = 32

/** Accepts a PostScript calculator function: one pair of braces, tokens of the table, one space between them. */
export function verifyCalculator(bytes: Uint8Array, where: string): void {
  const tokens = Buffer.from(bytes).toString('latin1').split(' ')
  let depth = 0
  demand(tokens.length <= MAX_TOKENS && tokens[0] === '{', 'VERIFY-PDF-FUNCTION', where)
  tokens.forEach((token, index) => {
    if (token === '{') depth++
    else if (token === '}') depth--
    else demand(OPERATORS.has(token) || isNumber(token, where), 'VERIFY-PDF-FUNCTION', where)
    const open = depth > 0 && depth <= MAX_NESTING
    demand(open || (depth === 0 && index === tokens.length - 1), 'VERIFY-PDF-FUNCTION', where)
  })
  demand(depth === 0, 'VERIFY-PDF-FUNCTION', where)
}

function isNumber(token: string, where: string): boolean {
  if (!/^[-0-9]/u.test(token)) return false
  const read = new ValueReader(Buffer.from(token, 'latin1'), 0, where)
  return read.value(false).kind === 'number' && read.atEnd
}
