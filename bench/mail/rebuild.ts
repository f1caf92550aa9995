/**
 * Mails of 10 KiB rebuilt as text, beside postal-mime that only parses the same mails. In turn, in one run:
 *
 *   node bench/mail/rebuild.ts [rounds]
 *
 * Three kinds of mail, 300 of each a round: plain Japanese text; text and page as alternatives; text with an attachment. Prints one JSON line per kind, way and
 * round, and a last line with medians. Per second of processor time: machines are shared. One process, no disk, no network.
 */
import PostalMime from 'postal-mime'
import { rebuildMessage } from '@sekisho/gates/mail'

const [rounds = '5'] = process.argv.slice(2)
const MESSAGES = 300
const SIZE = 10 * 1024
const LINE = '霞町役場総務課です。来週の会議の資料を送ります。ご確認をお願いします。\r\n'
const HEAD =
  'From: =?UTF-8?B?6Zye44CA6Iqx5a2Q?= <hanako@example.jp>\r\nTo: soumu@town.kasumi.lg.jp\r\nSubject: =?UTF-8?B?5Lya6K2w44Gu6LOH5paZ?=\r\n' +
  'Date: Wed, 25 Nov 2026 14:38:49 +0900\r\nMessage-ID: <1@example.jp>\r\nMIME-Version: 1.0\r\n'

function upTo(bytes: number, line: string): string {
  return line.repeat(Math.max(1, Math.floor(bytes / Buffer.byteLength(line))))
}

const text = (bytes: number): string =>
  `Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${upTo(bytes, LINE)}`
const page = (bytes: number): string =>
  `Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n<table>${upTo(bytes, `<tr><td>1</td><td><a href="https://example.jp/a">${LINE}</a></td></tr>`)}</table>`
const file = (bytes: number): string =>
  `Content-Type: application/octet-stream; name=a.txt\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\n` +
  Buffer.from(upTo((bytes * 3) / 4, LINE))
    .toString('base64')
    .replace(/.{76}/g, '$&\r\n')
const multi = (kind: string, ...parts: readonly string[]): string =>
  `Content-Type: multipart/${kind}; boundary=bound\r\n\r\n${parts.map((part) => `--bound\r\n${part}\r\n`).join('')}--bound--\r\n`

const KINDS: Readonly<Record<string, Buffer>> = {
  text: Buffer.from(HEAD + text(SIZE - 500)),
  alternative: Buffer.from(HEAD + multi('alternative', text(SIZE / 3), page((SIZE * 3) / 5))),
  attachment: Buffer.from(HEAD + multi('mixed', text(SIZE / 2), file(SIZE / 2 - 800))),
}

const gate = {
  id: 'mail-in',
  from: 'internet',
  to: 'lgwan',
  attachments: 'remove',
  body: 'text',
} as const
const WAYS: Readonly<Record<string, (mail: Buffer) => Promise<unknown>>> = {
  rebuild: async (mail) => {
    const outcome = await rebuildMessage(mail, { model: 'α', edition: 'R8.3', gate })
    if (!outcome.ok || outcome.certificate.flattened.length > 0) throw new Error('not rebuilt')
  },
  'postal-mime, parsing only': (mail) => PostalMime.parse(mail),
}

async function perCpuSecond(
  mail: Buffer,
  work: (mail: Buffer) => Promise<unknown>,
): Promise<number> {
  const before = process.cpuUsage()
  for (let index = 0; index < MESSAGES; index++) await work(mail)
  const { user, system } = process.cpuUsage(before)
  return Math.round(MESSAGES / ((user + system) / 1e6))
}

const rows: { readonly kind: string; readonly way: string; readonly perCpuSecond: number }[] = []
// Round 0 warms the compiler and is not counted.
for (let round = 0; round <= Number(rounds); round++)
  for (const [kind, mail] of Object.entries(KINDS))
    for (const [way, work] of Object.entries(WAYS)) {
      const row = { kind, way, bytes: mail.length, perCpuSecond: await perCpuSecond(mail, work) }
      if (round === 0) continue
      rows.push(row)
      console.log(JSON.stringify(row))
    }

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
const medians = Object.keys(KINDS).flatMap((kind) =>
  Object.keys(WAYS).map((way) => ({
    kind,
    way,
    perCpuSecond: median(
      rows.filter((row) => row.kind === kind && row.way === way).map((row) => row.perCpuSecond),
    ),
  })),
)
console.log(JSON.stringify({ medians }))
