import { verifyClean } from '../verify/index.ts'
import { disarmBytes } from './engine.ts'

/**
 * The one promise for any bytes at all: refused with a reason that is no crash, or written and clean to other code. Returns what
 * was wrong with it, or nothing.
 */
export function brokenPromise(bytes: Uint8Array, extension: string): string {
  const { report, output } = disarmBytes(bytes, extension)
  if (report.reason === 'ENG-CRASH') return 'crash'
  if ((report.verdict === 'refused') !== (output === undefined))
    return 'verdict and output disagree'
  if (!output) return ''
  if (output.length === 0) return 'empty success'
  const clean = verifyClean(output, report.outputType)
  return clean.clean ? '' : `${clean.reason} ${clean.where}`
}
