import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { verifyClean } from '../../verify/index.ts'
import { disarmBytes } from '../engine.ts'
import { brokenPromise } from '../expectations.test-support.ts'
import { Context, Refusal } from '../family.ts'
import type { HostileMember, HostileZip } from './hostile.test-support.ts'
import { hostileZip } from './hostile.test-support.ts'
import { readEntry, readZip } from './read.ts'
import { writeZip } from './write.ts'

const NOTE: HostileMember = { name: 'note.txt', data: 'こんにちは' }

function reasonFor(members: readonly HostileMember[], zip: HostileZip = {}): string {
  const { report } = disarmBytes(hostileZip(members, zip), 'zip')
  return report.reason ?? report.verdict
}

function membersOf(output: Uint8Array | undefined): Map<string, string> {
  const context = new Context()
  const zip = readZip(output ?? new Uint8Array(), context)
  return new Map(
    zip.entries.map((entry) => [
      entry.name,
      Buffer.from(readEntry(zip, entry, context)).toString('utf8'),
    ]),
  )
}

describe('a zip with two truths is refused', () => {
  it('accepts the honest zip that the lies below are made from', () => {
    expect(reasonFor([NOTE])).toBe('confirmed-absent')
    expect(reasonFor([{ ...NOTE, descriptor: true }])).toBe('confirmed-absent')
    expect(reasonFor([{ ...NOTE, method: 0 }])).toBe('confirmed-absent')
  })

  it('local name differs from the central one', () => {
    expect(reasonFor([{ ...NOTE, localName: 'evil.exe' }])).toBe('ZIP-AMBIG')
  })

  it('CRC or size is not true', () => {
    expect(reasonFor([{ ...NOTE, crc: 1 }])).toBe('ZIP-AMBIG')
    expect(reasonFor([{ ...NOTE, size: 3 }])).toBe('ZIP-AMBIG')
  })

  it('bytes between the members that only another reader would read', () => {
    const second = { ...NOTE, name: 'b.txt' }
    expect(reasonFor([NOTE, second])).toBe('confirmed-absent')
    expect(reasonFor([NOTE, second], { between: Buffer.from('hidden') })).toBe('ZIP-AMBIG')
    expect(reasonFor([NOTE, second], { gap: Buffer.from('hidden') })).toBe('ZIP-AMBIG')
  })

  it('bytes inside a member behind the end of its stream', () => {
    expect(reasonFor([{ ...NOTE, slack: Buffer.from('hidden') }])).toBe('ZIP-AMBIG')
  })

  it('a data descriptor that says something else', () => {
    expect(reasonFor([{ ...NOTE, descriptor: true, crc: 5 }])).toBe('ZIP-AMBIG')
  })

  it('a second end record in the comment', () => {
    const inner = hostileZip([{ name: 'evil.exe', data: 'MZ' }])
    expect(reasonFor([NOTE], { comment: inner })).not.toBe('confirmed-absent')
    expect(reasonFor([NOTE], { suffix: inner })).not.toBe('confirmed-absent')
  })

  it('another file behind the end, which a browser or a shell would take for the whole', () => {
    const suffix = Buffer.from('<script>x</script>')
    const { report, output } = disarmBytes(hostileZip([NOTE], { suffix }), 'zip')
    expect(report.removed).toEqual([{ rule: 'POLYGLOT', where: 'after the archive', count: 1 }])
    expect(Buffer.from(output!).includes('script')).toBe(false)
  })

  it('an end record behind the end that only a careless reader takes', () => {
    const cut = Buffer.alloc(40, 0xff)
    cut.writeUInt32LE(0x06054b50, 8)
    expect(reasonFor([NOTE], { suffix: cut })).toBe('ZIP-AMBIG')
  })

  it('a wrong number of members, or members on another disk', () => {
    expect(reasonFor([NOTE], { entries: 2 })).toBe('ZIP-AMBIG')
    expect(reasonFor([{ ...NOTE, disk: 1 }])).toBe('ZIP-AMBIG')
  })

  it('two members that share their bytes (overlap bomb)', () => {
    expect(reasonFor([NOTE, { ...NOTE, name: 'n2te.txt', localOffset: 0 }])).toMatch(/^ZIP-/)
  })

  it('the same name twice, also in other case', () => {
    expect(reasonFor([NOTE, NOTE])).toBe('ZIP-DUP')
    expect(reasonFor([NOTE, { ...NOTE, name: 'NOTE.TXT' }])).toBe('ZIP-DUP')
  })

  it('an archive behind a program (self-extractor)', () => {
    expect(reasonFor([NOTE], { prefix: Buffer.from('MZ program') })).toBe('TYPE-DENIED')
  })
})

