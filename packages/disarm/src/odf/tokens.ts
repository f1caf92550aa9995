import type { Context } from '../family.ts'
import { Refusal } from '../family.ts'
import type { XmlToken } from '../xml/read.ts'
import { readXml } from '../xml/read.ts'
import { withoutDoctype } from './doctype.ts'

/** How many tokens between two looks at the clock. */
const LOOK = 4096

/** The tokens of one XML part. What is malformed is refused `ODF-XML`. */
export function* tokensOf(
  bytes: Uint8Array,
  where: string,
  context: Context,
): Generator<XmlToken, void, undefined> {
  const plain = withoutDoctype(bytes)
  if (plain.found) context.removed('OX-DTD', where)
  try {
    let count = 0
    for (const token of readXml(plain.bytes)) {
      if (++count % LOOK === 0) context.checkTime()
      if (token.kind === 'instruction') context.removed('OX-DTD', where)
      else yield token
    }
  } catch (error) {
    throw error instanceof Refusal && error.reason === 'OX-XML' ? new Refusal('ODF-XML') : error
  }
}
