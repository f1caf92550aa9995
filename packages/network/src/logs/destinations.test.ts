import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readTown } from '@sekisho/town'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noon } from '../declared/day.ts'
import { declare } from '../declared/declare.ts'
import { collectDestinations } from './destinations.ts'
import type { Destination } from './destinations.ts'
import { readFortigateLog } from './fortigate.ts'
import { readKernel } from './kernel.ts'
import { readPaloAltoLog } from './palo-alto.ts'
import { readSquid } from './squid.ts'
import { destinationsText } from './tell.ts'

const AT = '2026-11-25'
const now = noon(AT)
const read = readTown(
  readFileSync(join(import.meta.dirname, '../../../../examples/kasumi/town.yaml'), 'utf8'),
)
if (!read.ok) throw new Error(JSON.stringify(read.problems))
const declared = declare(read.town, { at: AT })

function destinationsOf(...lines: readonly string[]): readonly Destination[] {
  const collector = collectDestinations(now, declared)
  for (const line of lines) collector.line(line)
  return collector.result().destinations
}

const squid = (url: string, peer: string, code = 'TCP_TUNNEL/200'): string =>
  `1795575600.123    245 10.30.2.15 ${code} 39150 ${url.includes('//') ? 'GET' : 'CONNECT'} ${url} - ${peer} -`
const kernel = (
  from: string,
  to: string,
  ports = 'SPT=40000 DPT=443',
  prefix = 'sekisho deny p9 ',
): string =>
  `Nov 25 12:00:00 fw kernel: [12345.678] ${prefix}IN=lgwan OUT=x-internet MAC=02:00:5e:10:00:01:02:00:5e:00:00:02:08:00 SRC=${from} DST=${to} LEN=60 TOS=0x00 PREC=0x00 TTL=63 ID=1 DF PROTO=TCP ${ports} WINDOW=64240 RES=0x00 SYN URGP=0 `

describe('a line of a proxy', () => {
  it.each([
    ['a tunnel', squid('app.example.com:443', 'HIER_DIRECT/203.0.113.99'), 'app.example.com', 443],
    [
      'a page',
      squid('http://www.example.org/a?b=c@d', 'HIER_DIRECT/203.0.113.99'),
      'www.example.org',
      80,
    ],
    [
      'a page with a port and a user',
      squid('http://me:pw@www.example.org:8080/', 'HIER_DIRECT/203.0.113.99'),
      'www.example.org',
      8080,
    ],
    [
      'a name in capitals',
      squid('APP.Example.COM:443', 'HIER_DIRECT/203.0.113.99'),
      'app.example.com',
      443,
    ],
    [
      'the format of web servers',
      '10.30.2.15 - - [25/Nov/2026:12:00:00 +0900] "CONNECT app.example.com:443 HTTP/1.1" 200 3915 "-" "-" TCP_TUNNEL:HIER_DIRECT',
      'app.example.com',
      443,
    ],
  ])('tells of %s where it went and when', (_, line, name, port) => {
    expect(readSquid(line)).toMatchObject({ name, port, ended: 'passed', protocol: 6 })
    expect(Math.floor(readSquid(line)!.at!)).toBe(now)
  })

  it('does not count as passed what the proxy found nobody to ask for', () => {
    const line = squid('http://no-such.invalid/x', 'HIER_NONE/-', 'TCP_MISS/502')
    expect(readSquid(line)?.ended).toBe('unknown')
    const combined =
      '10.30.2.15 - - [25/Nov/2026:12:00:00 +0900] "GET http://no-such.invalid/x HTTP/1.1" 502 3406 "-" "-" TCP_MISS:HIER_NONE'
    expect(readSquid(combined)?.ended).toBe('unknown')
    expect(readSquid(squid('http://a.example/', 'HIER_NONE/-', 'TCP_HIT/200'))?.ended).toBe(
      'passed',
    )
  })

  it.each([
    ['an error', squid('error:transaction-end-before-headers', 'HIER_NONE/-', 'NONE_NONE/000')],
    ['a port that is none', squid('app.example.com:99999', 'HIER_DIRECT/203.0.113.99')],
    ['a name longer than names are', squid(`${'a'.repeat(300)}:443`, 'HIER_DIRECT/203.0.113.99')],
    ['a sentence', 'the proxy was started'],
  ])('is not read when it is %s', (_, line) => {
    expect(readSquid(line)).toBeUndefined()
  })
})

