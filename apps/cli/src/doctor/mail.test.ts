/** What `sekisho doctor` says of a mail gate: against a DNS server and mail servers that are really there. */
import { createSocket } from 'node:dgram'
import type { Socket } from 'node:dgram'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { identity } from '../../../../packages/gates/mail/src/deliver/identity.test-support.ts'
import { run } from '../run.test-support.ts'

const DOMAIN = 'town.kasumi.example.jp'
const GATE = `mx.${DOMAIN}`
const INWARD = 'mail.lgwan.kasumi.example.jp'
const OUTSIDE = '203.0.113.5'

interface Line {
  readonly name: string
  readonly state: string
  readonly about: string
  readonly cure?: string
  readonly reason?: string
}

/** Records of a zone: `MX town.example` → answers. */
type Zone = Readonly<Record<string, readonly string[]>>

let folder: string
let dns: Socket
let zone: Zone = {}
const closers: (() => unknown)[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sekisho-doctor-'))
  dns = createSocket('udp4')
  dns.on('message', (question, from) => {
    dns.send(answerTo(question, zone), from.port, from.address)
  })
  await new Promise<void>((resolve) => dns.bind(0, '127.0.0.1', resolve))
})
afterAll(() => {
  dns.close()
  for (const close of closers) close()
  rmSync(folder, { recursive: true, force: true })
})

const GOOD: Zone = {
  [`MX ${DOMAIN}`]: ['10 front.example.jp'],
  'A front.example.jp': ['198.51.100.3'],
  [`A ${GATE}`]: ['192.0.2.15'],
  'PTR 15.2.0.192.in-addr.arpa': [GATE],
  [`TXT ${DOMAIN}`]: ['hello', `v=spf1 ip4:${OUTSIDE} -all`],
  [`TXT _dmarc.${DOMAIN}`]: ['v=DMARC1; p=reject'],
}

/** What doctor says of the mail gate, by the beginning of a name. */
async function looks(
  records: Zone | 'nobody',
  given: { readonly town?: string; readonly flags?: readonly string[]; data?: string } = {},
): Promise<(name: string) => Line | undefined> {
  if (records !== 'nobody') zone = records
  const port = records === 'nobody' ? 1 : dns.address().port
  const town = given.town ?? townFile({})
  const argv = ['doctor', '--json', '--data', given.data ?? folder, '--town', town]
  const { out } = await run(...argv, '--dns', `127.0.0.1:${port}`, ...(given.flags ?? []))
  const found = (JSON.parse(out) as { looks: readonly Line[] }).looks
  return (name) => found.find((one) => one.name.startsWith(name))
}

const OUT = ['--outside', OUTSIDE]

