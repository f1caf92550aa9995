import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCheckpoint, readKey, readNote, signedBy } from './checkpoint.ts'
import { leafHash, rootFrom, toHex } from './tree.ts'
import { verifyEntry } from './verify-entry.ts'

// The vectors of the certificate-transparency project, used by every implementation of RFC 6962.
const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
]
const ROOTS: Readonly<Record<number, string>> = {
  1: '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  2: 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  8: '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
}

// The example of the signed-note specification.
const KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
const NOTE =
  'If you think cryptography is the answer to your problem,\n' +
  "then you don't know what your problem is.\n\n" +
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n'

/** Written from the recursive definition of RFC 6962 §2.1, which the code under test does not use. */
function treeHash(leaves: readonly Buffer[]): Buffer {
  const [first] = leaves
  if (first === undefined) throw new RangeError('empty tree')
  if (leaves.length === 1) return hash([0], first)
  const k = largestPower(leaves.length)
  return hash([1], treeHash(leaves.slice(0, k)), treeHash(leaves.slice(k)))
}

function auditPath(m: number, leaves: readonly Buffer[]): Buffer[] {
  if (leaves.length === 1) return []
  const k = largestPower(leaves.length)
  return m < k
    ? [...auditPath(m, leaves.slice(0, k)), treeHash(leaves.slice(k))]
    : [...auditPath(m - k, leaves.slice(k)), treeHash(leaves.slice(0, k))]
}

function largestPower(n: number): number {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}

function hash(prefix: readonly number[], ...parts: readonly Buffer[]): Buffer {
  return createHash('sha256')
    .update(Buffer.concat([Buffer.from(prefix), ...parts]))
    .digest()
}

const bytes = (buffer: Buffer): Uint8Array<ArrayBuffer> => Uint8Array.from(buffer)

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const ORIGIN = 'kasumi.example/evidence'
const KEY_BLOB = Buffer.concat([
  Buffer.from([1]),
  publicKey.export({ type: 'spki', format: 'der' }).subarray(-32),
])
const KEY_ID = hash([], Buffer.from(`${ORIGIN}\n`), KEY_BLOB).subarray(0, 4)
const OUR_KEY = `${ORIGIN}+${KEY_ID.toString('hex')}+${KEY_BLOB.toString('base64')}`

function proofOf(leaves: readonly Buffer[], index: number) {
  const text = `${ORIGIN}\n${leaves.length}\n${treeHash(leaves).toString('base64')}\n`
  const signature = Buffer.concat([KEY_ID, sign(null, Buffer.from(text), privateKey)])
  const leaf = leaves[index] ?? Buffer.alloc(0)
  return {
    index,
    entry: leaf.toString('base64'),
    leaf: hash([0], leaf).toString('hex'),
    path: auditPath(index, leaves).map((node) => node.toString('hex')),
    checkpoint: `${text}\n— ${ORIGIN} ${signature.toString('base64')}\n`,
    key: OUR_KEY,
  }
}

const ENTRIES = Array.from({ length: 13 }, (_, index) => Buffer.from(`{"index":${index}}`))

describe('the tree', () => {
  it.each([1, 2, 8])('has the published root for %i leaves', async (size) => {
    const leaves = LEAVES.slice(0, size).map((hex) => Buffer.from(hex, 'hex'))
    const last = size - 1
    const root = await rootFrom(
      await leafHash(bytes(leaves[last] ?? Buffer.alloc(0))),
      last,
      size,
      auditPath(last, leaves).map(bytes),
    )
    expect(root && toHex(root)).toBe(ROOTS[size])
  })

  it('agrees with the recursive definition at every place of every size', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 70 }), fc.nat(), async (size, any) => {
        const leaves = Array.from({ length: size }, (_, n) => Buffer.from(String(n)))
        const index = any % size
        const leaf = await leafHash(bytes(leaves[index] ?? Buffer.alloc(0)))
        const root = await rootFrom(leaf, index, size, auditPath(index, leaves).map(bytes))
        expect(root && toHex(root)).toBe(treeHash(leaves).toString('hex'))
      }),
      { numRuns: 60 },
    )
  })

  it('takes no path that is too long or too short', async () => {
    const path = auditPath(5, ENTRIES).map(bytes)
    const leaf = await leafHash(bytes(ENTRIES[5] ?? Buffer.alloc(0)))
    expect(await rootFrom(leaf, 5, 13, [...path, path[0] ?? leaf])).toBeUndefined()
    expect(await rootFrom(leaf, 5, 13, path.slice(1))).toBeUndefined()
    expect(await rootFrom(leaf, 13, 13, path)).toBeUndefined()
    expect(await rootFrom(leaf, -1, 13, path)).toBeUndefined()
  })
})

