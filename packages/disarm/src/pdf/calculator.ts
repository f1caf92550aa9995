import { isKeyword, Lexer, SyntaxFault } from './lexer.ts'
import { fromLatin1 } from './objects.ts'
import { MAX_NUMBER } from './shape.ts'
import { renderNumber } from './writer.ts'

/** ISO 32000-1, table 42. No loops, no names, no strings: the language always ends. */
const OPERATORS = new Set(
  `abs add atan ceiling cos cvi cvr div exp floor idiv ln log mod mul neg round sin sqrt sub truncate and bitshift eq
   ge gt le lt ne not or xor if ifelse copy dup exch index pop roll`.split(/\s+/u),
)

const MAX_TOKENS = 100_000
const MAX_NESTING = 32

/** Rewrites a PostScript calculator function from its tokens. Throws `SyntaxFault` for anything that is not one. */
export function calculator(bytes: Uint8Array): Uint8Array {
  const lexer = new Lexer(bytes, 0, { references: false })
  const out: string[] = []
  let depth = 0
  for (let token = lexer.token(); token !== undefined; token = lexer.token()) {
    if (depth === 0 && out.length > 0) break
    const part = spell(token)
    if (part === '{') depth += 1
    if (part === '}') depth -= 1
    if (
      depth < 0 ||
      depth > MAX_NESTING ||
      out.length > MAX_TOKENS ||
      (depth === 0 && part !== '}')
    ) {
      throw new SyntaxFault('no calculator', lexer.at)
    }
    out.push(part)
  }
  if (depth !== 0 || out.length === 0) throw new SyntaxFault('no calculator', lexer.at)
  return fromLatin1(out.join(' '))
}

function spell(token: unknown): string {
  if (typeof token === 'number')
    return renderNumber(Math.max(-MAX_NUMBER, Math.min(MAX_NUMBER, token)))
  if (typeof token === 'boolean') return String(token)
  const word = isKeyword(token as never) ? (token as { word: string }).word : ''
  if (word === '{' || word === '}' || OPERATORS.has(word)) return word
  throw new SyntaxFault('unknown operator', 0)
}
