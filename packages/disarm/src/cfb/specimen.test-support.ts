/**
 * Compound files as other writers and attackers make them. Written apart from `write.ts`: version 3 or 4, the tree a mere list,
 * sectors in any order, and each number of header, FAT and directory open to a lie.
 */
export interface Specimen {
  readonly version?: 3 | 4
  readonly entries: readonly SpecimenEntry[]
  readonly rootClsid?: Uint8Array
  /** Words of the header to be overwritten: offset → 32-bit value. */
  readonly header?: Readonly<Record<number, number>>
  /** Numbers of the FAT to be overwritten: sector → what follows it. */
  readonly fat?: Readonly<Record<number, number>>
  readonly miniFat?: Readonly<Record<number, number>>
  /** Bytes to be cut off the end of the file. */
  readonly cut?: number
}

export interface SpecimenEntry {
  readonly name: string
  /** Number of the storage in the list, counted from 1; the root when absent. */
  readonly parent?: number
  /** Absent for a storage. */
  readonly bytes?: Uint8Array
  readonly clsid?: Uint8Array
  /** Lies of the directory. */
  readonly size?: number
  readonly sizeHigh?: number
  readonly start?: number
  readonly left?: number
  readonly right?: number
  readonly child?: number
  readonly type?: number
  readonly nameLength?: number
}

const NONE = 0xffffffff
const END = 0xfffffffe

/** Sector numbers that a specimen's parts got, for aiming lies. */
export interface SpecimenFile {
  readonly bytes: Uint8Array
  /** First sector, or mini sector, of each entry of the list. */
  readonly starts: readonly number[]
  readonly directoryAt: number
}

export function specimenCompound(specimen: Specimen): SpecimenFile {
  const shift = specimen.version === 4 ? 12 : 9
  const size = 1 << shift
  const sectors: Buffer[] = []
  const next: number[] = []
  const place = (bytes: Uint8Array): number => {
    const first = sectors.length
    const count = Math.ceil(bytes.length / size)
    for (let i = 0; i < count; i++) {
      const sector = Buffer.alloc(size)
      Buffer.from(bytes.subarray(i * size, (i + 1) * size)).copy(sector)
      sectors.push(sector)
      next.push(i === count - 1 ? END : sectors.length)
    }
    return count === 0 ? END : first
  }
  const mini = miniStreamOf(specimen)
  // Streams first, then the tables: the opposite of what `write.ts` does.
  const starts = specimen.entries.map(({ bytes }, index) =>
    bytes && bytes.length >= 4096 ? place(bytes) : (mini.starts[index] ?? END),
  )
  const miniStart = place(mini.stream)
  const miniFatStart = place(numbers(mini.next, specimen.miniFat, size))
  const directory = directoryOf(specimen, starts, miniStart, mini.stream.length)
  const directoryStart = place(padded(directory, size))
  const fatSector = sectors.length
  next.push(0xfffffffd)
  if (next.length > size / 4) throw new Error('specimen too large')
  sectors.push(numbers(next, specimen.fat, size))
  const header = headerOf(shift, directoryStart, fatSector, miniFatStart, specimen.header)
  const whole = Buffer.concat([padded(header, size), ...sectors])
  return {
    bytes: new Uint8Array(whole.subarray(0, whole.length - (specimen.cut ?? 0))),
    starts,
    directoryAt: (directoryStart + 1) * size,
  }
}

function padded(bytes: Buffer, size: number): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((size - (bytes.length % size)) % size)])
}

function numbers(
  list: readonly number[],
  lies: Readonly<Record<number, number>> | undefined,
  size: number,
): Buffer {
  if (list.length === 0) return Buffer.alloc(0)
  const table = Buffer.alloc(Math.ceil((list.length * 4) / size) * size, 0xff)
  list.forEach((value, index) => table.writeUInt32LE(value, index * 4))
  for (const [index, value] of Object.entries(lies ?? {})) {
    table.writeUInt32LE(value, Number(index) * 4)
  }
  return table
}

