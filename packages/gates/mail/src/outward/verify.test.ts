import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { rewriteOutgoing } from './rewrite.ts'
import { verifyOutgoing } from './verify.ts'

const SENDER = 'yumi@town.kasumi.example.jp'
const HEAD = [
  `From: ${SENDER}`,
  'To: a@vendor.example.com',
  'Subject: x',
  'Message-ID: <1@x.jp>',
  'MIME-Version: 1.0',
]
const CONTENT = Buffer.from('MZ\0\0')
const mail = (...more: readonly string[]): Buffer =>
  Buffer.from(
    [
      ...HEAD,
      ...more,
      'Content-Type: multipart/mixed; boundary="b"',
      '',
      '--b',
      'Content-Type: application/zip',
      'Content-Disposition: attachment; filename="a.zip"',
      'Content-Transfer-Encoding: base64',
      '',
      CONTENT.toString('base64'),
      '--b--',
      '',
    ].join('\r\n'),
  )
const locked = [createHash('sha256').update(CONTENT).digest('hex')]

describe('the mail that is about to leave', () => {
  it('passes with a file that was said to be shut, and not with one that nobody cleaned', async () => {
    const leaving = { locked, sender: SENDER }
    expect(await verifyOutgoing(mail(), leaving)).toMatchObject({ clean: true })
    expect(await verifyOutgoing(mail(), { ...leaving, locked: [] })).toMatchObject({
      clean: false,
      where: 'attachment 1',
    })
  })

  it('with a field of the office in it, or in another name, does not leave', async () => {
    const leaving = { locked, sender: SENDER }
    for (const field of ['Bcc: b@x.jp', 'Received: from pc-041', 'X-Desk: pc-041'])
      expect(await verifyOutgoing(mail(field), leaving)).toMatchObject({
        reason: 'VERIFY-FIELD',
        where: 'header',
      })
    const other = await verifyOutgoing(mail(), {
      ...leaving,
      sender: 'mayor@town.kasumi.example.jp',
    })
    expect(other).toMatchObject({ reason: 'VERIFY-FIELD', where: 'from' })
  })

  it('with a file that the disarmer did not take is not written, and says why', () => {
    const files = new Map([
      [locked[0] ?? '', { result: 'refused', reason: 'TYPE-DENIED' } as const],
    ])
    const written = rewriteOutgoing(mail(), { files, profile: {}, domain: 'x.jp' })
    expect(written).toMatchObject({
      ok: false,
      report: { verdict: 'refused', reason: 'TYPE-DENIED' },
    })
  })
})
