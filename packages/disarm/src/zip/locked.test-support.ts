import { createCipheriv, createHmac, pbkdf2Sync } from 'node:crypto'
import { crc32, deflateRawSync } from 'node:zlib'
import type { HostileMember } from './hostile.test-support.ts'

/** A member under PKWARE's old cipher (APPNOTE 6.1), stored. */
export function traditionalMember(name: string, text: string, password: Uint8Array): HostileMember {
  const data = Buffer.from(text)
  const crc = crc32(data)
  const keys = [0x12345678, 0x23456789, 0x34567890]
  const one = (value: number, byte: number) => (crc32(Buffer.of(byte), ~value >>> 0) ^ -1) >>> 0
  const stir = (byte: number): void => {
    keys[0] = one(keys[0]!, byte)
    const sum = (BigInt(keys[1]!) + BigInt(keys[0] & 0xff)) * 134775813n + 1n
    keys[1] = Number(sum & 0xffffffffn)
    keys[2] = one(keys[2]!, keys[1] >>> 24)
  }
  for (const byte of password) stir(byte)
  const plain = Buffer.concat([Buffer.alloc(11, 7), Buffer.of(crc >>> 24), data])
  const sealed = plain.map((byte) => {
    const word = (keys[2]! | 2) & 0xffff
    const mask = (word * (word ^ 1)) >>> 8
    stir(byte)
    return byte ^ (mask & 0xff)
  })
  return { name, data: sealed, method: 0, flags: 1, crc, size: data.length }
}

/** A member under WinZip AES, deflated. `version` 1 keeps the checksum, 2 does not. */
export function aesMember(
  name: string,
  text: string,
  password: Uint8Array,
  { strength = 3, version = 2, damage = false, stored = false } = {},
): HostileMember {
  const data = Buffer.from(text)
  const packed = stored ? data : deflateRawSync(data)
  const keyBytes = 8 + strength * 8
  const salt = Buffer.alloc(keyBytes / 2, 9)
  const derived = pbkdf2Sync(password, salt, 1000, keyBytes * 2 + 2, 'sha1')
  const sealed = Buffer.from(packed)
  for (let at = 0, counter = 1; at < sealed.length; at += 16, counter++) {
    const block = Buffer.alloc(16)
    block.writeUInt32LE(counter)
    const mask = createCipheriv(
      `aes-${keyBytes * 8}-ecb`,
      derived.subarray(0, keyBytes),
      null,
    ).update(block)
    for (let i = at; i < Math.min(at + 16, sealed.length); i++)
      sealed[i] = sealed[i]! ^ mask[i - at]!
  }
  const seal = createHmac('sha1', derived.subarray(keyBytes, keyBytes * 2))
    .update(sealed)
    .digest()
  if (damage) sealed[0] = sealed[0]! ^ 1
  return {
    name,
    data: Buffer.concat([salt, derived.subarray(keyBytes * 2), sealed, seal.subarray(0, 10)]),
    method: 99,
    flags: 1,
    crc: version === 1 ? crc32(data) : 0,
    size: data.length,
    extra: Buffer.from([0x01, 0x99, 7, 0, version, 0, 0x41, 0x45, strength, stored ? 0 : 8, 0]),
  }
}
