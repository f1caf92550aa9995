import { expect, test } from 'vitest'
import { packed, unpacked } from './bytes-beside.ts'

const over = (value: unknown): unknown => unpacked(Buffer.concat(packed(value)))

test('data and bytes come back as they were', () => {
  const value = {
    name: '澤田',
    files: [{ bytes: new Uint8Array([1, 2]) }, { bytes: new Uint8Array() }, { none: null }],
    last: new Uint8Array([255]),
  }
  expect(over(value)).toEqual(value)
})

test('what is not plain data is not sent', () => {
  for (const value of [new Map(), { a: new Map() }, { $bytes: 3 }, new Date(0)])
    expect(() => packed(value)).toThrow(TypeError)
})

test.each([
  ['bytes that are not there', '{"a":{"$bytes":2}}', 1],
  ['bytes left over', '{"a":{"$bytes":2}}', 3],
  ['a length below nothing', '{"a":{"$bytes":-1}}', 0],
  ['half a byte', '{"a":{"$bytes":0.5}}', 1],
  ['a length that is a word', '{"a":{"$bytes":"1"}}', 1],
  ['no JSON', '{', 0],
])('%s: nothing is read', (_, json, bytes) => {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(json.length)
  expect(unpacked(Buffer.concat([length, Buffer.from(json), Buffer.alloc(bytes)]))).toBeUndefined()
})

test('a length beyond the end, or no room for one: nothing is read', () => {
  expect(unpacked(Buffer.from([0xff, 0xff, 0xff, 0xff, 0x7b, 0x7d]))).toBeUndefined()
  expect(unpacked(Buffer.from([0, 0]))).toBeUndefined()
})
