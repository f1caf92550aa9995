import type { Budget } from './budget.ts'
import { verifyDxf } from './cad-dxf.ts'
import { verifyExchange } from './cad-exchange.ts'
import { CadText } from './cad-text.ts'

/** Accepts drawings of the grammar: DXF, and exchange structures of ISO 10303-21 with or without the features of SXF. */
export function verifyCad(bytes: Uint8Array, type: string, budget: Budget, where: string): void {
  budget.spend(bytes.length, where)
  const text = new CadText(bytes, where)
  if (type === 'dxf') verifyDxf(text)
  else verifyExchange(text)
}
