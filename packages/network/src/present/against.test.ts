import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readTown } from '@sekisho/town'
import { describe, expect, it } from 'vitest'
import { noon } from '../declared/day.ts'
import { declare } from '../declared/declare.ts'
import { readIptables } from '../dialects/iptables/read.ts'
import { writeIptables } from '../dialects/iptables/write.ts'
import { trace } from '../filter/trace.ts'
import { prove } from '../prove/prove.ts'
import { against } from './against.ts'
import type { Against } from './against.ts'
import { permittedBy } from './permitted.ts'
import { presentJson, presentText } from './tell.ts'

const ROOT = join(import.meta.dirname, '../../../..')
const AT = '2026-11-25'
const fileText = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

function townOf(text: string) {
  const read = readTown(text)
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return { town: read.town, declared: declare(read.town, { at: AT }) }
}
const filterOf = (...texts: readonly string[]) =>
  readIptables(
    texts.map((text) => ({ text })),
    { at: noon(AT) },
  )

const kasumi = fileText('examples/kasumi/town.yaml')
const old = [
  fileText('corpus/network/present/kasumi-old.rules.v4'),
  fileText('corpus/network/present/kasumi-old.rules.v6'),
] as const
const { town, declared } = townOf(kasumi)
const linesOf = (found: Against['extra']): readonly string[] => [
  ...new Set(found.map(({ rule }) => rule?.text ?? '')),
]

