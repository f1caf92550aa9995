/**
 * The reference says what the program says.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { removalSentence } from '@sekisho/disarm'
import { describe, expect, it } from 'vitest'
import { referencePages } from '../scripts/cli-reference.ts'

const ROOT = join(import.meta.dirname, '..')
const pages = [...referencePages()]

describe('the reference', () => {
  it.each(pages)(
    '%s is what the program itself says: run scripts/cli-reference.ts',
    (path, text) => {
      expect(readFileSync(join(ROOT, path), 'utf8')).toBe(text)
    },
  )

  it('has words for every rule and every reason, and no gap in them', () => {
    for (const [, text] of pages) expect(text).not.toMatch(/undefined|\{\w+\}/u)
    const words = pages.filter(([path]) => !path.endsWith('cli.md'))
    for (const [, text] of words) expect(text).not.toMatch(/\| +\|/u)
    expect(pages.map(([, text]) => text).join('')).not.toContain(removalSentence('', 1))
  })
})
