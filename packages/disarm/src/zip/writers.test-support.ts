import { crc32, deflateRawSync } from 'node:zlib'

/** How a program lays out a zip: what differs between writers, and nothing else. */
export interface Layout {
  readonly program: string
  readonly encode: (name: string) => Uint8Array
  readonly flags: number
  /** Upper byte of "version made by": 0 MS-DOS, 3 Unix, 10 NTFS, 19 macOS. */
  readonly system: number
  readonly stored?: boolean
  readonly descriptor?: 'signed' | 'bare' | 'wide' | 'promised'
  /** What the local header says about sizes and checksum when a descriptor follows. */
  readonly local?: 'true' | 'zero' | 'zip64'
  readonly localExtra?: string
  readonly centralExtra?: string
  readonly end64?: boolean
  readonly separator?: string
}

const utf8 = (name: string): Uint8Array => Buffer.from(name, 'utf8')
/** 予定表 and a folder 様式, as a Japanese Windows writes them. */
const CP932: ReadonlyMap<string, string> = new Map([
  ['予定表.csv', '975c92e8955c2e637376'],
  ['様式/一覧.csv', '976c8eae2f88ea97972e637376'],
])
const cp932 = (name: string): Uint8Array => Buffer.from(CP932.get(name) ?? '', 'hex')
const decomposed = (name: string): Uint8Array => Buffer.from(name.normalize('NFD'), 'utf8')
const TIMES = '5554050001a0a5b065' // Info-ZIP "UT"
const IDS = '75780b000104e803000004e8030000' // Info-ZIP "ux"
const NTFS = '0a0020000000000001001800' + '00c0a8a0a0a0da01'.repeat(3)
const FINDER_LOCAL = '55580c00a0a5b065a0a5b065f5011400'
const FINDER_CENTRAL = '55580800a0a5b065a0a5b065'

export const LAYOUTS: readonly Layout[] = [
  { program: 'Explorer, Windows 11', encode: utf8, flags: 0x800, system: 0 },
  { program: 'Explorer, Windows 7', encode: cp932, flags: 0, system: 0 },
  { program: 'Lhaplus', encode: cp932, flags: 0, system: 0, stored: true },
  { program: '7-Zip', encode: utf8, flags: 0x800, system: 0, centralExtra: NTFS },
  {
    program: 'Finder',
    encode: decomposed,
    flags: 8,
    system: 3,
    descriptor: 'signed',
    local: 'zero',
    localExtra: FINDER_LOCAL,
    centralExtra: FINDER_CENTRAL,
  },
  {
    program: 'zip',
    encode: utf8,
    flags: 0,
    system: 3,
    localExtra: TIMES + IDS,
    centralExtra: '5554050001a0a5b065' + IDS,
  },
  {
    program: 'zip to a pipe',
    encode: utf8,
    flags: 8,
    system: 3,
    descriptor: 'wide',
    local: 'zip64',
  },
  { program: 'Python', encode: utf8, flags: 0x800, system: 3 },
  {
    program: 'Python to a pipe',
    encode: utf8,
    flags: 0x808,
    system: 3,
    descriptor: 'signed',
    local: 'zero',
  },
  {
    program: 'Java',
    encode: utf8,
    flags: 0x808,
    system: 0,
    descriptor: 'signed',
    local: 'zero',
    localExtra: 'feca0000',
  },
  { program: 'Go', encode: utf8, flags: 0x808, system: 3, descriptor: 'signed', local: 'zero' },
  { program: '.NET Framework', encode: utf8, flags: 0x800, system: 0, separator: '\\' },
  {
    program: 'cloud storage, zip64',
    encode: utf8,
    flags: 0x808,
    system: 3,
    descriptor: 'wide',
    local: 'zip64',
    end64: true,
  },
  {
    program: 'old library without descriptor signature',
    encode: utf8,
    flags: 0x808,
    system: 0,
    descriptor: 'bare',
    local: 'zero',
  },
  {
    program: 'old library that forgets its descriptor',
    encode: utf8,
    flags: 0x808,
    system: 0,
    descriptor: 'promised',
    local: 'true',
  },
]

