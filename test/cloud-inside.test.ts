/** The cloud gate where it reads inside, whole: the process that `sekisho gate web run` starts, the town's own authority, terminals, and a destination that counts the bytes of bodies. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { inNamespace, whyNoNamespace } from './cloud-clients/namespace.ts'
import type { Arrived } from '../bench/proxy/bypass/origin.ts'
import { ADDRESSES, DIRECTORY } from './cloud-inside/town.ts'

interface Line {
  readonly kind: string
  readonly reason?: string
  readonly up?: number
}

interface Saw {
  readonly name: string
  readonly said?: string
  /** Reason on the page that came back. */
  readonly reason?: string
  readonly arrived?: readonly Arrived[]
  readonly bodyBytes?: number
  readonly lines?: readonly Line[]
  readonly [more: string]: unknown
}

const why = whyNoNamespace(['/usr/bin/curl'])
describe.skipIf(why !== undefined)(
  `a gate that reads inside${why === undefined ? '' : ` (skipped: ${why})`}`,
  () => {
    let saw: readonly Saw[] = []
    const of = (name: string): Saw => saw.find((one) => one.name === name) ?? { name }
    const said = (name: string): string => of(name).said ?? ''
    const fields = (name: string) => of(name).arrived?.[0]?.fields ?? []
    const sums = (): {
      readonly all: Readonly<Record<string, number>>
      readonly reasons: readonly { readonly reason: string; readonly count: number }[]
    } => JSON.parse(said('use'))

    beforeAll(() => {
      const script = join(import.meta.dirname, 'cloud-inside/inside.ts')
      saw = inNamespace(script, Object.values(ADDRESSES)) as readonly Saw[]
    }, 180_000)

    it.each([
      ['h1 with its length', 'X11-SEND-CLASS'],
      ['h1 in chunks', 'X11-SEND-CLASS'],
      ['h1 that waits to be asked', 'X11-SEND-CLASS'],
      ['h2 of a length that is not said', 'X11-SEND-CLASS'],
      ['a form of curl', 'X11-SEND-CLASS'],
      ['PUT of curl', 'X11-SEND-CLASS'],
      ['packed', 'X11-SEND-CLASS'],
      ['letters in JSON', 'X11-SEND-CLASS'],
      ['h1 with a class of nobody knows whom', 'X11-SEND-LABEL'],
      ['a WebSocket', 'WEB-UPGRADE'],
      ['class 1 that nobody approved', 'X11-SEND-APPROVAL'],
      ['another file of class 1', 'X11-SEND-APPROVAL'],
    ])('a document that may not leave stays, not one request arrives: %s', (name, reason) => {
      expect(of(name)).toMatchObject({ reason, arrived: [], bodyBytes: 0 })
    })

    it('one that another person approved arrives to the byte, with its length', () => {
      const { sha256, bytes } = of('the file')
      for (const name of ['class 1 that was approved', 'it in chunks over HTTP/1.1']) {
        expect(of(name).arrived).toMatchObject([{ sha256, body: bytes, method: 'PUT' }])
        expect(fields(name)).toContainEqual(['content-length', String(bytes)])
      }
    })

    it('a document with a macro comes in without it, under fields that fit what it has become', () => {
      expect(of('what was kept')).toMatchObject({ zip: 'PK', macro: false, outside: true })
      const head = said('a document with a macro').toLowerCase()
      expect(head).toContain(`content-length: ${String(of('what was kept')['bytes'])}\r\n`)
      expect(head).toContain('wordprocessingml.document\r\n')
      expect(head).toContain("filename*=utf-8''a.docx\r\n")
      expect(head).not.toMatch(/etag|accept-ranges|macroenabled/u)
    })

    it('a part of a document is asked for whole, disarmed, and given so', () => {
      expect(fields('a part of a document').map(([name]) => name)).not.toContain('range')
      expect(said('a part of a document')).toContain('HTTP/2 200')
      expect(said('a part of a document')).toContain(
        `content-length: ${String(of('what was kept of it')['bytes'])}\r\n`,
      )
      expect(of('what was kept of it')['bytes']).toBeGreaterThan(10)
    })

    it('a sign-in says the tenants of the town and no other, and no other host is told them', () => {
      const limits = (name: string) =>
        fields(name).filter(([field]) => /tenant|restrict/u.test(field))
      expect(limits('a sign-in')).toEqual([
        ['restrict-access-to-tenants', 'kasumi.example.jp'],
        ['restrict-access-context', DIRECTORY],
      ])
      expect(limits('the mail')).toEqual([])
    })

    it('a page inside says what, why, how and who, and the gate says it again', () => {
      for (const name of ['a form of curl', 'the page of the gate'])
        for (const part of ['outlook.office.com:443', '3Aと3B', '送る情報の範囲', 'CISO'])
          expect(said(name)).toContain(part)
      // A decision of the town would not lift it.
      expect(said('a form of curl')).not.toContain('［利用を申請する］')
    })

    it.skipIf(!existsSync('/usr/bin/chromium'))(
      'a browser shows why a site was refused, with the form of application filled in',
      () => {
        const page = said('a site that is not listed')
        for (const part of [
          'www.evil.example:443',
          '一覧に入っていません',
          '情報担当',
          'X11-LISTED',
        ])
          expect(page).toContain(part)
        expect(page).toContain('decide/breakout?subject=www.evil.example%3A443')
      },
    )

    it('a sign-in to another tenant is told to a person, and the one who tried is named', () => {
      const { alerts } = JSON.parse(said('alerts')) as { readonly alerts: readonly object[] }
      expect(alerts).toMatchObject([{ rule: 'WATCH-TENANT', person: 's0001', count: 1 }])
    })

    it('what was sent is counted once, though each request and each connection is on record', () => {
      const { lines = [] } = of('the record')
      const up = (kind: string): number =>
        lines.filter((one) => one.kind === kind).reduce((sum, one) => sum + (one.up ?? 0), 0)
      const count = (kind: string): number => lines.filter((one) => one.kind === kind).length
      const { all, reasons } = sums()
      expect(all['up']).toBe(up('request'))
      expect(all['up']).toBe(up('ended'))
      expect(all['up']).toBeGreaterThan(2 * Number(of('the file')['bytes']))
      expect(all).toMatchObject({ opened: count('opened'), refused: count('refused') })
      expect(reasons).toContainEqual(
        expect.objectContaining({ reason: 'WEB-TENANT-OTHER', count: 1 }),
      )
    })
  },
)
