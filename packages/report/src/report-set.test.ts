import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { reportIndex, SET_NAMES } from './report-set.ts'
import { subject } from './roadmap/roadmap.test-support.ts'

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const file = { part: 'findings-book', bytes: Buffer.from('い') } as const

it('lists the digest of each file as sha256sum writes it, and all else as a remark', () => {
  const lines = reportIndex([file], subject).split('\n')
  expect(lines.filter((line) => !line.startsWith('#'))).toEqual([
    `${digest(file.bytes)}  ${SET_NAMES['findings-book']}`,
    '',
  ])
  expect(lines[0]).toContain(subject.town)
  expect(lines.join('\n')).toContain(subject.rulesDigest)
})

it('a name with a line feed vouches for no other file', () => {
  const forged = `町\n${'0'.repeat(64)}  評価.pdf`
  const index = reportIndex([file], { ...subject, town: forged, file: forged })
  expect(index.split('\n').filter((line) => !line.startsWith('#'))).toHaveLength(2)
})