function miniStreamOf({ entries }: Specimen) {
  const parts: Buffer[] = []
  const next: number[] = []
  const starts = entries.map(({ bytes }) => {
    if (!bytes || bytes.length === 0 || bytes.length >= 4096) return undefined
    const first = next.length
    const count = Math.ceil(bytes.length / 64)
    for (let i = 0; i < count; i++) next.push(i === count - 1 ? END : next.length + 1)
    parts.push(padded(Buffer.from(bytes), 64))
    return first
  })
  return { stream: Buffer.concat(parts), next, starts }
}

/** Siblings hang on each other's right arm: a tree that no one balanced or sorted. */
function directoryOf(
  specimen: Specimen,
  starts: readonly number[],
  miniStart: number,
  miniSize: number,
): Buffer {
  const { entries } = specimen
  const ids = entries.map((_, index) => index + 1)
  const childrenOf = (parent: number) =>
    ids.filter((id) => (entries[id - 1]?.parent ?? 0) === parent)
  const rightOf = (id: number) => {
    const siblings = childrenOf(entries[id - 1]?.parent ?? 0)
    return siblings[siblings.indexOf(id) + 1] ?? NONE
  }
  const root = slot({
    name: 'Root Entry',
    type: 5,
    left: NONE,
    right: NONE,
    child: childrenOf(0)[0] ?? NONE,
    start: miniStart,
    size: miniSize,
    ...(specimen.rootClsid ? { clsid: specimen.rootClsid } : {}),
  })
  const rest = entries.map((entry, index) =>
    slot({
      type: entry.bytes ? 2 : 1,
      left: NONE,
      right: rightOf(index + 1),
      child: entry.bytes ? NONE : (childrenOf(index + 1)[0] ?? NONE),
      start: entry.bytes ? (starts[index] ?? END) : 0,
      size: entry.bytes?.length ?? 0,
      ...entry,
    }),
  )
  return Buffer.concat([root, ...rest])
}

function slot(entry: Omit<SpecimenEntry, 'bytes' | 'parent'>): Buffer {
  const buffer = Buffer.alloc(128)
  buffer.write(entry.name, 0, 62, 'utf16le')
  buffer.writeUInt16LE(entry.nameLength ?? (entry.name.length + 1) * 2, 64)
  buffer.writeUInt8(entry.type ?? 0, 66)
  buffer.writeUInt8(1, 67)
  buffer.writeUInt32LE(entry.left ?? NONE, 68)
  buffer.writeUInt32LE(entry.right ?? NONE, 72)
  buffer.writeUInt32LE(entry.child ?? NONE, 76)
  Buffer.from(entry.clsid ?? []).copy(buffer, 80)
  buffer.writeUInt32LE(entry.start ?? 0, 116)
  buffer.writeUInt32LE(entry.size ?? 0, 120)
  buffer.writeUInt32LE(entry.sizeHigh ?? 0, 124)
  return buffer
}

function headerOf(
  shift: number,
  directory: number,
  fat: number,
  miniFat: number,
  lies: Readonly<Record<number, number>> | undefined,
): Buffer {
  const header = Buffer.alloc(512)
  header.write('d0cf11e0a1b11ae1', 0, 'hex')
  header.writeUInt16LE(0x3e, 24)
  header.writeUInt16LE(shift === 12 ? 4 : 3, 26)
  header.writeUInt16LE(0xfffe, 28)
  header.writeUInt16LE(shift, 30)
  header.writeUInt16LE(6, 32)
  header.writeUInt32LE(1, 44)
  header.writeUInt32LE(directory, 48)
  header.writeUInt32LE(4096, 56)
  header.writeUInt32LE(miniFat, 60)
  header.writeUInt32LE(miniFat === END ? 0 : 1, 64)
  header.writeUInt32LE(END, 68)
  header.fill(0xff, 76, 512)
  header.writeUInt32LE(fat, 76)
  for (const [at, value] of Object.entries(lies ?? {})) header.writeUInt32LE(value, Number(at))
  return header
}
