import { closeSync, openSync, writeSync } from 'node:fs'
import { constants, crc32, deflateRawSync } from 'node:zlib'

/** A zip written member by member, each member deflated in pieces. */
export class Zip {
  readonly #out: number
  readonly #central: Buffer[] = []
  #offset = 0
  constructor(path: string) {
    this.#out = openSync(path, 'w')
  }
  get size(): number {
    return this.#offset
  }
  add(name: string, pieces: Iterable<string | Uint8Array>): void {
    const packed: Buffer[] = []
    let [crc, size] = [0, 0]
    for (const piece of pieces) {
      const bytes = Buffer.from(piece as string)
      crc = crc32(bytes, crc)
      size += bytes.length
      packed.push(deflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }))
    }
    packed.push(deflateRawSync(Buffer.alloc(0)))
    const data = Buffer.concat(packed)
    const shared = Buffer.alloc(26)
    shared.writeUInt16LE(20, 0)
    shared.writeUInt16LE(8, 4)
    shared.writeUInt16LE(0x21, 8)
    shared.writeUInt32LE(crc, 10)
    shared.writeUInt32LE(data.length, 14)
    shared.writeUInt32LE(size, 18)
    shared.writeUInt16LE(name.length, 22)
    const place = Buffer.alloc(14)
    place.writeUInt32LE(this.#offset, 10)
    this.#central.push(
      Buffer.concat([
        Buffer.from('PK\u0001\u0002\u0014\0', 'latin1'),
        shared,
        place,
        Buffer.from(name),
      ]),
    )
    this.#write(
      Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), shared, Buffer.from(name), data]),
    )
  }
  end(): void {
    const [start, count] = [this.#offset, this.#central.length]
    const directory = Buffer.concat(this.#central)
    const end = Buffer.alloc(22)
    end.writeUInt32LE(0x06054b50, 0)
    end.writeUInt16LE(count, 8)
    end.writeUInt16LE(count, 10)
    end.writeUInt32LE(directory.length, 12)
    end.writeUInt32LE(start, 16)
    this.#write(directory)
    this.#write(end)
    closeSync(this.#out)
  }
  #write(bytes: Buffer): void {
    writeSync(this.#out, bytes)
    this.#offset += bytes.length
  }
}