describe('a zip cannot exhaust the machine', () => {
  it('refuses what grows beyond any honest document', () => {
    const bomb = hostileZip([{ name: 'zero.txt', data: new Uint8Array(80 * 1024 * 1024) }])
    expect(disarmBytes(bomb, 'zip').report.reason).toBe('ZIP-BOMB')
  })

  it('counts the budget over all members together', () => {
    const members = Array.from({ length: 8 }, (_, index) => ({
      name: `${index}.txt`,
      data: 'a'.repeat(1000),
    }))
    const limits = { decodedBytes: 5000 }
    const { report } = disarmBytes(hostileZip(members), 'zip', { limits })
    expect(report.reason).toMatch(/^(?:LIMIT-SIZE|ZIP-BOMB)$/)
  })

  it('counts members of nested archives in the same budget', () => {
    const inner = hostileZip([NOTE, { ...NOTE, name: 'b.txt' }])
    const outer = hostileZip([
      { name: 'a.zip', data: inner },
      { name: 'b.zip', data: inner },
    ])
    expect(disarmBytes(outer, 'zip', { limits: { entries: 6 } }).report.reason).toBeUndefined()
    expect(disarmBytes(outer, 'zip', { limits: { entries: 5 } }).report.reason).toBe(
      'LIMIT-ENTRIES',
    )
  })

  it('refuses the fourth zip in a zip', () => {
    let nest = hostileZip([NOTE])
    const wrap = () => (nest = hostileZip([{ name: 'in.zip', data: nest }]))
    wrap()
    wrap()
    expect(disarmBytes(nest, 'zip').report.reason).toBeUndefined()
    wrap()
    expect(disarmBytes(nest, 'zip').report.reason).toBe('LIMIT-DEPTH')
  })

  it('refuses a password', () => {
    expect(reasonFor([{ ...NOTE, flags: 1 }])).toBe('ENCRYPTED')
    expect(reasonFor([{ ...NOTE, method: 99 }])).toBe('ENCRYPTED')
  })
})

describe('members that may not come in are left out and listed', () => {
  const bad: readonly [string, HostileMember, string][] = [
    ['a program', { name: 'tool.exe', data: 'MZ' }, 'ZIP-MEMBER'],
    ['a path out of the folder', { name: '../../etc/x.txt', data: 'x' }, 'ZIP-TRAV'],
    ['an absolute path', { name: '/x.txt', data: 'x' }, 'ZIP-TRAV'],
    ['a drive letter', { name: 'c:\\x.txt', data: 'x' }, 'ZIP-TRAV'],
    [
      'a symbolic link',
      { name: 'l.txt', data: '/etc/passwd', madeBy: 3, external: 0o120777 * 65536 },
      'ZIP-LINK',
    ],
    ['an unknown compression', { name: 'b.txt', data: 'x', method: 12 }, 'ZIP-METHOD'],
  ]
  for (const [what, member, rule] of bad) {
    it(`leaves out ${what}`, () => {
      const { report, output } = disarmBytes(hostileZip([NOTE, member]), 'zip')
      expect(report.removed.map((row) => row.rule)).toContain(rule)
      const members = membersOf(output)
      expect([...members.keys()]).toEqual(['note.txt', '除外一覧.txt'])
      expect(verifyClean(output ?? new Uint8Array())).toMatchObject({ clean: true })
    })
  }

  it('the list is the only file of its name; a zip with one from here stays as it is', () => {
    const list = { name: '除外一覧.txt', data: 'nothing was left out, they say' }
    const { output } = disarmBytes(hostileZip([list, { name: 'tool.exe', data: 'MZ' }]), 'zip')
    expect([...membersOf(output).keys()]).toEqual(['除外一覧 (2).txt', '除外一覧.txt'])
    expect(membersOf(output).get('除外一覧.txt')).toContain('tool.exe')
    expect(disarmBytes(output!, 'zip').output).toEqual(output)
  })

  it('delivers nothing when nothing may come in', () => {
    expect(reasonFor([{ name: 'tool.exe', data: 'MZ' }])).toBe('ZIP-EMPTY')
  })

  it('rebuilds members by their own type, and two names never become one', () => {
    const macro = hostileZip([{ name: 'a.csv', data: '=cmd|"/c calc"!A0,1\r\n' }])
    const { output } = disarmBytes(
      hostileZip([
        { name: 'x/data.csv', data: '=WEBSERVICE("http://e"),1\r\n' },
        { name: 'x/in.zip', data: macro },
      ]),
      'zip',
    )
    expect(membersOf(output).get('x/data.csv')).toBe('\'=WEBSERVICE("http://e"),1\r\n')
  })
})