describe('DNS of a mail domain', () => {
  it('is good when mail goes to the security cloud in front, and only the town may send', async () => {
    const of = await looks(GOOD, { flags: OUT })
    expect(of(`${DOMAIN} のMX`)).toMatchObject({ state: 'good', reason: 'DOC-MX-OK' })
    expect(of(`${DOMAIN} のMX`)!.about).toContain('県の自治体情報セキュリティクラウド')
    expect(of(`${DOMAIN} のSPF`)).toMatchObject({ reason: 'DOC-SPF-OK' })
    expect(of(`${DOMAIN} のDMARC`)).toMatchObject({ reason: 'DOC-DMARC-OK' })
    expect(of('関所の名前')).toMatchObject({ reason: 'DOC-NAME-OK' })
  })

  it.each([
    ['the gate itself', { [`MX ${DOMAIN}`]: [`10 ${GATE}`] }, 'DOC-MX-OK'],
    ['a stranger', { 'A front.example.jp': ['203.0.113.99'] }, 'DOC-MX-ELSEWHERE'],
    ['nobody', { [`MX ${DOMAIN}`]: [] }, 'DOC-MX-NONE'],
    ['nobody, in so many words', { [`MX ${DOMAIN}`]: ['0 .'] }, 'DOC-MX-REFUSES'],
  ])('tells that mail goes to %s', async (_, change, reason) => {
    const of = await looks({ ...GOOD, ...change })
    expect(of(`${DOMAIN} のMX`)).toMatchObject({ reason })
  })

  it.each([
    ['is not there', [], 'DOC-SPF-NONE', 'bad'],
    ['is there twice', ['v=spf1 -all', `v=spf1 ip4:${OUTSIDE} -all`], 'DOC-SPF-MANY', 'bad'],
    ['lets everybody send', ['v=spf1 +all'], 'DOC-SPF-EVERYBODY', 'bad'],
    ['leaves the outgoing relay out', ['v=spf1 ip4:192.0.2.1 -all'], 'DOC-SPF-OUTSIDE', 'bad'],
    ['names it by include', ['v=spf1 include:cloud.example.jp -all'], 'DOC-SPF-OK', 'good'],
  ])('tells an SPF record that %s', async (_, texts, reason, state) => {
    const cloud = { 'TXT cloud.example.jp': [`v=spf1 ip4:${OUTSIDE} ?all`] }
    const of = await looks({ ...GOOD, ...cloud, [`TXT ${DOMAIN}`]: texts }, { flags: OUT })
    expect(of(`${DOMAIN} のSPF`)).toMatchObject({ reason, state })
  })

  it('says that it did not look when the relay is seen only from inside and nobody said its address', async () => {
    const of = await looks(GOOD)
    expect(of(`${DOMAIN} のSPF`)).toMatchObject({ reason: 'DOC-SPF-UNKNOWN', state: 'weak' })
  })

  it.each([
    ['none', { [`TXT _dmarc.${DOMAIN}`]: [] }, 'DOC-DMARC-NONE'],
    [
      'one that only watches',
      { [`TXT _dmarc.${DOMAIN}`]: ['v=DMARC1; p=none'] },
      'DOC-DMARC-WATCH',
    ],
    [
      'that of the domain above',
      {
        [`TXT _dmarc.${DOMAIN}`]: [],
        'TXT _dmarc.kasumi.example.jp': ['v=DMARC1; p=none; sp=quarantine'],
      },
      'DOC-DMARC-OK',
    ],
  ])('tells %s for DMARC', async (_, change, reason) => {
    expect((await looks({ ...GOOD, ...change }))(`${DOMAIN} のDMARC`)).toMatchObject({ reason })
  })

  it.each([
    ['has no address', { [`A ${GATE}`]: [] }, 'DOC-NAME-NONE'],
    [
      'is not what its address is called',
      { 'PTR 15.2.0.192.in-addr.arpa': ['x.jp'] },
      'DOC-NAME-PTR',
    ],
  ])('tells a greeting name that %s', async (_, change, reason) => {
    expect((await looks({ ...GOOD, ...change }))('関所の名前')).toMatchObject({ reason })
  })

  it('is told to be unknown, not good, when nobody answers', async () => {
    const of = await looks('nobody')
    for (const name of [`${DOMAIN} のMX`, `${DOMAIN} のSPF`, `${DOMAIN} のDMARC`, '関所の名前'])
      expect(of(name)).toMatchObject({ state: 'weak', reason: 'DOC-DNS-SILENT' })
  })
})

describe('certificates and the next servers', () => {
  it('tells the days that are left of the own certificate, and one for another name', async () => {
    const [good, soon, other] = [
      file('good.pem', (await identity(GATE, 90 * 24 * 60)).cert),
      file('soon.pem', (await identity(GATE, 10 * 24 * 60)).cert),
      file('other.pem', (await identity('mx.example.com')).cert),
    ]
    const told = async (path: string) =>
      (await looks(GOOD, { flags: ['--certificate', path] }))('受けるときの証明書')
    expect(await told(good)).toMatchObject({ state: 'good', reason: 'DOC-CERT-OK' })
    expect((await told(good))!.about).toMatch(/あと(?:89|90)日/u)
    expect(await told(soon)).toMatchObject({ state: 'weak', reason: 'DOC-CERT-SOON' })
    expect(await told(other)).toMatchObject({ state: 'bad', reason: 'DOC-CERT-NAME' })
    expect(await told(join(folder, 'nothing.pem'))).toMatchObject({
      reason: 'DOC-CERT-UNREADABLE',
    })
  })

  it('tells a server that encrypts as it must, and never sends it a message', async () => {
    const own = await identity(INWARD, 90 * 24 * 60)
    const server = await mailServer(own)
    const ca = file('ca.pem', own.cert)
    const of = await looks(GOOD, { town: townFile({ port: server.port }), flags: ['--ca', ca] })
    expect(of('届け先 LGWANメールサーバー')).toMatchObject({ state: 'good', reason: 'DOC-CERT-OK' })
    expect(server.messages).toBe(0)
  })

  it('holds a server that does not encrypt against the declaration', async () => {
    const { port } = await mailServer()
    const told = async (tls: 'required' | 'opportunistic') =>
      (await looks(GOOD, { town: townFile({ port, tls }) }))('届け先')
    expect(await told('required')).toMatchObject({ state: 'bad', reason: 'DOC-HOP-NO-TLS' })
    expect(await told('opportunistic')).toMatchObject({ state: 'weak', reason: 'DOC-HOP-NO-TLS' })
  })

  it('tells a server that is not there', async () => {
    const of = await looks(GOOD, { town: townFile({ port: 1 }) })
    expect(of('届け先')).toMatchObject({ state: 'bad', reason: 'DOC-HOP-DOWN' })
  })
})

