/** The last door of the high side: whatever a file makes of its reader, nothing passes by it and nothing stays for the next one. */
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { createReadingBox } from './reading-box.ts'
import type { ReadingBox } from './reading-box.ts'

const CSV = new TextEncoder().encode('氏名,区分\r\n澤田,職員\r\n')

const boxes: ReadingBox[] = []
afterAll(() => Promise.all(boxes.map((box) => box.close())))

function boxThat(deed?: string): ReadingBox {
  const program = fileURLToPath(new URL('reading.test-support.ts', import.meta.url))
  const box = createReadingBox({
    size: 1,
    ...(deed !== undefined && { program, args: [deed], timeoutMs: 2_000 }),
  })
  boxes.push(box)
  return box
}

describe('the verifier in its box', () => {
  const box = boxThat()

  test('lets through what is clean and nothing else', async () => {
    expect(await box.verify(CSV, 'csv')).toMatchObject({ clean: true, type: 'csv' })
    const program = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(100)])
    expect(await box.verify(program, 'csv')).toMatchObject({ clean: false })
  })

  test('asks a mail for more than that it is harmless', async () => {
    const mail = Buffer.from('From: a@example.jp\r\nSubject: x\r\n\r\nx\r\n')
    const mailExpected = { sha256: '0'.repeat(64) } as never
    expect(await box.verify(mail, 'eml', { mail: mailExpected })).toMatchObject({ clean: false })
  })
})

describe('a reader that was taken over', () => {
  test.each([
    'says that it is clean, as an answer to something else',
    'says that it is clean, without a type',
    'gives a word for an answer',
    'dies',
  ])('and %s: nothing is believed', async (deed) => {
    await expect(boxThat(deed).verify(CSV, 'csv')).rejects.toMatchObject({ code: 'WORKER_FAILED' })
  })

  test('and never answers is ended', async () => {
    await expect(boxThat('never answers').verify(CSV, 'csv')).rejects.toMatchObject({
      code: 'TIMEOUT',
    })
  })

  test('sees one file: the next one is read by another', async () => {
    const box = boxThat('counts what it saw')
    expect(await box.verify(CSV, 'csv')).toMatchObject({ seen: 1 })
    expect(await box.verify(CSV, 'csv')).toMatchObject({ seen: 1 })
  })
})
