/** What an operand must be. `t`: number, `n`: name, `s`: string, `a`: array of numbers and strings, `v`: name or property list. */
export type OperandKind = 't' | 'n' | 's' | 'a' | 'd' | 'v'

/** Operands in order; a star in front means "any number of these numbers, then perhaps a name" (colour operators). */
export type Signature = string

/**
 * ISO 32000-1, Annex A, without `BX EX` (they only hide errors), `PS` and inline images (`BI ID EI`, handled apart).
 * `d`: array of numbers (dash).
 */
export const OPERATORS: ReadonlyMap<string, Signature> = new Map([
  ...group('', ['b', 'B', 'b*', 'B*', 'f', 'F', 'f*', 's', 'S', 'n', 'h', 'W', 'W*', 'q', 'Q']),
  ...group('', ['BT', 'ET', 'T*', 'EMC']),
  ...group('t', ['w', 'J', 'j', 'M', 'i', 'g', 'G', 'Tc', 'Tw', 'Tz', 'TL', 'Tr', 'Ts']),
  ...group('tt', ['m', 'l', 'Td', 'TD', 'd0']),
  ...group('ttt', ['rg', 'RG']),
  ...group('tttt', ['re', 'k', 'K', 'v', 'y']),
  ...group('tttttt', ['c', 'cm', 'Tm', 'd1']),
  ...group('n', ['gs', 'cs', 'CS', 'sh', 'Do', 'ri', 'MP', 'BMC']),
  ...group('nt', ['Tf']),
  ...group('nv', ['BDC', 'DP']),
  ...group('dt', ['d']),
  ...group('s', ['Tj', "'"]),
  ...group('tts', ['"']),
  ...group('a', ['TJ']),
  ...group('*', ['sc', 'SC', 'scn', 'SCN']),
])

function group(signature: Signature, names: readonly string[]): [string, Signature][] {
  return names.map((each) => [each, signature])
}

/** Numbers of a colour; ISO 32000-1, Annex C allows 32 components. */
export const MAX_COMPONENTS = 32