describe('a present firewall against the declaration', () => {
  const filter = filterOf(...old)
  const found = against(town, declared, filter)

  it('names every line that lets through what is not declared, also one that another hides', () => {
    expect(linesOf(found.extra).toSorted()).toEqual(
      old[0]
        .split('\n')
        .filter((line) => line.endsWith('-j ACCEPT'))
        .toSorted(),
    )
    expect(found.complete).toBe(true)
  })

  it('is left with nothing undeclared when the named lines are taken out', () => {
    const bad = new Set(linesOf(found.extra))
    const rest = old[0]
      .split('\n')
      .filter((line) => !bad.has(line))
      .join('\n')
    expect(against(town, declared, filterOf(rest, old[1])).extra).toEqual([])
  })

  it('shows each with a packet that the named line decides, the clause and who mends it', () => {
    for (const one of [...found.extra, ...found.missing]) {
      const ending = trace(filter, one.packet)
      expect(ending.ends).toBe(one.finding.rule === 'NET-EXTRA' ? 'accept' : 'deny')
      expect(ending.place).toBe(one.place)
      expect(one.finding).toMatchObject({ effect: 'refuse', cure: { who: 'it-officer' } })
      expect(one.finding.clause).toMatch(/^ZN-0[126] /u)
    }
    const remote = found.extra.find(({ rule }) => rule?.text?.includes('3389'))
    expect(remote?.finding.clause).toMatch(/^ZN-02 /u)
    expect(remote?.entry).toBeUndefined()
    expect(remote?.finding.cure.sentence).toContain('特定通信')
  })

  it('names each declared flow that is held once, and none that passes', () => {
    const held = found.missing.map(({ finding }) => /通信「(.*?)」/u.exec(finding.message)?.[1])
    expect(new Set(held).size).toBe(held.length)
    expect(held).toContain('仮想ブラウザーの画面')
    expect(found.missing).toHaveLength(28)
  })

  it('gives lines that can be copied into the town, and then the line is declared', () => {
    const line = found.extra.find(({ rule }) => rule?.text?.includes('SaaS 2024'))
    const [peers, flows] = line!.entry!.split('flows:\n')
    const changed = kasumi
      .replace(/^peers:\n/mu, peers!)
      .replace(/^flows:\n/mu, `flows:\n${flows!}\n`)
    const mended = townOf(changed)
    expect(mended.declared.permits).toHaveLength(declared.permits.length + 1)
    const again = against(mended.town, mended.declared, filter)
    const first = again.extra.filter(({ packet }) => packet.state === 0n)
    expect(linesOf(first).some((text) => text.includes('SaaS 2024'))).toBe(false)
    // The line asks for no state: what belongs to no connection still passes, and is still told.
    const rest = again.extra.find(({ rule }) => rule?.text?.includes('SaaS 2024'))
    expect(rest?.finding.cure.sentence).toContain('状態の条件')
  })

  it('proposes no more than the line lets through: a chain that was asked before narrows it', () => {
    const narrow = old[0].replace('-s 10.20.0.0/16 -g to-net', '-s 10.20.5.0/24 -g to-net')
    const { extra } = against(town, declared, filterOf(narrow, old[1]))
    const line = extra.find(({ rule }) => rule?.text?.includes('SaaS 2024'))
    expect(line?.entry).toBeUndefined()
    expect(line?.finding.cure.sentence).toContain('両端の機器')
  })

  it('tells that nothing holds a family of which there is no text', () => {
    const { extra, complete } = against(town, declared, filterOf(old[0]))
    const open = extra.filter(({ place }) => place === '')
    expect(open.map(({ finding }) => finding.clause.slice(0, 5)).toSorted()).toEqual([
      'ZN-01',
      'ZN-02',
      'ZN-06',
    ])
    expect(open.every(({ packet }) => packet.family === 6n)).toBe(true)
    expect(complete).toBe(true)
  })

  it('names the line that lets through, not the policy of a table behind it', () => {
    const more =
      '*mangle\n:FORWARD ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -p sctp -j DROP\nCOMMIT\n'
    const { extra } = against(town, declared, filterOf(`${old[0]}${more}`, old[1]))
    expect(linesOf(extra)).toEqual(linesOf(found.extra))
  })

  it('finds nothing in our own text, as the proof does', () => {
    const { v4, v6 } = writeIptables(declared)
    expect(prove(declared, filterOf(v4, v6))).toEqual({ kind: 'equal' })
    expect(against(town, declared, filterOf(v4, v6))).toEqual({
      extra: [],
      missing: [],
      unsure: [],
      complete: true,
    })
  })

  it('says what it can of a text it cannot read whole, and that it is not all', () => {
    const unread = filterOf(
      old[0].replace('-j ACCEPT\nCOMMIT', '-m owner --uid-owner 0 -j ACCEPT\nCOMMIT'),
      old[1],
    )
    const part = against(town, declared, unread)
    expect(linesOf(part.unsure).some((text) => text.includes('--uid-owner'))).toBe(true)
    const text = presentText({ filter: unread, permitted: permittedBy(unread), against: part })
    expect(text).toContain('ここに挙げたもので全部とは言えません')
  })
})

describe('what a present firewall permits', () => {
  it('is told with the line, as text and as JSON that can be written', () => {
    const filter = filterOf(...old)
    const permitted = permittedBy(filter)
    const text = presentText({ filter, permitted })
    expect(text).toContain(
      'IPv4　入口 lgwan　出口 x-internet　状態 新しい通信　プロトコル TCP　送り元 10.20.0.0/16　宛先 203.0.113.80　宛先のポート 443・8443　［iptables filter to-net #1（13行目）］',
    )
    const json = JSON.parse(JSON.stringify(presentJson({ filter, permitted })))
    expect(json.complete).toBe(true)
    expect(json.chains['iptables filter to-net'][0]).toMatchObject({
      action: { kind: 'accept' },
      comment: 'SaaS 2024',
      line: 13,
    })
    for (const { packet, limits } of json.permitted) {
      expect(packet.in).toBeTypeOf('string')
      expect(limits).toBeTypeOf('object')
    }
  })

  it('holds every packet that passes, and no other', () => {
    const filter = filterOf(...old)
    for (const { packet } of permittedBy(filter).permitted) {
      expect(trace(filter, packet).ends).toBe('accept')
    }
    const closed = filterOf('*filter\n:FORWARD DROP [0:0]\nCOMMIT\n', old[1])
    expect(permittedBy(closed).permitted).toEqual([])
  })
})
