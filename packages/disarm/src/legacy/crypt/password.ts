import type { Context } from '../../family.ts'
import { refuse } from '../../family.ts'

/**
 * Excel opens a file that is encrypted with this password without asking; attackers use it to keep a book from being looked into
 * ([MS-OFFCRYPTO] 2.4.2.3).
 */
export const DEFAULT_PASSWORD = 'VelvetSweatshop'

/** What `open` makes of the first password that fits: the one given for the file, then the one Excel knows. */
export function withPassword<T>(context: Context, open: (password: string) => T | undefined): T {
  const given = context.password
  for (const password of given === undefined ? [DEFAULT_PASSWORD] : [given, DEFAULT_PASSWORD]) {
    const opened = open(password)
    if (opened !== undefined) return opened
  }
  return refuse(given === undefined ? 'ENCRYPTED' : 'PASSWORD-WRONG')
}
