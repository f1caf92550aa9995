import { randomBytes } from 'node:crypto'
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { MAX_APPEND_BYTES, openVault } from './index.ts'
import type { Vault } from './index.ts'
import { MAX_CHUNK_BYTES } from './sealed-file.ts'

const root = mkdtempSync(join(tmpdir(), 'sekisho-vault-'))
const key = randomBytes(32)
let dir: string
let vault: Vault
let count = 0

beforeEach(async () => {
  dir = join(root, `${(count += 1)}`)
  vault = await openVault(dir, key)
})
afterAll(() => rmSync(root, { recursive: true }))

async function content(id: string, from: Vault = vault): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of from.read(id)) parts.push(part)
  return Buffer.concat(parts)
}

async function sealed(id: string, ...parts: readonly string[]): Promise<void> {
  await vault.create(id)
  let offset = 0
  for (const part of parts) offset = (await vault.append(id, offset, Buffer.from(part))).offset
  await vault.finish(id)
}

describe('keeping', () => {
  test('what was appended in pieces, across restarts, is read back whole', async () => {
    await vault.create('a')
    await vault.append('a', 0, Buffer.from('一つ目'))
    const second = await openVault(dir, key)
    expect(await second.size('a')).toBe(9)
    expect(await second.append('a', 9, Buffer.from('二つ目'))).toEqual({
      accepted: true,
      offset: 18,
    })
    expect(await second.finish('a')).toBe(18)
    expect((await content('a', second)).toString()).toBe('一つ目二つ目')
  })

  test('an append at another place than the end is refused and says where the end is', async () => {
    await vault.create('a')
    await vault.append('a', 0, Buffer.from('12345'))
    for (const offset of [0, 4, 6, -1])
      expect(await vault.append('a', offset, Buffer.from('x'))).toEqual({
        accepted: false,
        offset: 5,
      })
    await vault.finish('a')
    expect(await vault.append('a', 5, Buffer.from('x'))).toEqual({ accepted: false, offset: 5 })
    expect((await content('a')).toString()).toBe('12345')
  })

  test('of two appends at once to the same place one is taken', async () => {
    await vault.create('a')
    const both = await Promise.all([
      vault.append('a', 0, Buffer.from('x')),
      vault.append('a', 0, Buffer.from('y')),
    ])
    expect(both.map(({ accepted }) => accepted)).toEqual([true, false])
    expect(await vault.size('a')).toBe(1)
  })

  test('creating and finishing again changes nothing', async () => {
    await sealed('a', 'kept')
    expect(await vault.create('a')).toBe(4)
    expect(await vault.finish('a')).toBe(4)
    expect((await content('a')).toString()).toBe('kept')
  })

  test('the largest append is taken and split, a larger one is refused', async () => {
    await vault.create('a')
    const bytes = randomBytes(2 * MAX_CHUNK_BYTES + 1)
    await vault.append('a', 0, bytes)
    await vault.finish('a')
    expect((await content('a')).equals(bytes)).toBe(true)
    await vault.create('b')
    const tooMuch = vault.append('b', 0, Buffer.alloc(MAX_APPEND_BYTES + 1))
    await expect(tooMuch).rejects.toMatchObject({ code: 'BUG' })
    expect((await vault.append('b', 0, Buffer.alloc(MAX_APPEND_BYTES))).accepted).toBe(true)
  })

  test('an empty file and an empty append are fine', async () => {
    await sealed('a', '')
    expect(await content('a')).toHaveLength(0)
  })

  test('a file that is not finished cannot be read as if it were', async () => {
    await vault.create('a')
    await vault.append('a', 0, Buffer.from('half'))
    await expect(content('a')).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
  })

  test.each(['../a', 'a/b', '', 'x'.repeat(129), 'a\0b'])(
    'an id never becomes a path: %j',
    async (id) => {
      await expect(vault.create(id)).rejects.toMatchObject({ code: 'BUG' })
      await expect(vault.remove(id)).rejects.toMatchObject({ code: 'BUG' })
    },
  )

  test('an unknown id is not found', async () => {
    await expect(vault.append('a', 0, Buffer.alloc(1))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(vault.size('a')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(content('a')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('whoever has the disk and not the key', () => {
  test('finds neither content nor equal files', async () => {
    await sealed('a', 'マイナンバー')
    await sealed('b', 'マイナンバー')
    const [a, b] = [readFileSync(join(dir, 'a.data')), readFileSync(join(dir, 'b.data'))]
    expect(a.includes('マイナンバー')).toBe(false)
    expect(a.subarray(5).equals(b.subarray(5))).toBe(false)
  })

  test('cannot open it with another key', async () => {
    await sealed('a', 'secret')
    const other = await openVault(dir, randomBytes(32))
    await expect(content('a', other)).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
  })

  test('a key of another length is refused', async () => {
    await expect(openVault(dir, randomBytes(16))).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  })

  test('cannot change any byte unnoticed', async () => {
    await sealed('a', 'first', 'second', 'third')
    const unnoticed: string[] = []
    for (const file of ['a.data', 'a.key']) {
      const original = readFileSync(join(dir, file))
      for (let at = 0; at < original.length; at += 1) {
        writeFileSync(join(dir, file), original.with(at, (original[at] ?? 0) ^ (1 << (at % 8))))
        const result = await content('a').catch(() => 'noticed')
        if (result !== 'noticed') unnoticed.push(`${file}:${at}`)
      }
      writeFileSync(join(dir, file), original)
    }
    expect(unnoticed).toEqual([])
    expect((await content('a')).toString()).toBe('firstsecondthird')
  })

  test('cannot drop, repeat or move a chunk, nor cut the file anywhere', async () => {
    await sealed('a', 'one', 'two', 'six')
    const whole = readFileSync(join(dir, 'a.data'))
    const chunk = 5 + 3 + 28
    const part = (n: number): Buffer => whole.subarray(n * chunk, (n + 1) * chunk)
    const last = whole.subarray(3 * chunk)
    const orders = [
      [part(0), part(2), last],
      [part(1), part(0), part(2), last],
      [part(0), part(0), part(1), part(2), last],
      [part(0), part(1), last],
      [last],
      [part(0), part(1), part(2)],
    ]
    for (const order of orders) {
      writeFileSync(join(dir, 'a.data'), Buffer.concat(order))
      await expect(content('a')).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
    }
    for (const cut of fc.sample(fc.nat({ max: whole.length - 1 }), { numRuns: 40 })) {
      writeFileSync(join(dir, 'a.data'), whole.subarray(0, cut))
      await expect(content('a')).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
    }
  })

  test('cannot pass one file off as another', async () => {
    await sealed('a', 'mine')
    await sealed('b', 'yours')
    for (const kind of ['key', 'data']) {
      renameSync(join(dir, `a.${kind}`), join(dir, 'x'))
      renameSync(join(dir, `b.${kind}`), join(dir, `a.${kind}`))
      renameSync(join(dir, 'x'), join(dir, `b.${kind}`))
    }
    await expect(content('a')).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
  })

  test('cannot make it allocate more than a chunk', async () => {
    await sealed('a', 'mine')
    const bytes = readFileSync(join(dir, 'a.data'))
    bytes.writeUInt32BE(0xff_ff_ff_ff, 0)
    writeFileSync(join(dir, 'a.data'), bytes)
    await expect(content('a')).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
    expect(await vault.size('a')).toBe(0)
  })
})

describe('after a crash', () => {
  test('a torn append does not count, and writing goes on after what was acknowledged', async () => {
    await vault.create('a')
    await vault.append('a', 0, Buffer.from('kept'))
    const whole = readFileSync(join(dir, 'a.data'))
    const torn = [Buffer.of(0), Buffer.from('00000009006162', 'hex'), Buffer.alloc(33), whole]
    for (const rest of torn) {
      writeFileSync(join(dir, 'a.data'), whole)
      appendFileSync(join(dir, 'a.data'), rest)
      expect(await vault.size('a')).toBe(4)
    }
    expect(await vault.append('a', 4, Buffer.from(' too'))).toEqual({ accepted: true, offset: 8 })
    await vault.finish('a')
    expect((await content('a')).toString()).toBe('kept too')
  })

  test('a removal that was interrupted is finished', async () => {
    await sealed('a', 'secret')
    await sealed('b', 'kept')
    rmSync(join(dir, 'a.key'))
    const again = await openVault(dir, key)
    expect(existsSync(join(dir, 'a.data'))).toBe(false)
    expect(await again.ids()).toEqual(['b'])
  })
})

describe('removing', () => {
  test('what is removed is gone, key first, and removing again is fine', async () => {
    await sealed('a', 'secret')
    await vault.remove('a')
    await vault.remove('a')
    expect(readdirSync(dir)).toEqual(['.work'])
    expect(await vault.ids()).toEqual([])
  })

  test('without its own key a file stays closed, even for whoever has the vault’s key', async () => {
    await sealed('a', 'secret')
    const data = readFileSync(join(dir, 'a.data'))
    await vault.remove('a')
    await vault.create('a')
    writeFileSync(join(dir, 'a.data'), data)
    await expect(content('a')).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
  })
})
