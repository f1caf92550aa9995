import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cleanOffice } from '../../verify/office.test-support.ts'
import { verifyClean } from '../../verify/index.ts'
import { writeCompoundFile } from '../cfb/index.ts'
import { disarmBytes } from '../engine.ts'
import { agilePackage, encryptedFile, standardPackage } from './specimens/package.test-support.ts'

const letter = cleanOffice('docx')
const PASSWORD = 'ひみつ𠮷1'

describe('an Office file with a password is opened with it and rebuilt without', () => {
  const reasonOf = (file: Uint8Array, password?: string): string | undefined =>
    disarmBytes(file, 'docx', password === undefined ? {} : { password }).report.reason

  it.each([
    ['agile, SHA-512 and AES-256', agilePackage(letter, PASSWORD)],
    ['agile, SHA-384 and AES-192', agilePackage(letter, PASSWORD, { hash: 'SHA384', bits: 192 })],
    ['agile, SHA-256 and AES-128', agilePackage(letter, PASSWORD, { hash: 'SHA256', bits: 128 })],
    ['agile, SHA-1 and AES-128', agilePackage(letter, PASSWORD, { hash: 'SHA1', bits: 128 })],
    ['agile, SHA-1 and AES-256', agilePackage(letter, PASSWORD, { hash: 'SHA1', bits: 256 })],
    ['standard', standardPackage(letter, PASSWORD)],
  ])('%s', (_, file) => {
    const { report, output } = disarmBytes(file, 'docx', { password: PASSWORD })
    expect(report).toMatchObject({ type: 'ooxmlcrypt', outputType: 'docx' })
    expect(report.removed).toEqual([{ rule: 'OX-CRYPT', where: '', count: 1 }])
    expect(Buffer.from(output!).equals(letter)).toBe(true)
    expect(verifyClean(output!, 'docx')).toEqual({ clean: true, type: 'docx' })
    expect(reasonOf(file, 'x')).toBe('PASSWORD-WRONG')
    expect(reasonOf(file)).toBe('ENCRYPTED')
  })

  it('the password that Excel knows is tried without being asked', () => {
    const book = cleanOffice('xlsx')
    const { report } = disarmBytes(agilePackage(book, 'VelvetSweatshop'), 'xlsx')
    expect(report.removed.map(({ rule }) => rule)).toEqual(['OX-CRYPT'])
  })

  it('a package that was changed behind its seal is not delivered', () => {
    expect(reasonOf(agilePackage(letter, PASSWORD, { damage: true }), PASSWORD)).toBe('OLE-CFB')
  })

  it.each(['10000001', '-1', '1e99', 'x'])('rounds that would never end: %s', (saidSpins) => {
    expect(reasonOf(agilePackage(letter, PASSWORD, { saidSpins }), PASSWORD)).toBe('LIMIT-TIME')
  })

  it('rounds that take too long are stopped on the way', () => {
    let now = 0
    const file = agilePackage(letter, PASSWORD, { saidSpins: '10000000' })
    const { report } = disarmBytes(file, 'docx', {
      password: PASSWORD,
      limits: { milliseconds: 5 },
      clock: () => now++,
    })
    expect(report.reason).toBe('LIMIT-TIME')
  })

  it('encryption in encryption, and anything else that is no Office package, goes no further', () => {
    const inner = agilePackage(letter, 'VelvetSweatshop')
    expect(reasonOf(agilePackage(inner, 'VelvetSweatshop'))).toBe('TYPE-MISMATCH')
    const table = Buffer.from('GIF89a')
    expect(reasonOf(agilePackage(table, 'VelvetSweatshop'))).toBe('TYPE-MISMATCH')
  })

  it('rights management and encryption that nobody writes', () => {
    const names = ['EncryptedPackage', '\u0006DataSpaces/DataSpaceInfo/DRMEncryptedDataSpace']
    const streams = names.map((path) => ({ path, bytes: new Uint8Array(8) }))
    expect(reasonOf(writeCompoundFile({ streams }))).toBe('RIGHTS')
    expect(reasonOf(encryptedFile(Buffer.from([3, 0, 3, 0]), new Uint8Array(8)))).toBe('ENCRYPTED')
  })

  it.each([
    ['agile', agilePackage(letter, 'VelvetSweatshop'), 80],
    ['standard', standardPackage(letter, 'VelvetSweatshop'), 8],
  ] as const)('random damage of the %s form is refused with a reason', (_, seed, numRuns) => {
    const hits = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(hits, (list) => {
        const damaged = Uint8Array.from(seed)
        for (const [at, value] of list) damaged[at % damaged.length] = value
        const { report, output } = disarmBytes(damaged, 'docx', { limits: { milliseconds: 2000 } })
        expect(report.reason).not.toBe('ENG-CRASH')
        if (output) expect(verifyClean(output).clean).toBe(true)
      }),
      { numRuns },
    )
  })
})
