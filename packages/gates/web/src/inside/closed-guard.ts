import type { InsideGuard } from './guard.ts'

/** For a gate that cannot read files: no body leaves, not even one byte of one; what comes from outside is passed on as a tunnel would. */
export const closedGuard: InsideGuard = {
  async upload({ service }, body) {
    for await (const { length } of body)
      if (length > 0) return { result: 'refuse', reason: 'WEB-INSIDE-BODY', service }
    return { result: 'pass', bytes: 0 }
  },
  download: (_, { headers }, body) => Promise.resolve({ result: 'pass', headers, body }),
}