describe('a line of a firewall', () => {
  it('tells both ends, the port, the time in Japan, and what its prefix says became of it', () => {
    expect(readKernel(kernel('10.20.1.5', '203.0.113.7'), now)).toMatchObject({
      at: now,
      port: 443,
      sourcePort: 40_000,
      ended: 'denied',
      protocol: 6,
    })
    expect(readKernel(kernel('10.20.1.5', '203.0.113.7', '', 'FW-ACCEPT: '), now)?.ended).toBe(
      'passed',
    )
    expect(readKernel(kernel('10.20.1.5', '203.0.113.7', '', 'x'), now)?.ended).toBe('unknown')
  })

  it('is of last year when its day is still to come', () => {
    const line = kernel('10.20.1.5', '203.0.113.7').replace('Nov 25', 'Dec  1')
    expect(new Date(readKernel(line, now)!.at! * 1000).toISOString()).toMatch(/^2025-12-01T03:00/u)
  })

  it('tells of an error of ICMP where itself went, not the packet it is about', () => {
    const line =
      'Nov 25 12:00:00 fw kernel: IN=a OUT=b SRC=192.0.2.1 DST=192.0.2.2 LEN=88 PROTO=ICMP TYPE=3 CODE=1 [SRC=10.0.0.1 DST=10.0.0.2 PROTO=TCP SPT=1 DPT=2 ] '
    expect(readKernel(line, now)).toMatchObject({ protocol: 1, target: { first: 3_221_225_986n } })
    expect(readKernel(line, now)?.port).toBeUndefined()
  })

  it('reads IPv6, and dates of RFC 3339', () => {
    const line =
      '2026-11-25T12:00:00.123456+09:00 fw kernel: pass IN=a OUT=b SRC=2001:0db8:0000:0000:0000:0000:0000:0001 DST=2001:0db8:0000:0000:0000:0000:0000:0002 LEN=80 PROTO=UDP SPT=5 DPT=53 LEN=40'
    expect(readKernel(line, now)).toMatchObject({ at: now, protocol: 17, port: 53 })
  })
})

const fortigate = (rest: string, to = '203.0.113.7'): string =>
  `<189>date=2026-11-25 time=12:00:00 devname="FGT60F" devid="FGT60FTK00000001" eventtime=1795575600123456789 tz="+0900" logid="0000000013" type="traffic" subtype="forward" level="notice" vd="root" srcip=10.20.1.5 srcport=51514 srcintf="lan" dstip=${to} dstport=443 dstintf="wan1" policyid=14 sessionid=182736 proto=6 ${rest}`
const paloAlto = (to = '203.0.113.7', more: Readonly<Record<number, string>> = {}): string => {
  const fields =
    `1,2026/11/25 12:00:01,012801054321,TRAFFIC,end,2561,2026/11/25 12:00:00,10.20.1.5,${to},203.0.113.2,${to},web,town\\user,,ssl,vsys1,trust,untrust,ethernet1/2,ethernet1/1,fwd,2026/11/25 12:00:00,45678,1,53012,443,40002,443,0x400053,tcp,allow,18532,6532,12000,40,2026/11/25 11:59:30,28,any,0`.split(
      ',',
    )
  for (const [at, text] of Object.entries(more)) fields[Number(at)] = text
  return `Nov 25 12:00:01 town-pa ${fields.join(',')}`
}