describe('names survive', () => {
  const sjis = Buffer.from('955c8e86835c94d4835c97702e747874', 'hex') // 表紙ソ番ソ用.txt, five bytes 0x5C

  it('reads CP932 names whose second byte is a backslash', () => {
    const { output } = disarmBytes(hostileZip([{ name: new Uint8Array(sjis), data: 'x' }]), 'zip')
    const [name] = [...membersOf(output).keys()]
    expect(name).toBe(new TextDecoder('shift_jis').decode(sjis))
    expect(name).not.toContain('_')
  })

  it('keeps 葛󠄂, 𠮷, 髙 and 﨑 exactly', () => {
    const name = '葛󠄂城市/𠮷田髙橋﨑.txt'
    const { output } = disarmBytes(hostileZip([{ name, data: 'x', flags: 0x800 }]), 'zip')
    expect([...membersOf(output).keys()]).toEqual([name])
  })

  it('refuses a name that is not of its encoding', () => {
    expect(reasonFor([{ name: new Uint8Array([0xff, 0xff, 0x2e]), data: 'x' }])).toBe('ZIP-NAME')
    expect(reasonFor([{ name: new Uint8Array([0x82]), data: 'x', flags: 0x800 }])).toBe('ZIP-AMBIG')
  })
})

describe('one header says that names are UTF-8, the other does not', () => {
  it('changes nothing for a name of ASCII, which is the same in every encoding', () => {
    expect(reasonFor([{ ...NOTE, localFlags: 0x800 }])).toBe('confirmed-absent')
    expect(reasonFor([{ ...NOTE, flags: 0x800, localFlags: 0 }])).toBe('confirmed-absent')
  })

  it('makes two names of any other', () => {
    expect(reasonFor([{ ...NOTE, name: '表.txt', flags: 0x800, localFlags: 0 }])).toBe('ZIP-AMBIG')
  })
})

describe('whatever the bytes, a zip is written or refused', () => {
  it('one flipped byte never throws and never passes unverified', () => {
    const honest = hostileZip([NOTE, { name: 'b.csv', data: 'a,b\r\n' }])
    fc.assert(
      fc.property(fc.nat(honest.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = honest.slice()
        bytes[at] = (bytes[at] ?? 0) ^ change
        expect(brokenPromise(bytes, 'zip')).toBe('')
      }),
      { numRuns: 600 },
    )
  })

  it('random bytes after a zip signature are refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (tail) => {
        const bytes = new Uint8Array([0x50, 0x4b, 3, 4, ...tail])
        expect(disarmBytes(bytes, 'zip').report.verdict).toBe('refused')
      }),
    )
  })

  it('what is written is read back the same, and twice the same', () => {
    const entry = fc.record({
      name: fc.stringMatching(/^[a-z]{1,8}\.txt$/),
      bytes: fc.uint8Array({ maxLength: 500 }),
    })
    fc.assert(
      fc.property(
        fc.uniqueArray(entry, { selector: ({ name }) => name, minLength: 1 }),
        (entries) => {
          const written = writeZip(entries)
          expect(Buffer.compare(written, writeZip(entries))).toBe(0)
          const context = new Context()
          const zip = readZip(written, context)
          expect(zip.entries.map(({ name }) => name)).toEqual(entries.map(({ name }) => name))
          zip.entries.forEach((one, index) => {
            expect(
              Buffer.compare(
                readEntry(zip, one, context),
                entries[index]?.bytes ?? new Uint8Array(),
              ),
            ).toBe(0)
          })
        },
      ),
      { numRuns: 50 },
    )
  })

  it('names the reason and nothing of the file', () => {
    expect(() => readZip(new Uint8Array(30), new Context())).toThrow(Refusal)
  })
})
