import { anyInteger, anyName, anyNumber, anyText, list, numbers } from './pdf-rule.ts'
import type { Keys } from './pdf-rule.ts'

/** Marked-content properties (ISO 32000-1, 14.6.2 and 14.8): what search, copy and screen readers use. */
export const PROPERTIES: Keys = {
  Type: anyName,
  Subtype: anyName,
  MCID: anyInteger,
  Lang: anyText,
  Alt: anyText,
  ActualText: anyText,
  E: anyText,
  BBox: numbers(4),
  Attached: list(anyName, 0, 4),
  Placement: anyName,
  WritingMode: anyName,
  O: anyName,
  StartIndent: anyNumber,
  TextIndent: anyNumber,
}
