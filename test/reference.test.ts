/**
 * The reference says what the program says.
 */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ruleSentence } from '@sekisho/disarm'
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
    expect(pages.map(([, text]) => text).join('')).not.toContain(ruleSentence(''))
  })
})

describe('the documents', () => {
  const files = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name))

  it.each([...files, 'README.md', 'README.en.md'])('%s leads only to what is there', (file) => {
    const text = readFileSync(join(ROOT, file), 'utf8')
    const links = [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/gu)].map(([, link = '']) => link)
    for (const link of links.filter((one) => !/^[a-z]+:/u.test(one)))
      expect(existsSync(join(ROOT, dirname(file), link)), link).toBe(true)
  })

  it('show pictures that a thin line can carry', () => {
    const folder = join(ROOT, 'docs/guide/pictures')
    const sizes = readdirSync(folder).map((name) => statSync(join(folder, name)).size)
    expect(Math.max(...sizes)).toBeLessThan(150 * 1024)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(1500 * 1024)
  })
})
