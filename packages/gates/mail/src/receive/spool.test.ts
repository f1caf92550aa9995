import {
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { disksImpossible, makeDisk } from '../../../../../scripts/power-cut/disk.ts'
import { NOT_CHECKED } from './authenticity.ts'
import { OPENING, TO_CLERK, Talk, receiving, textOf } from './receiving.test-support.ts'
import { openSpool } from './spool.ts'
import type { Spool, SpooledMail } from './spool.ts'

const ABOUT = {
  peer: { address: '192.0.2.1', helo: 'mx.example.com', tls: null },
  envelope: { from: 'a@example.com', recipients: ['葛󠄂城@example.jp'], utf8: true },
  authenticity: NOT_CHECKED,
}
const now = (): Date => new Date('2027-04-01T00:00:00Z')

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spool-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const opened = (maxBytes = 1e6): Promise<Spool> => openSpool({ folder, maxBytes, now })
const fileOf = (id: string): string => join(folder, 'mail', `${id}.mail`)

async function keep(spool: Spool, ...chunks: readonly string[]): Promise<SpooledMail> {
  const draft = await spool.begin()
  for (const chunk of chunks) await draft.write(Buffer.from(chunk, 'latin1'))
  return draft.commit(ABOUT)
}

describe('the spool', () => {
  it('finds everything again after a restart, whatever the bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 }),
        async (chunks) => {
          const draft = await (await opened()).begin()
          for (const chunk of chunks) await draft.write(chunk)
          const mail = await draft.commit(ABOUT)
          const again = await opened()
          expect(again.ids()).toContain(mail.id)
          expect(await again.about(mail.id)).toEqual(mail)
          expect(await textOf(again, mail.id)).toBe(Buffer.concat(chunks).toString('latin1'))
          await again.remove(mail.id)
        },
      ),
      { numRuns: 12 },
    )
    expect((await opened()).ids()).toEqual([])
  })

  it('what was not committed is gone after a restart, and takes no room', async () => {
    const draft = await (await opened()).begin()
    await draft.write(Buffer.alloc(1000))
    expect(readdirSync(join(folder, 'incoming'))).toHaveLength(1)
    const again = await opened()
    expect(again.ids()).toEqual([])
    expect(again.bytes).toBe(0)
    expect(readdirSync(join(folder, 'incoming'))).toEqual([])
    await draft.discard()
  })

  it.each([
    ['cut short', (path: string) => truncateSync(path, 20)],
    ['empty', (path: string) => truncateSync(path, 0)],
    ['longer than written', (path: string) => writeFileSync(path, 'x', { flag: 'a' })],
    [
      'with another description',
      (path: string) =>
        writeFileSync(
          path,
          readFileSync(path).toString('latin1').replace('192.0.2.1', '192.0.2.9'),
          'latin1',
        ),
    ],
  ])('a file %s is kept aside, not given out and not thrown away', async (_, harm) => {
    const mail = await keep(await opened(), 'Subject: x\r\n\r\n')
    harm(fileOf(mail.id))
    const again = await opened()
    expect(again.ids()).toEqual([])
    expect(again.damaged).toEqual([`${mail.id}.mail`])
    expect((await opened()).damaged).toHaveLength(1)
  })

  it('a message of which one bit fell over ends in an error', async () => {
    const spool = await opened()
    const mail = await keep(spool, 'Subject: x\r\n\r\n')
    writeFileSync(
      fileOf(mail.id),
      readFileSync(fileOf(mail.id)).toString('latin1').replace('Subject', 'Sabject'),
      'latin1',
    )
    await expect(textOf(spool, mail.id)).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
  })

  it.each(['../x', '', 'x', '20270401T000000000Z-../../../etc/pass'])(
    'an id that is none (%j) reads nothing',
    async (id) => {
      await expect((await opened()).about(id)).rejects.toMatchObject({ code: 'BUG' })
    },
  )

  it('is in order of time', async () => {
    let at = Date.parse('2027-04-01T00:00:00Z')
    const spool = await openSpool({ folder, maxBytes: 1e6, now: () => new Date((at += 1)) })
    const ids = []
    for (let n = 0; n < 5; n += 1) ids.push((await keep(spool, 'x')).id)
    expect(spool.ids()).toEqual(ids)
  })
})