describe('what waits on this machine', () => {
  it('is told with how long the oldest has waited', async () => {
    const data = join(folder, 'data')
    mkdirSync(join(data, 'low/mail/mail'), { recursive: true })
    const hours = new Date(Date.now() - 5 * 3600 * 1000).toISOString().replaceAll(/[-:.]/gu, '')
    writeFileSync(join(data, `low/mail/mail/${hours}-0123456789abcdef.mail`), 'x')
    const of = await looks(GOOD, { data })
    expect(of('預かったメール')).toMatchObject({ state: 'bad', reason: 'DOC-SPOOL-OLD' })
    expect(of('預かったメール')!.about).toContain('5時間')
  })
})

it('says nothing of mail for a town whose gate somebody else runs', async () => {
  const of = await looks(GOOD, { town: townFile({ run: false }) })
  expect(of(DOMAIN)).toBeUndefined()
})

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

interface TownWish {
  readonly port?: number
  readonly tls?: string
  readonly run?: boolean
}

function townFile({ port = 1, tls = 'required', run: runs = true }: TownWish): string {
  const gate = `
      domains: [${DOMAIN}]
      receive: { name: ${GATE}, relays: [] }
      deliver: { server: lg-mail, port: ${port}, tls: ${tls}, name: ${INWARD} }
      outward:
        receive: { from: [lg-mail] }
        deliver: { server: out, port: 1, tls: required }`
  return file(
    `town-${port}-${tls}-${runs}.yaml`,
    `town: { name: 見本町, staff: 10, model: α, edition: R8.3 }
departments: [{ id: soumu, name: 総務課 }]
zones:
  - { id: lgwan, name: LGWAN接続系, kind: lgwan, networks: [127.0.0.0/16] }
  - { id: internet, name: インターネット接続系, kind: internet, networks: [127.1.0.0/16] }
peers:
  - { id: cloud, name: 県の自治体情報セキュリティクラウド, network: internet, securityCloud: true, addresses: [198.51.100.0/28] }
systems:
  - id: lg
    name: LGWANメール
    zone: lgwan
    owner: soumu
    hosts: [{ id: lg-mail, name: LGWANメールサーバー, role: server, addresses: [127.0.0.1] }]
  - id: inet
    name: インターネットメール
    zone: internet
    owner: soumu
    hosts: [{ id: out, name: メールサーバー, role: server, addresses: [127.1.0.2] }]
gates:
  mail:
    - id: mail-in
      from: internet
      to: lgwan${runs ? gate : ''}
`,
  )
}

async function mailServer(tls?: {
  readonly key: string
  readonly cert: string
}): Promise<{ readonly port: number; messages: number }> {
  const seen = { port: 0, messages: 0 }
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    ...(tls ?? { disabledCommands: ['STARTTLS'] }),
    onMailFrom: (_, __, done) => {
      seen.messages += 1
      done()
    },
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  closers.push(() => server.close())
  seen.port = (server.server.address() as { port: number }).port
  return seen
}

const TYPES: Readonly<Record<number, string>> = {
  1: 'A',
  12: 'PTR',
  15: 'MX',
  16: 'TXT',
  28: 'AAAA',
}

/** One answer of a DNS server (RFC 1035 4): what the zone holds, or that there is nothing. */
function answerTo(question: Buffer, records: Zone): Buffer {
  let at = 12
  const labels: string[] = []
  while (question[at]! > 0) {
    labels.push(question.toString('latin1', at + 1, at + 1 + question[at]!))
    at += question[at]! + 1
  }
  const type = question.readUInt16BE(at + 1)
  const asked = question.subarray(12, at + 5)
  const values = records[`${TYPES[type]} ${labels.join('.').toLowerCase()}`] ?? []
  const head = Buffer.alloc(12)
  question.copy(head, 0, 0, 2)
  head.writeUInt16BE(0x8580, 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt16BE(values.length, 6)
  const answers = values.map((value) => {
    const data = dataOf(TYPES[type]!, value)
    const fixed = Buffer.alloc(12)
    fixed.writeUInt16BE(0xc00c, 0)
    fixed.writeUInt16BE(type, 2)
    fixed.writeUInt16BE(1, 4)
    fixed.writeUInt16BE(data.length, 10)
    return Buffer.concat([fixed, data])
  })
  return Buffer.concat([head, asked, ...answers])
}

function dataOf(type: string, value: string): Buffer {
  if (type === 'A') return Buffer.from(value.split('.').map(Number))
  if (type === 'TXT') return Buffer.concat([Buffer.from([value.length]), Buffer.from(value)])
  const [priority, host] = type === 'MX' ? value.split(' ') : ['', value]
  const name = Buffer.concat([
    ...host!
      .split('.')
      .filter((label) => label !== '')
      .map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])),
    Buffer.from([0]),
  ])
  return type === 'MX' ? Buffer.concat([Buffer.from([0, Number(priority)]), name]) : name
}
