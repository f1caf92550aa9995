import { crc32, deflateRawSync } from 'node:zlib'

/** One member as an attacker writes it: every field may be wrong. */
export interface HostileMember {
  readonly name: string | Uint8Array
  readonly data: Uint8Array | string
  readonly method?: number
  readonly flags?: number
  /** Flags of the local header alone. */
  readonly localFlags?: number
  readonly crc?: number
  readonly size?: number
  /** Compressed size in the central record. */
  readonly packedSize?: number
  readonly external?: number
  readonly madeBy?: number
  readonly localName?: string
  readonly localOffset?: number
  readonly extra?: Uint8Array
  readonly descriptor?: boolean
  readonly disk?: number
  /** Bytes after the end of the deflate stream, inside the member. */
  readonly slack?: Uint8Array
}

export interface HostileZip {
  readonly prefix?: Uint8Array
  /** After every member, or only after the first. */
  readonly between?: Uint8Array
  readonly gap?: Uint8Array
  readonly suffix?: Uint8Array
  readonly comment?: Uint8Array
  readonly entries?: number
}

/** Writes a zip with the lies that are asked for. */
export function hostileZip(members: readonly HostileMember[], zip: HostileZip = {}): Uint8Array {
  const parts: Buffer[] = [Buffer.from(zip.prefix ?? [])]
  const central: Buffer[] = []
  let offset = parts[0]?.length ?? 0
  for (const member of members) {
    const { local, record } = memberBytes(member, offset)
    const after = Buffer.from((central.length === 0 ? zip.gap : undefined) ?? zip.between ?? [])
    parts.push(local, after)
    central.push(record)
    offset += local.length + after.length
  }
  const directory = Buffer.concat(central)
  const comment = Buffer.from(zip.comment ?? [])
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(zip.entries ?? members.length, 8)
  end.writeUInt16LE(zip.entries ?? members.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  end.writeUInt16LE(comment.length, 20)
  return new Uint8Array(
    Buffer.concat([...parts, directory, end, comment, Buffer.from(zip.suffix ?? [])]),
  )
}

function memberBytes(member: HostileMember, offset: number) {
  const data = Buffer.from(member.data as string)
  const name = Buffer.from(member.name as string)
  const method = member.method ?? 8
  const stream = method === 8 ? deflateRawSync(data) : data
  const packed = Buffer.concat([stream, Buffer.from(member.slack ?? [])])
  const extra = Buffer.from(member.extra ?? [])
  const flags = (member.flags ?? 0) | (member.descriptor ? 8 : 0)
  const crc = member.crc ?? crc32(data)
  const size = member.size ?? data.length
  const localName = member.localName === undefined ? name : Buffer.from(member.localName)
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(20, 4)
  local.writeUInt16LE(member.localFlags ?? flags, 6)
  local.writeUInt16LE(method, 8)
  if (!member.descriptor) writeSizes(local, 14, crc, packed.length, size)
  local.writeUInt16LE(localName.length, 26)
  local.writeUInt16LE(extra.length, 28)
  const descriptor = Buffer.alloc(member.descriptor ? 16 : 0)
  if (member.descriptor) {
    descriptor.writeUInt32LE(0x08074b50, 0)
    writeSizes(descriptor, 4, crc, packed.length, size)
  }
  const record = Buffer.alloc(46)
  record.writeUInt32LE(0x02014b50, 0)
  record.writeUInt16LE((member.madeBy ?? 0) * 256 + 20, 4)
  record.writeUInt16LE(20, 6)
  record.writeUInt16LE(flags, 8)
  record.writeUInt16LE(method, 10)
  writeSizes(record, 16, crc, member.packedSize ?? packed.length, size)
  record.writeUInt16LE(name.length, 28)
  record.writeUInt16LE(extra.length, 30)
  record.writeUInt16LE(member.disk ?? 0, 34)
  record.writeUInt32LE(member.external ?? 0, 38)
  record.writeUInt32LE(member.localOffset ?? offset, 42)
  return {
    local: Buffer.concat([local, localName, extra, packed, descriptor]),
    record: Buffer.concat([record, name, extra]),
  }
}

function writeSizes(buffer: Buffer, at: number, crc: number, packed: number, size: number): void {
  buffer.writeUInt32LE(crc >>> 0, at)
  buffer.writeUInt32LE(packed, at + 4)
  buffer.writeUInt32LE(size, at + 8)
}
