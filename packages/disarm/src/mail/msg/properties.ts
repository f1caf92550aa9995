import type { CompoundFile } from '../../cfb/index.ts'
import type { Context } from '../../family.ts'
import { decodeCharset } from '../../html/charset.ts'

/** Bytes before the first entry of `__properties_version1.0` ([MS-OXMSG] 2.4). */
const HEADER = { message: 32, embedded: 24, other: 8 } as const
export type StorageKind = keyof typeof HEADER

const MAX_ENTRIES = 10_000

/** Properties of one storage: the message itself, a recipient, an attachment. Streams are read only when they are asked for. */
export class StorageProperties {
  readonly #file: CompoundFile
  readonly #path: string
  readonly #context: Context
  readonly #fixed = new Map<number, bigint>()
  charset = 'shift_jis'

  constructor(file: CompoundFile, path: string, kind: StorageKind, context: Context) {
    this.#file = file
    this.#path = path
    this.#context = context
    const bytes = this.#stream('__properties_version1.0') ?? new Uint8Array()
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const end = Math.min(bytes.length, HEADER[kind] + 16 * MAX_ENTRIES)
    for (let at = HEADER[kind]; at + 16 <= end; at += 16)
      this.#fixed.set(view.getUint16(at + 2, true), view.getBigUint64(at + 8, true))
  }

  number(id: number): number | undefined {
    const value = this.#fixed.get(id)
    return value === undefined ? undefined : Number(value & 0xffff_ffffn)
  }

  /** A time as milliseconds since 1970. */
  time(id: number): number | undefined {
    const value = this.#fixed.get(id)
    return value === undefined ? undefined : Number(value / 10_000n) - 11_644_473_600_000
  }

  text(id: number): string | undefined {
    const wide = this.#stream(streamName(id, '001F'))
    if (wide) return untilNul(new TextDecoder('utf-16le').decode(wide))
    const narrow = this.#stream(streamName(id, '001E'))
    return narrow && untilNul(decodeCharset(narrow, [this.charset]).text)
  }

  bytes(id: number): Uint8Array | undefined {
    return this.#stream(streamName(id, '0102'))
  }

  /** Path of the storage that is the value, as of an embedded message. */
  storage(id: number): string | undefined {
    const path = join(this.#path, streamName(id, '000D'))
    return this.#file.find(path)?.kind === 'storage' ? path : undefined
  }

  #stream(name: string): Uint8Array | undefined {
    const entry = this.#file.find(join(this.#path, name))
    return entry?.kind === 'stream' ? this.#file.readStream(entry, this.#context) : undefined
  }
}

export function join(path: string, name: string): string {
  return path === '' ? name : `${path}/${name}`
}

function streamName(id: number, type: string): string {
  return `__substg1.0_${id.toString(16).toUpperCase().padStart(4, '0')}${type}`
}

function untilNul(text: string): string {
  const end = text.indexOf('\0')
  return end < 0 ? text : text.slice(0, end)
}
