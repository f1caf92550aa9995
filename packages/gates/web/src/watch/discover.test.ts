import { declare, noon } from '@sekisho/network'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TODAY, cloudTown, gateOf, inForce } from '../destination/destination.test-support.ts'
import { webPolicy } from '../destination/policy.ts'
import { DayTally } from './day-tally.ts'
import { Discoverer } from './discover.ts'
import { discoveryTable } from './discovery-table.ts'
import { readWatched } from './watched-request.ts'

const town = cloudTown()
const gate = gateOf(town)
const policy = webPolicy(town, gate, inForce(town), TODAY)

const discoverer = (most?: number): Discoverer =>
  new Discoverer({
    town,
    gate,
    policy,
    declared: declare(town, { at: TODAY }),
    now: noon(TODAY),
    ...(most !== undefined && { most }),
  })

const fortigate = (source: string, target: string, more = 'action="close"', port = 443): string =>
  `date=2026-11-25 time=12:00:00 eventtime=1795575600 tz="+0900" type="traffic" subtype="forward" srcip=${source} srcport=51514 dstip=${target} dstport=${port} proto=6 sentbyte=4000 rcvdbyte=90 ${more}`
const squid = (url: string, peer = '203.0.113.99', source = '10.20.5.1'): string =>
  `1795575600.123    245 ${source} TCP_TUNNEL/200 39150 CONNECT ${url} - HIER_DIRECT/${peer} -`
const kernel = (source: string, target: string): string =>
  `Nov 25 12:00:00 fw kernel: [1.2] sekisho deny p9 IN=lgwan OUT=x SRC=${source} DST=${target} LEN=60 PROTO=TCP SPT=40000 DPT=443 `
const paloAlto = (source: string, target: string): string =>
  `Nov 25 12:00:01 pa 1,2026/11/25 12:00:01,0128,TRAFFIC,end,2561,2026/11/25 12:00:00,${source},${target},0.0.0.0,0.0.0.0,web,,,ssl,vsys1,trust,untrust,e1,e2,fwd,2026/11/25 12:00:00,45678,1,53012,443,0,0,0x40,tcp,allow,18532,6532,12000,40`

const found = (...lines: readonly string[]) => {
  const one = discoverer()
  for (const line of lines) one.line(line)
  return one.result()
}

const dayOf = (...lines: readonly object[]) => {
  const tally = new DayTally('2026-11-25')
  for (const line of lines) {
    const read = readWatched({
      at: '2026-11-25T01:00:00.000Z',
      kind: 'refused',
      client: 's0003',
      department: 'fukushi',
      from: '10.20.5.1',
      ...line,
    })
    if (read) tally.add(read)
  }
  return tally.totals()
}

describe('a terminal that left beside the gate', () => {
  it.each([
    ['FortiGate', fortigate('10.20.5.1', '203.0.113.7'), 4000, 90],
    ['Palo Alto', paloAlto('10.20.5.1', '203.0.113.7'), 6532, 12_000],
    ['squid', squid('203.0.113.7:443', '203.0.113.7'), 0, 39_150],
  ])('is found in the log of %s, with how much, when and from where', (_, line, up, down) => {
    expect(found(line).rows).toMatchObject([
      {
        kind: 'around',
        target: '203.0.113.7',
        port: '443',
        sources: ['10.20.5.1'],
        count: 1,
        passed: 1,
        up,
        down,
        first: expect.stringMatching(/^2026-11-25T03:00:00/u),
      },
    ])
  })

  it('is told by the person who used the gate from that address', () => {
    const one = discoverer()
    one.day(dayOf({ kind: 'opened', target: 'teams.microsoft.com:443', service: 'teams' }))
    one.line(fortigate('10.20.5.1', '203.0.113.7'))
    expect(one.result().rows).toMatchObject([{ kind: 'around', people: ['s0003'] }])
  })

  it('is told apart when the firewall denied it, and when the name stands on a list', () => {
    expect(found(kernel('10.20.5.1', '203.0.113.7')).rows).toMatchObject([
      { kind: 'stopped', denied: 1, passed: 0, service: '' },
    ])
    // At an address that a flow of the gate leads to: that flow is the gate's, and no other proxy's.
    expect(found(squid('outlook.office.com:443', '13.107.6.152')).rows).toMatchObject([
      { kind: 'around', target: 'outlook.office.com', service: 'exchange' },
    ])
  })

  it.each([
    ['the gate itself', 'gate', fortigate('10.20.1.10', '203.0.113.7')],
    ['another zone', 'elsewhere', fortigate('10.30.5.1', '203.0.113.7')],
    ['somebody outside', 'elsewhere', fortigate('203.0.113.9', '10.20.5.1')],
    ['a server in the town', 'inside', fortigate('10.20.5.1', '10.30.1.1')],
    ['the gate as destination', 'inside', fortigate('10.20.5.1', '10.20.1.10', '', 8080)],
  ])('is not %s', (_, counted, line) => {
    const { rows, passedOver } = found(line)
    expect(rows).toEqual([])
    expect(passedOver).toMatchObject({ [counted]: 1 })
  })
})

describe("the gate's own record", () => {
  it('tells what it let through only because it watches, and what it refused as on no list', () => {
    const one = discoverer()
    one.day(
      dayOf(
        { kind: 'opened', number: 'W-1', target: 'drive.example:443', reason: 'X11-LISTED' },
        { kind: 'ended', number: 'W-1', target: 'drive.example:443', up: 900 },
        { target: 'game.example:443', reason: 'X11-LISTED' },
        { target: 'outlook.office.com:443', reason: 'X11-PERSON', service: 'exchange' },
        { kind: 'opened', target: 'teams.microsoft.com:443', service: 'teams' },
      ),
    )
    expect(one.result().rows).toMatchObject([
      { kind: 'watched', target: 'drive.example', port: '443', up: 900, people: ['s0003'] },
      { kind: 'asked', target: 'game.example', denied: 1 },
    ])
  })
})

describe('hostile lines', () => {
  it('fill no memory, and what does not fit is counted', () => {
    const one = discoverer(100)
    for (let at = 0; at < 300; at += 1) one.line(squid(`n${at}.example:443`))
    const { rows, beyond, lines } = one.result()
    expect([rows.length, beyond, lines]).toEqual([100, 200, 300])
  })

  const word = fc.oneof(
    fc.constantFrom(
      fortigate('10.20.5.1', '203.0.113.7'),
      paloAlto('10.20.5.1', '203.0.113.7'),
      squid('x.example:443'),
      kernel('10.20.5.1', '203.0.113.7'),
      'sentbyte=99999999999999999999 ',
      'eventtime=9999999999 ',
      '\u202E',
      '"',
      ',',
    ),
    fc.string({ unit: 'binary', maxLength: 12 }),
  )

  it('stop nothing, and count nothing that is no number', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.array(word, { maxLength: 6 }).map((words) => words.join('')),
          { maxLength: 5 },
        ),
        (lines) => {
          const { rows } = found(...lines)
          for (const row of rows)
            for (const value of [row.count, row.up, row.down])
              expect(Number.isSafeInteger(value) && value >= 0).toBe(true)
          const { columns, rows: cells } = discoveryTable(rows, town)
          for (const row of cells) expect(row).toHaveLength(columns.length)
        },
      ),
      { numRuns: 500 },
    )
  })
})