describe('the signature', () => {
  it('of the published example is accepted', async () => {
    const key = await readKey(KEY)
    expect(key && (await signedBy(NOTE, key))).toBe(true)
  })

  it('of a changed note is not', async () => {
    const key = await readKey(KEY)
    expect(key && (await signedBy(NOTE.replace('answer', 'cause'), key))).toBe(false)
  })

  it('needs a key whose fingerprint is its own', async () => {
    expect(await readKey(KEY.replace('c74f20a3', 'c74f20a4'))).toBeUndefined()
    expect(await readKey(KEY.replace('PeterNeumann', 'Peter'))).toBeUndefined()
  })

  it('lines that are none make the whole note unreadable', () => {
    expect(readNote('text\n\n— a b\nnot a line\n')).toBeUndefined()
    expect(readNote('text without end')).toBeUndefined()
  })

  it.each([
    'x\n01\n',
    'x\n-1\n',
    'x\n1e3\n',
    'x\n5\nnot base64!\n',
    '\n5\n',
    'x\n99999999999999999\n',
  ])('covers no checkpoint in %j', (text) => {
    expect(readCheckpoint(text)).toBeUndefined()
  })
})

describe('an entry of the log', () => {
  it('is proven by hash, path and signature, and shown from the proven bytes', async () => {
    const checked = await verifyEntry(proofOf(ENTRIES, 6), 6)
    expect(checked).toMatchObject({ leaf: 'yes', path: 'yes', signature: 'yes' })
    expect(checked.text).toBe('{"index":6}')
  })

  it('is not proven by a good proof of another entry', async () => {
    expect((await verifyEntry(proofOf(ENTRIES, 6), 7)).path).toBe('no')
  })

  it('is not proven when a letter of it was changed', async () => {
    const proof = proofOf(ENTRIES, 6)
    const entry = Buffer.from('{"index":9}').toString('base64')
    expect(await verifyEntry({ ...proof, entry }, 6)).toMatchObject({ leaf: 'no', path: 'no' })
    const leaf = hash([0], Buffer.from('{"index":9}')).toString('hex')
    expect(await verifyEntry({ ...proof, entry, leaf }, 6)).toMatchObject({
      leaf: 'yes',
      path: 'no',
    })
  })

  it('is not proven under another key, even of the same name', async () => {
    const other = generateKeyPairSync('ed25519')
    const blob = Buffer.concat([
      Buffer.from([1]),
      other.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32),
    ])
    const id = hash([], Buffer.from(`${ORIGIN}\n`), blob)
      .subarray(0, 4)
      .toString('hex')
    const key = `${ORIGIN}+${id}+${blob.toString('base64')}`
    expect((await verifyEntry({ ...proofOf(ENTRIES, 6), key }, 6)).signature).toBe('no')
  })

  it('is not proven by a checkpoint of another log', async () => {
    expect((await verifyEntry({ ...proofOf(ENTRIES, 6), key: KEY }, 6)).signature).toBe('no')
  })

  it('never throws, whatever the server answers', async () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('', '\n\n', OUR_KEY, NOTE))
    await fc.assert(
      fc.asyncProperty(
        fc.integer(),
        text,
        text,
        fc.array(text),
        text,
        text,
        async (index, entry, leaf, path, checkpoint, key) => {
          const checked = await verifyEntry({ index, entry, leaf, path, checkpoint, key }, index)
          expect(checked.path === 'yes' && checked.signature === 'yes').toBe(false)
        },
      ),
      { numRuns: 100 },
    )
  })
})