describe('when the quota is full', () => {
  it('the message is put off with 452, nothing of it is left, and later there is room again', async () => {
    const gate = await receiving({ maxBytes: 3000 })
    const talk = await Talk.to(gate.port)
    talk.send(OPENING)
    await talk.hear()
    const send = async (bytes: number): Promise<string> => {
      talk.send(TO_CLERK)
      for (let n = 0; n < 3; n += 1) await talk.hear()
      return talk.ask(`${'x'.repeat(bytes)}\r\n.`)
    }
    expect(await send(1000)).toMatch(/^250 /u)
    expect(await send(2000)).toContain('452 4.3.1 SMTP-SPOOL-FULL')
    expect(gate.spool.ids()).toHaveLength(1)
    expect(readdirSync(join(gate.folder, 'incoming'))).toEqual([])
    expect(await talk.ask('MAIL FROM:<a@example.com> SIZE=2900')).toContain(
      '452 4.3.1 SMTP-SPOOL-FULL',
    )
    await gate.spool.remove(gate.spool.ids()[0]!)
    expect(gate.spool.bytes).toBe(0)
    expect(await send(2000)).toMatch(/^250 /u)
    await gate.end()
  })
})

const impossible = disksImpossible()
describe.skipIf(impossible !== undefined && process.env['CI'] !== 'true')(
  `when the power is cut${impossible === undefined ? '' : ` (skipped: ${impossible})`}`,
  () => {
    it('what was acknowledged is on the disk, each time', async () => {
      const disk = makeDisk(16)
      try {
        const spool = await openSpool({ folder: join(disk.path, 'spool'), maxBytes: 1e7, now })
        for (let n = 0; n < 3; n += 1) {
          const mail = await keep(spool, 'Subject: x\r\n\r\n', 'x'.repeat(10_000))
          const after = disk.cut()
          try {
            const found = await openSpool({ folder: join(after.path, 'spool'), maxBytes: 1e7, now })
            expect(found.ids()).toEqual(spool.ids())
            expect(await textOf(found, mail.id)).toHaveLength(mail.size)
            expect(found.damaged).toEqual([])
          } finally {
            after.remove()
          }
        }
      } finally {
        disk.remove()
      }
    })
  },
)

describe.skipIf(impossible !== undefined && process.env['CI'] !== 'true')(
  `when the disk is full${impossible === undefined ? '' : ` (skipped: ${impossible})`}`,
  () => {
    it('the message is put off with 452, what was acknowledged stays, and later there is room again', async () => {
      const disk = makeDisk(8)
      const ballast = join(disk.path, 'ballast')
      try {
        const gate = await receiving({ folder: join(disk.path, 'spool') })
        const talk = await Talk.to(gate.port)
        talk.send(OPENING)
        await talk.hear()
        const text = `Subject: x\r\n\r\n${`${'x'.repeat(60_000)}\r\n`.repeat(5)}`
        let reply = '250'
        let taken = 0
        for (; reply.startsWith('250'); taken += 1) {
          talk.send(TO_CLERK)
          for (let n = 0; n < 3; n += 1) await talk.hear()
          reply = await talk.ask(`${text}.`)
          if (taken === 2) writeFileSync(ballast, Buffer.alloc(2 * 1024 * 1024))
        }
        expect(reply).toContain('452 4.3.1 SMTP-SPOOL-FULL')
        expect(gate.spool.ids()).toHaveLength(taken - 1)
        expect(new Set(await gate.messages())).toEqual(new Set([text]))
        rmSync(ballast)
        talk.send(TO_CLERK)
        for (let n = 0; n < 3; n += 1) await talk.hear()
        expect(await talk.ask(`${text}.`)).toMatch(/^250 /u)
        talk.break()
        await gate.end()
      } finally {
        disk.remove()
      }
    })
  },
)
