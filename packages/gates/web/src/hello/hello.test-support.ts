import { globSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { createHelloReader } from './hello-reader.ts'
import type { HelloState } from './hello-reader.ts'

/** For tests only: the hellos of `corpus/cloud/hellos`, hellos made to order, and a reader fed in pieces. */

export interface HelloCase {
  readonly title: string
  /** First bytes of the tunnel, in hex; a line break means nothing. */
  readonly hex: readonly string[]
  readonly expect: {
    readonly refused?: string
    readonly serverName?: string
    readonly protocols?: readonly string[]
    readonly version?: string
    readonly ech?: string
  }
}

const FOLDER = resolve(import.meta.dirname, '../../../../../corpus/cloud/hellos')

export function helloCases(): readonly (readonly [name: string, one: HelloCase])[] {
  return globSync('*.json', { cwd: FOLDER })
    .toSorted()
    .map((file) => [basename(file, '.json'), JSON.parse(readFileSync(join(FOLDER, file), 'utf8'))])
}

export const bytesOf = ({ hex }: HelloCase): Buffer => Buffer.from(hex.join(''), 'hex')

/** What the reader says at last when the bytes come in these pieces. */
export function readPieces(pieces: Iterable<Uint8Array>): HelloState {
  const reader = createHelloReader()
  let last: HelloState = { state: 'more' }
  for (const piece of pieces) last = reader.push(piece)
  return last
}

/** An extension: two bytes of type, and its data. */
export type Extension = readonly [type: number, data: Buffer]

export const serverName = (name: string): Extension => [
  0,
  vector(2, Buffer.concat([Buffer.of(0), vector(2, Buffer.from(name, 'latin1'))])),
]
export const protocols = (...names: string[]): Extension => [
  16,
  vector(2, Buffer.concat(names.map((name) => vector(1, Buffer.from(name, 'latin1'))))),
]
export const versions = (...list: number[]): Extension => [
  43,
  vector(1, Buffer.concat(list.map((one) => Buffer.of(one >> 8, one & 255)))),
]

/** A handshake message with these extensions. */
export function helloMessage(extensions: readonly Extension[]): Buffer {
  const block = extensions.map(([type, data]) =>
    Buffer.concat([Buffer.of(type >> 8, type & 255), vector(2, data)]),
  )
  const body = Buffer.concat([
    Buffer.of(3, 3),
    Buffer.alloc(32, 7),
    vector(1, Buffer.alloc(32, 9)),
    vector(2, Buffer.of(0x13, 0x01)),
    vector(1, Buffer.of(0)),
    vector(2, Buffer.concat(block)),
  ])
  return Buffer.concat([Buffer.of(1, 0, body.length >> 8, body.length & 255), body])
}

/** The message in records of at most `size` bytes. */
export function inRecords(message: Uint8Array, size = 16_384): Buffer {
  const records: Buffer[] = []
  for (let at = 0; at < message.length; at += size) {
    const part = message.subarray(at, at + size)
    records.push(Buffer.concat([Buffer.of(22, 3, 1), vector(2, Buffer.from(part))]))
  }
  return Buffer.concat(records)
}

export function vector(width: 1 | 2, data: Buffer): Buffer {
  const head = width === 1 ? Buffer.of(data.length) : Buffer.of(data.length >> 8, data.length & 255)
  return Buffer.concat([head, data])
}