describe('a line of a FortiGate', () => {
  it('tells both ends, the port, the time, and what became of it', () => {
    expect(readFortigateLog(fortigate('action="close" service="HTTPS"'))).toMatchObject({
      at: now,
      port: 443,
      sourcePort: 51_514,
      protocol: 6,
      ended: 'passed',
      seenBy: 'firewall',
    })
    expect(readFortigateLog(fortigate('action="deny"'))?.ended).toBe('denied')
    const old = fortigate('action=close')
      .replaceAll('"', '')
      .replace(/eventtime=\d+ tz=\S+ /u, '')
    expect(readFortigateLog(old)).toMatchObject({ at: now, port: 443 })
  })

  it('tells where a target that was written anew is', () => {
    const line = fortigate('action="accept" trandisp="dnat" tranip=10.30.1.10 tranport=8443')
    expect(readFortigateLog(line)).toMatchObject({ target: { first: 169_738_506n }, port: 8443 })
  })

  it.each([
    ['the start of a connection', fortigate('action="start"')],
    ['what the machine itself asked', fortigate('action="accept"').replace('forward', 'local')],
    ['an event', fortigate('action="login"').replace('"traffic"', '"event"')],
    ['two families', fortigate('action="accept"', '2001:db8::1')],
  ])('is not read when it is %s', (_, line) => {
    expect(readFortigateLog(line)).toBeUndefined()
  })

  it('takes nothing from what somebody wrote into a name', () => {
    const line = fortigate('action="deny" user="x action=accept dstip=10.0.0.1"')
    const before = line.replace('devname="FGT60F"', 'devname="F dstip=10.0.0.1 proto=17"')
    for (const one of [line, before]) {
      expect(readFortigateLog(one)).toMatchObject({
        ended: 'denied',
        protocol: 6,
        target: { first: 3_405_803_783n },
      })
    }
  })
})

describe('a line of a Palo Alto', () => {
  it('tells both ends, the port, the time, and what became of it', () => {
    expect(readPaloAltoLog(paloAlto())).toMatchObject({
      at: now,
      port: 443,
      sourcePort: 53_012,
      protocol: 6,
      ended: 'passed',
      target: { first: 3_405_803_783n },
    })
    for (const action of ['deny', 'drop', 'reset-both']) {
      expect(readPaloAltoLog(paloAlto('203.0.113.7', { 30: action }))?.ended).toBe('denied')
    }
    expect(readPaloAltoLog(paloAlto().replace('Nov 25 12:00:01 town-pa ', ''))?.port).toBe(443)
  })

  it('tells where a target that was written anew is', () => {
    const line = paloAlto('203.0.113.7', { 10: '10.30.1.10', 27: '8443' })
    expect(readPaloAltoLog(line)).toMatchObject({ target: { first: 169_738_506n }, port: 8443 })
    const none = paloAlto('203.0.113.7', { 9: '0.0.0.0', 10: '0.0.0.0', 27: '0' })
    expect(readPaloAltoLog(none)).toMatchObject({ target: { first: 3_405_803_783n }, port: 443 })
  })

  it('keeps count of its fields when a name has commas and quotes in it', () => {
    const line = paloAlto('203.0.113.7', { 11: '"web, ""new"""' })
    expect(readPaloAltoLog(line)).toMatchObject({ port: 443, ended: 'passed' })
    const hostile = paloAlto('203.0.113.7', { 11: '"x,TRAFFIC,end"', 30: 'deny' })
    expect(readPaloAltoLog(hostile)).toMatchObject({ port: 443, ended: 'denied' })
  })

  it.each([
    ['the start of a connection', paloAlto('203.0.113.7', { 4: 'start' })],
    ['another log', paloAlto('203.0.113.7', { 3: 'THREAT' })],
    ['cut off', paloAlto().slice(0, 120)],
    ['a quotation that never ends', paloAlto('203.0.113.7', { 11: '"web' })],
  ])('is not read when it is %s', (_, line) => {
    expect(readPaloAltoLog(line)).toBeUndefined()
  })
})

