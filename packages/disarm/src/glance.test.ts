import { describe, expect, it } from 'vitest'
import { cleanOffice } from '../verify/office.test-support.ts'
import { Context } from './family.ts'
import { glance } from './glance.ts'
import { agilePackage } from './legacy/specimens/package.test-support.ts'
import { buildPdf } from './pdf/build.test-support.ts'
import { hostileZip } from './zip/hostile.test-support.ts'
import { aesMember, traditionalMember } from './zip/locked.test-support.ts'

const at = (bytes: Uint8Array, name: string): ReturnType<typeof glance> =>
  glance(bytes, name, new Context())

/** Of a password that nobody knows. */
const LOCKED_PDF = buildPdf(
  {},
  `/ID [<00><00>] /Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -44 /O <${'5a'.repeat(32)}> /U <${'a5'.repeat(32)}> >>`,
)

describe('a look at a file', () => {
  it('names the members of an archive, cleaned', () => {
    const zip = hostileZip([
      { name: '一覧.txt', data: Buffer.from('a') },
      { name: '../b\u202E.txt', data: Buffer.from('b') },
    ])
    expect(at(zip, 'x.zip')).toMatchObject({ type: 'zip', locked: false })
    expect(at(zip, 'x.zip').members).toEqual(['一覧.txt', '.._b.txt'])
  })

  it.each([
    ['the old cipher of zip', hostileZip([traditionalMember('a.txt', 'x', Buffer.of(1))]), 'a.zip'],
    ['AES in a zip', hostileZip([aesMember('a.txt', 'x', Buffer.of(1))]), 'a.zip'],
    ['a PDF', LOCKED_PDF, 'a.pdf'],
    ['an Office file', agilePackage(cleanOffice('docx'), 'p'), 'a.docx'],
  ])('sees that %s asks for a password', (_what, bytes, name) => {
    expect(at(bytes, name)).toMatchObject({ locked: true, reason: 'ENCRYPTED' })
  })

  it('a PDF that opens without one is not locked', () => {
    expect(at(buildPdf(), 'a.pdf')).toEqual({ type: 'pdf', locked: false, members: [] })
  })

  it('a file that would be refused has its reason', () => {
    expect(at(Buffer.from('MZ'), 'a.exe')).toMatchObject({ locked: false, reason: 'TYPE-DENIED' })
    expect(at(cleanOffice('xlsx'), 'a.xlsx')).toEqual({ type: 'xlsx', locked: false, members: [] })
  })

  it('spends the entries of an archive from the budget of the whole', () => {
    const zip = hostileZip([{ name: 'a.txt', data: Buffer.from('a') }])
    const context = new Context({ limits: { entries: 2 } })
    glance(zip, 'a.zip', context)
    glance(zip, 'a.zip', context)
    expect(() => glance(zip, 'a.zip', context)).toThrow('LIMIT-ENTRIES')
  })
})
