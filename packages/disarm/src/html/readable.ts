import { Context } from '../family.ts'
import { rebuildPage } from './rebuild.ts'
import { pageText } from './text.ts'

/** What a page says to a person who reads it as text. */
export interface ReadablePage {
  readonly text: string
  /** Places that a browser would not have shown; they are not in the text. */
  readonly hidden: number
  /** Links, scripts and the like that the page lost before it was read. */
  readonly removed: number
}

/**
 * The page as readable text. It is rebuilt first, so that what the text says is what the page would have shown: links that the URL policy does not
 * allow are words only, and what is hidden is gone and counted. Refuses as the rebuild does.
 */
export function readablePage(raw: string, context: Context): ReadablePage {
  context.spend(raw.length)
  const own = new Context({
    profile: { hidden: 'remove', title: 'remove' },
    limits: { ...context.limits, decodedBytes: context.remainingBytes },
  })
  const page = rebuildPage(raw, own, 'mail', NOWHERE)
  const { removed } = own.report()
  const count = (wanted: (rule: string) => boolean): number =>
    removed.reduce((sum, row) => (wanted(row.rule) ? sum + row.count : sum), 0)
  return {
    text: pageText(page, 'readable'),
    hidden: count((rule) => rule === 'OX-HIDDEN'),
    removed: count((rule) => rule !== 'OX-HIDDEN'),
  }
}

/** Text shows no picture. */
const NOWHERE = { find: () => undefined, place: () => '' }