describe('destinations', () => {
  it('are the same whoever wrote them down', () => {
    const found = destinationsOf(
      fortigate('action="close"'),
      paloAlto(),
      kernel('10.20.1.5', '203.0.113.7'),
    )
    expect(found).toMatchObject([
      { address: '203.0.113.7', port: 443, count: 3, passed: 2, denied: 1, standing: 'undeclared' },
    ])
  })

  it('are declared when a flow goes there, and undeclared when none does', () => {
    const [direct, declaredOne] = destinationsOf(
      squid('app.example.com:443', 'HIER_DIRECT/203.0.113.99'),
      squid('app.example.com:443', 'HIER_DIRECT/203.0.113.99'),
      squid('camera.example.jp:443', 'HIER_DIRECT/203.0.113.40'),
    )
    expect(direct).toMatchObject({
      standing: 'undeclared',
      count: 2,
      sources: 1,
      name: 'app.example.com',
    })
    expect(declaredOne).toMatchObject({ standing: 'declared', address: '203.0.113.40' })
  })

  it('that a proxy above reached are those of the flow to it, whatever their port', () => {
    const [one] = destinationsOf(squid('www.example.org:9443', 'FIRSTUP_PARENT/198.51.100.3'))
    expect(one).toMatchObject({ standing: 'declared' })
    const [other] = destinationsOf(squid('www.example.org:9443', 'HIER_DIRECT/198.51.100.3'))
    expect(other).toMatchObject({ standing: 'undeclared' })
  })

  it('of which a log has only the name cannot be compared, and are not taken for declared', () => {
    const [one] = destinationsOf(squid('app.example.com:443', 'HIER_NONE/-', 'TCP_DENIED/403'))
    expect(one).toMatchObject({ standing: 'unknown', denied: 1, passed: 0 })
  })

  it('that a firewall saw count only from the machine that is declared, and answers belong to their flow', () => {
    const there = kernel('10.20.1.23', '10.30.1.15', 'SPT=40000 DPT=8443')
    const back = kernel('10.30.1.15', '10.20.1.23', 'SPT=8443 DPT=40000')
    const other = kernel('10.20.1.99', '10.30.1.15', 'SPT=40000 DPT=8443')
    expect(destinationsOf(there)[0]).toMatchObject({ standing: 'declared', flow: 'gate-pull' })
    expect(destinationsOf(back)[0]).toMatchObject({ standing: 'declared', flow: 'gate-pull' })
    expect(destinationsOf(other)[0]).toMatchObject({ standing: 'undeclared' })
  })

  it('of a line longer than any log writes are not read', () => {
    const collector = collectDestinations(now)
    collector.line(kernel('10.20.1.5', '203.0.113.7') + 'x'.repeat(20_000))
    expect(collector.result()).toMatchObject({ destinations: [], lines: 1, unread: 1 })
  })

  it('are counted and dated over all lines', () => {
    const early = squid('app.example.com:443', 'HIER_DIRECT/203.0.113.99').replace(
      '1795575600',
      '1795000000',
    )
    const [one] = destinationsOf(squid('app.example.com:443', 'HIER_DIRECT/203.0.113.99'), early)
    expect(one).toMatchObject({
      count: 2,
      passed: 2,
      denied: 0,
      first: 1_795_000_000.123,
      last: 1_795_575_600.123,
    })
  })

  it('are bounded: a scan of every address fills no memory, and is counted', () => {
    const collector = collectDestinations(now, undefined, 1_000)
    for (let at = 0; at < 1_200; at += 1) {
      collector.line(
        `IN=a OUT=b SRC=10.0.0.1 DST=192.${at >> 16}.${(at >> 8) & 255}.${at & 255} PROTO=TCP DPT=22`,
      )
    }
    const { destinations, beyond, lines } = collector.result()
    expect(destinations).toHaveLength(1_000)
    expect(beyond).toBe(200)
    expect(lines).toBe(1_200)
  })
})

const word = fc.oneof(
  fc.constantFrom(
    'type="traffic" subtype="forward" ',
    'srcip=10.0.0.1 ',
    'dstip=10.0.0.2 proto=6 ',
    '1,2026/11/25 12:00:00,0,TRAFFIC,end,0,',
    '"',
    'IN=',
    'IN=a ',
    'OUT=b ',
    'SRC=10.0.0.1 ',
    'DST=::1 ',
    'PROTO=TCP ',
    'DPT=',
    '1795575600.1 ',
    'CONNECT ',
    'TCP_MISS/200 ',
    'x:443 ',
    'http://',
    ' ',
    '\u001b[2J',
    '\u202e',
    '"',
    '[',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
)

describe('any lines at all', () => {
  it('stop nothing, and write nothing that repaints a screen', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.array(word, { maxLength: 30 }).map((words) => words.join('')),
          { maxLength: 6 },
        ),
        (lines) => {
          const collector = collectDestinations(now, declared)
          for (const line of lines) collector.line(line)
          const text = destinationsText(collector.result())
          expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\p{Bidi_Control}/u)
        },
      ),
      { numRuns: 1_500 },
    )
  })

  it('a name full of controls is written out', () => {
    const collector = collectDestinations(now)
    collector.line(squid('a\u001b[31m\u202e.example:443', 'HIER_NONE/-'))
    collector.line(squid('\u009b2J.example:443', 'HIER_NONE/-'))
    const text = destinationsText(collector.result())
    expect(text).toContain('U+001B')
    expect(text).toContain('U+009B')
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\p{Bidi_Control}/u)
  })
})
