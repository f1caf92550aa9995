import { describe, expect, it } from 'vitest'
import { Refusal } from '../family.ts'
import { encodeCp932 } from '../zip/cp932.ts'
import { openEncryption } from './crypt.ts'
import type { Dictionary, Value } from './objects.ts'
import { lockedHandler } from './locked.test-support.ts'
import { classicPasswordForms, modernPasswordForms } from './password-forms.ts'

const ID = Buffer.from('0123456789abcdef')
const resolve = (value: Value | undefined): Value => value ?? null

function reasonOf(encrypt: Dictionary, password?: string): string {
  try {
    openEncryption(encrypt, ID, resolve, password)
    return ''
  } catch (error) {
    if (error instanceof Refusal) return error.reason
    throw error
  }
}

describe('a PDF with a password is opened with the password that the sender gave', () => {
  it.each([2, 3, 4, 5] as const)('revision %i', (revision) => {
    const encrypt = lockedHandler(revision, Buffer.from('himitsu'), ID)
    expect(reasonOf(encrypt, 'himitsu')).toBe('')
    expect(reasonOf(encrypt, 'Himitsu')).toBe('PASSWORD-WRONG')
    expect(reasonOf(encrypt)).toBe('ENCRYPTED')
  })

  it('a Japanese password, however the writer turned it into bytes', () => {
    for (const bytes of [Buffer.from('予定髙'), encodeCp932('予定髙')!]) {
      expect(reasonOf(lockedHandler(4, bytes, ID), '予定髙')).toBe('')
    }
    const composed = Buffer.from('パスワードガ', 'utf8')
    const encrypt = lockedHandler(5, composed, ID)
    expect(reasonOf(encrypt, 'ﾊﾟｽﾜｰﾄﾞｶﾞ')).toBe('')
    expect(reasonOf(encrypt, 'パスワードガ'.normalize('NFD'))).toBe('')
  })

  it('a file that locks only its attachments needs no password', () => {
    const encrypt = lockedHandler(5, Buffer.from('himitsu'), ID, { attachmentsOnly: true })
    expect(reasonOf(encrypt)).toBe('')
    const decryptor = openEncryption(encrypt, ID, resolve, undefined)
    const locked = (type: string): Dictionary => ({
      kind: 'dictionary',
      entries: new Map<string, Value>([
        ['Type', { kind: 'name', value: type }],
        ['Filter', { kind: 'name', value: 'Crypt' }],
        [
          'DecodeParms',
          {
            kind: 'dictionary',
            entries: new Map<string, Value>([['Name', { kind: 'name', value: 'StdCF' }]]),
          },
        ],
      ]),
    })
    expect(decryptor.stream(Buffer.alloc(48), 1, 0, locked('EmbeddedFile'))?.()).toHaveLength(0)
    expect(() => decryptor.stream(Buffer.alloc(48), 1, 0, locked('XObject'))).toThrow('ENCRYPTED')
  })
})

describe('a typed password as bytes', () => {
  const hex = (forms: readonly Uint8Array[]): string[] =>
    forms.map((form) => Buffer.from(form).toString('hex'))

  it('PDFDocEncoding first, then UTF-8 and CP932', () => {
    expect(hex(classicPasswordForms('“é€'))[0]).toBe('8de9a0')
    expect(hex(classicPasswordForms('予'))).toEqual(['e4ba88', '975c'])
    expect(hex(classicPasswordForms('abc'))).toEqual(['616263'])
  })

  it('SASLprep: spaces of all widths, joiners, compatibility forms', () => {
    expect(hex(modernPasswordForms('Ａ\u3000b\u00ad'))[0]).toBe('412062')
    expect(modernPasswordForms('a'.repeat(200))[0]).toHaveLength(127)
  })
})