/** A zip of these members as the program writes it. */
export function zipBy(
  layout: Layout,
  members: readonly (readonly [name: string, text: string])[],
): Uint8Array {
  const parts: Buffer[] = []
  const records: Buffer[] = []
  let offset = 0
  for (const [name, text] of members) {
    const { local, central } = memberBy(layout, name, Buffer.from(text), offset)
    parts.push(local)
    records.push(central)
    offset += local.length
  }
  const directory = Buffer.concat(records)
  const end = endBy(layout, members.length, directory.length, offset)
  return new Uint8Array(Buffer.concat([...parts, directory, end]))
}

function memberBy(layout: Layout, path: string, data: Buffer, offset: number) {
  const name = Buffer.from(layout.encode(path.replaceAll('/', layout.separator ?? '/')))
  const method = layout.stored || data.length === 0 ? 0 : 8
  const packed = method === 8 ? deflateRawSync(data) : data
  const truth = [crc32(data), packed.length, data.length] as const
  const extra = Buffer.from(layout.localExtra ?? '', 'hex')
  const wide =
    layout.local === 'zip64' ? Buffer.from('01001000' + '00'.repeat(16), 'hex') : Buffer.alloc(0)
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(20, 4)
  local.writeUInt16LE(layout.flags, 6)
  local.writeUInt16LE(method, 8)
  const said = localSizes(layout, truth)
  said.forEach((value, index) => local.writeUInt32LE(value >>> 0, 14 + index * 4))
  local.writeUInt16LE(name.length, 26)
  local.writeUInt16LE(wide.length + extra.length, 28)
  const central = Buffer.alloc(46)
  const centralExtra = Buffer.from(layout.centralExtra ?? '', 'hex')
  central.writeUInt32LE(0x02014b50, 0)
  central.writeUInt16LE(layout.system * 256 + 20, 4)
  central.writeUInt16LE(20, 6)
  central.writeUInt16LE(layout.flags, 8)
  central.writeUInt16LE(method, 10)
  truth.forEach((value, index) => central.writeUInt32LE(value >>> 0, 16 + index * 4))
  central.writeUInt16LE(name.length, 28)
  central.writeUInt16LE(centralExtra.length, 30)
  if (layout.system === 3) central.writeUInt32LE(0o100644 * 0x10000, 38)
  central.writeUInt32LE(offset, 42)
  return {
    local: Buffer.concat([local, name, wide, extra, packed, descriptorBy(layout, truth)]),
    central: Buffer.concat([central, name, centralExtra]),
  }
}

type Sizes = readonly [crc: number, packed: number, size: number]

function localSizes(layout: Layout, truth: Sizes): Sizes {
  if (layout.local === 'zero') return [0, 0, 0]
  return layout.local === 'zip64' ? [0, 0xffffffff, 0xffffffff] : truth
}

function descriptorBy({ descriptor }: Layout, [crc, packed, size]: Sizes): Buffer {
  if (!descriptor || descriptor === 'promised') return Buffer.alloc(0)
  const width = descriptor === 'wide' ? 8 : 4
  const body = Buffer.alloc(4 + width * 2)
  body.writeUInt32LE(crc >>> 0, 0)
  body.writeUInt32LE(packed, 4)
  body.writeUInt32LE(size, 4 + width)
  return descriptor === 'bare' ? body : Buffer.concat([Buffer.from('PK\u0007\b'), body])
}

function endBy(layout: Layout, count: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(layout.end64 ? 0xffff : count, 8)
  end.writeUInt16LE(layout.end64 ? 0xffff : count, 10)
  end.writeUInt32LE(layout.end64 ? 0xffffffff : size, 12)
  end.writeUInt32LE(layout.end64 ? 0xffffffff : offset, 16)
  if (!layout.end64) return end
  const record = Buffer.alloc(76)
  record.writeUInt32LE(0x06064b50, 0)
  record.writeUInt32LE(44, 4)
  record.writeUInt16LE(45, 12)
  record.writeUInt16LE(45, 14)
  record.writeUInt32LE(count, 24)
  record.writeUInt32LE(count, 32)
  record.writeUInt32LE(size, 40)
  record.writeUInt32LE(offset, 48)
  record.writeUInt32LE(0x07064b50, 56)
  record.writeUInt32LE(offset + size, 64)
  record.writeUInt32LE(1, 72)
  return Buffer.concat([record, end])
}
