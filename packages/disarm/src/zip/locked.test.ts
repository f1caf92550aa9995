import { describe, expect, it } from 'vitest'
import { verifyClean } from '../../verify/index.ts'
import { disarmBytes } from '../engine.ts'
import { Context } from '../family.ts'
import { encodeCp932 } from './cp932.ts'
import type { HostileMember } from './hostile.test-support.ts'
import { hostileZip } from './hostile.test-support.ts'
import { aesMember, traditionalMember } from './locked.test-support.ts'
import { readEntry, readZip } from './read.ts'
import { LAYOUTS, zipBy } from './writers.test-support.ts'

const TEXT = '氏名,電話\r\n髙橋,03\r\n'
const utf8 = (password: string): Uint8Array => Buffer.from(password)
const cp932 = (password: string): Uint8Array => encodeCp932(password)!

function disarm(members: readonly HostileMember[], password?: string) {
  return disarmBytes(hostileZip(members), 'zip', password === undefined ? {} : { password })
}

function textsOf(zip: Uint8Array): Record<string, string> {
  const context = new Context()
  const read = readZip(zip, context)
  return Object.fromEntries(
    read.entries.map((entry) => [
      entry.name.normalize('NFC'),
      Buffer.from(readEntry(read, entry, context)).toString(),
    ]),
  )
}

describe('a zip with a password is opened with the password that the sender gave', () => {
  it.each<[string, HostileMember]>([
    ['the old cipher', traditionalMember('a.csv', TEXT, utf8('himitsu'))],
    ['AES-128', aesMember('a.csv', TEXT, utf8('himitsu'), { strength: 1 })],
    ['AES-192', aesMember('a.csv', TEXT, utf8('himitsu'), { strength: 2 })],
    ['AES-256', aesMember('a.csv', TEXT, utf8('himitsu'), { strength: 3 })],
    ['AES-256 with a checksum', aesMember('a.csv', TEXT, utf8('himitsu'), { version: 1 })],
  ])('%s', (_, member) => {
    const { report, output } = disarm([member], 'himitsu')
    expect(report).toMatchObject({ outputType: 'zip', verdict: 'removed' })
    expect(report.removed).toEqual([{ rule: 'ZIP-ENC', where: '', count: 1 }])
    expect(textsOf(output!)).toEqual({ 'a.csv': TEXT })
    expect(verifyClean(output!, 'zip')).toEqual({ clean: true, type: 'zip' })
    expect(disarm([member], 'Himitsu').report.reason).toBe('PASSWORD-WRONG')
    expect(disarm([member]).report.reason).toBe('ENCRYPTED')
  })

  it('a Japanese password, whether the writer took it as UTF-8 or as CP932', () => {
    for (const bytes of [utf8('令和〜予定ソ髙'), cp932('令和〜予定ソ髙')]) {
      for (const lock of [traditionalMember, aesMember]) {
        const { output } = disarm([lock('a.csv', TEXT, bytes)], '令和〜予定ソ髙')
        expect(textsOf(output!)).toEqual({ 'a.csv': TEXT })
      }
    }
  })

  it('an open member beside a locked one', () => {
    const members = [{ name: 'b.csv', data: 'x\r\n' }, aesMember('a.csv', TEXT, utf8('p'))]
    expect(textsOf(disarm(members, 'p').output!)).toEqual({ 'a.csv': TEXT, 'b.csv': 'x\r\n' })
  })

  it('a member that was changed behind its seal is not believed', () => {
    const member = aesMember('a.csv', TEXT, utf8('p'), { damage: true, stored: true })
    expect(disarm([member], 'p').report.reason).toBe('PASSWORD-WRONG')
  })

  it('a wrong password that happens to pass the one check byte of the old cipher is found out', () => {
    const member = traditionalMember('a.csv', TEXT, utf8('right'))
    const reasons = Array.from({ length: 600 }, (_, index) => {
      const { report } = disarm([member], `wrong ${index}`)
      return report.reason
    })
    expect(new Set(reasons)).toEqual(new Set(['PASSWORD-WRONG']))
  })

  it.each([
    ['strong encryption', 0x41],
    ['masked headers', 0x2001],
  ])('%s, which nobody here can open', (_, flags) => {
    const member = { ...traditionalMember('a.csv', TEXT, utf8('p')), flags }
    expect(disarm([member], 'p').report.reason).toBe('ENCRYPTED')
  })

  it('AES of an unknown strength or without its field', () => {
    const member = aesMember('a.csv', TEXT, utf8('p'))
    expect(disarm([{ ...member, extra: new Uint8Array() }], 'p').report.reason).toBe('ENCRYPTED')
    const strange = Buffer.from([0x01, 0x99, 7, 0, 2, 0, 0x41, 0x45, 9, 8, 0])
    expect(disarm([{ ...member, extra: strange }], 'p').report.reason).toBe('ENCRYPTED')
  })

  it('a bomb behind a password is still a bomb', () => {
    const member = aesMember('a.csv', 'x'.repeat(200_000), utf8('p'))
    const { report } = disarmBytes(hostileZip([member]), 'zip', {
      password: 'p',
      limits: { decodedBytes: 100_000 },
    })
    expect(report.reason).toBe('ZIP-BOMB')
  })
})

describe('CP932 as Windows writes it', () => {
  it.each([
    ['ソ表予', '835c955c975c'],
    ['髙﨑①Ⅰ', 'fbfcfab187408754'],
    ['〜−‖', '8160817c8161'],
    ['～－∥', '8160817c8161'],
    ['ｱ a', 'b12061'],
    ['¬∵', '81ca81e6'],
  ])('%s', (text, hex) => {
    expect(Buffer.from(encodeCp932(text)!).toString('hex')).toBe(hex)
  })

  it('has no place for 𠮷, 葛󠄂 or Thai', () => {
    expect(['𠮷', '葛\u{E0102}', 'ก'].map(encodeCp932)).toEqual([undefined, undefined, undefined])
  })
})

describe('a zip of every common writer is delivered', () => {
  const members = [
    ['予定表.csv', TEXT],
    ['様式/一覧.csv', 'a,b\r\n'],
  ] as const

  it.each(LAYOUTS.map((layout) => [layout.program, layout] as const))('%s', (_, layout) => {
    const { report, output } = disarmBytes(zipBy(layout, members), 'zip')
    expect(report.reason).toBeUndefined()
    expect(textsOf(output!)).toEqual(Object.fromEntries(members))
    expect(verifyClean(output!, 'zip')).toEqual({ clean: true, type: 'zip' })
  })

  it('what Finder and Explorer put beside the files goes, and is not listed to the reader', () => {
    const { output, report } = disarmBytes(
      hostileZip([
        { name: 'a.csv', data: TEXT },
        { name: '__MACOSX/._a.csv', data: '\0\u0005\u0016\u0007' },
        { name: 'sub/.DS_Store', data: 'Bud1' },
        { name: 'Thumbs.db', data: 'x' },
      ]),
      'zip',
    )
    expect(textsOf(output!)).toEqual({ 'a.csv': TEXT })
    expect(report.removed.map(({ rule }) => rule)).toEqual([
      'ZIP-MEMBER',
      'ZIP-MEMBER',
      'ZIP-MEMBER',
    ])
  })
})
