import { isName } from './objects.ts'
import type { Value } from './objects.ts'

/** What leaves a trace on paper, or a shape that could be read back. State that lives on behind the layer is not here. */
const PAINTING: ReadonlySet<string> = new Set(
  'b B b* B* f F f* s S n h W W* m l v y c re sh Do BI Tj TJ \' "'.split(' '),
)

/**
 * Follows the marks of a content stream (ISO 32000-1, 14.6) and tells which operators belong to a layer that is not wanted: its
 * painting and its marks go, what changes the graphics state stays, because what follows may build on it.
 */
export class MarkedContent {
  /** Layers left out. */
  left = 0
  readonly #hidden: ReadonlySet<string>
  /** Marks that are open inside the outermost unwanted one, itself counted. */
  #depth = 0

  constructor(hidden: ReadonlySet<string>) {
    this.#hidden = hidden
  }

  wants(operator: string, operands: readonly Value[]): boolean {
    if (this.#hidden.size === 0) return true
    if (this.#depth === 0 && !this.#opensHidden(operator, operands)) return true
    if (operator === 'BDC' || operator === 'BMC') {
      if (this.#depth === 0) this.left += 1
      this.#depth += 1
      return false
    }
    if (operator === 'EMC') {
      this.#depth -= 1
      return false
    }
    return !PAINTING.has(operator) && operator !== 'MP' && operator !== 'DP'
  }

  #opensHidden(operator: string, operands: readonly Value[]): boolean {
    const [tag, list] = operands.slice(-2)
    return operator === 'BDC' && isName(tag, 'OC') && isName(list) && this.#hidden.has(list.value)
  }
}
