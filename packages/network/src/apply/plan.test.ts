import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readTown } from '@sekisho/town'
import { beforeAll, describe, expect, it } from 'vitest'
import { noon } from '../declared/day.ts'
import { declare } from '../declared/declare.ts'
import { loadNftables } from '../dialects/nftables/load.ts'
import { readNftables } from '../dialects/nftables/read.ts'
import { writeNftables } from '../dialects/nftables/write.ts'
import { trace } from '../filter/trace.ts'
import { prove } from '../prove/prove.ts'
import type { Packet, Cell } from '../space/space.ts'
import { compareFilters } from './compare.ts'
import { changesNothing, makePlan, refusePlan } from './plan.ts'
import type { Plan } from './plan.ts'
import { planDigest, readPlan, writePlan } from './plan-file.ts'
import { refusal } from './refusal.ts'
import { sha256 } from './ruleset.ts'

const TEXT = readFileSync(
  join(import.meta.dirname, '../../../../examples/kasumi/town.yaml'),
  'utf8',
)
const AT = '2026-11-25'
const RULES = 'c'.repeat(64)
const NOW = { today: AT, rules: RULES }

function reading(text: string) {
  const read = readTown(text)
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return read
}
async function listingOf(text: string): Promise<unknown> {
  const loaded = await loadNftables(text)
  if (!loaded.ok) throw new Error(loaded.says)
  return loaded.listing
}
const rulesOf = (text: string): string => writeNftables(declare(reading(text).town, { at: AT }))

/** The plan from one declaration, or from a foreign text, to another. */
async function planOf(from: { town: string } | { text: string }, to: string): Promise<Plan> {
  const listing = await listingOf('town' in from ? rulesOf(from.town) : from.text)
  const made = await makePlan({
    text: to,
    read: reading(to),
    at: AT,
    rules: RULES,
    scope: 'all',
    before: { source: 'town', listing },
    ...('town' in from && { former: reading(from.town) }),
  })
  if (!made.ok) throw new Error(made.finding.message)
  return made.plan
}
const told = ({ changes }: Plan): readonly string[] =>
  changes.flatMap(({ effect, sentences }) =>
    sentences.map(({ sentence, flow }) => `${effect} ${flow ?? '-'} ${sentence}`),
  )

const OTHER_PORT = TEXT.replace(/(- id: inet-mail-out[^]*?ports: )\[25\]/u, '$1[587]')

describe('a plan', () => {
  it('says that nothing changes when nothing does', async () => {
    const plan = await planOf({ town: TEXT }, TEXT)
    expect(changesNothing(plan)).toBe(true)
    expect(plan.changes).toEqual([])
  })

  it('names what opens and what closes, with purpose and owner, under its pair of zones', async () => {
    const plan = await planOf({ town: TEXT }, OTHER_PORT)
    expect(plan.changes.map(({ pair }) => pair)).toEqual(
      Array(2).fill('インターネット接続系 → 外部の口「x-internet」'),
    )
    expect(told(plan)).toEqual([
      'gains inet-mail-out 「メールサーバー」から「県の自治体情報セキュリティクラウド」へ、TCP 587が通るようになります。',
      'loses inet-mail-out 「メールサーバー」から「県の自治体情報セキュリティクラウド」へ、TCP 25が通らなくなります。',
    ])
    expect(plan.changes[0]?.sentences[0]?.about).toBe(
      '通信「インターネットメールの送信」　目的: 住民と事業者へのメール　担当: 情報政策室',
    )
  })

  it('tells of a foreign text what it let through beside the declaration, and of open connections', async () => {
    const foreign =
      'table ip f {\n\tchain f {\n\t\ttype filter hook forward priority 0; policy drop;\n' +
      '\t\tct state established,related accept\n' +
      '\t\tiifname "internet" oifname "mynumber" ip saddr 10.30.0.7 tcp dport 3389 accept\n\t}\n}\n'
    const plan = await planOf({ text: foreign }, TEXT)
    const here = plan.changes.filter(
      ({ pair, effect }) =>
        pair === 'インターネット接続系 → マイナンバー利用事務系' && effect === 'loses',
    )
    const sentences = here.flatMap((one) => one.sentences.map(({ sentence }) => sentence))
    expect(sentences).toContain('10.30.0.7からどのアドレス（IPv4）へ、TCP 3389が通らなくなります。')
    expect(sentences.some((one) => one.includes('つながっている通信の続きや返事'))).toBe(true)
    expect(plan.findings).toBeUndefined()
  })

  it('tells findings of check that come and those that go', async () => {
    const worse = TEXT.replace(
      '[lgwan, internet], default: deny, logDenied: true',
      '[lgwan, internet], default: deny, logDenied: false',
    )
    const [away, back] = [await planOf({ town: TEXT }, worse), await planOf({ town: worse }, TEXT)]
    expect(away.findings?.appear.length).toBeGreaterThan(0)
    expect(back.findings?.vanish).toEqual(away.findings?.appear)
  })
})

/** Hands that change a text: what the proof tells apart, a plan must tell of. */
const HANDS: readonly (readonly [string, (text: string) => string])[] = [
  ['nothing', (text) => text],
  [
    'an element taken out',
    (text) => text.replace(/\t\t\t10\.30\.\S+ .* comment "hp-publish",?\n/u, ''),
  ],
  [
    'a prefix wider',
    (text) => text.replaceAll('198.51.100.0/28 . tcp . 25 ', '198.51.100.0/27 . tcp . 25 '),
  ],
  [
    'answers without a connection',
    (text) => text.replace('ct state established ct direction reply', 'ct direction reply'),
  ],
  [
    'a related redirect',
    (text) => text.replace('icmp type { 3, 11, 12 }', 'icmp type { 3, 5, 11, 12 }'),
  ],
  ['spoofed senders let in', (text) => text.replace('\t\tjump spoofs\n', '')],
  ['IPv6 open', (text) => text.replace('\t\tjump spoofs\n', '\t\tmeta nfproto ipv6 accept\n')],
  [
    'a limit by rate',
    (text) => text.replace('\t\tjump spoofs\n', '\t\tlimit rate 5/second accept\n'),
  ],
  ['other counters only', (text) => text.replaceAll('packets 0', 'packets 1')],
]

describe('what is compared', () => {
  let declared: ReturnType<typeof declare>
  let rules: string
  beforeAll(() => {
    declared = declare(reading(TEXT).town, { at: AT })
    rules = writeNftables(declared)
  })
  const filterOf = async (text: string) => readNftables(await listingOf(text), { at: noon(AT) })

  it.each(HANDS)(
    '%s: something is told exactly when the proof finds a difference',
    async (_, hand) => {
      const [before, after] = [await filterOf(hand(rules)), await filterOf(rules)]
      const changes = compareFilters({ before, after, declared })
      expect(changes.length === 0).toBe(prove(declared, before).kind === 'equal')
      const back = compareFilters({ before: after, after: before, declared })
      expect(back.length === 0).toBe(changes.length === 0)
      for (const { effect, others, rest } of changes) {
        for (const region of [...others, ...(rest ? [rest] : [])]) {
          const [was, is] = [
            trace(before, cornerOf(region)).ends,
            trace(after, cornerOf(region)).ends,
          ]
          expect(effect === 'gains' ? was : is).not.toBe('accept')
          expect(effect === 'gains' ? is : was).not.toBe('deny')
          expect(was).not.toBe(is)
        }
      }
    },
  )
})

const cornerOf = (region: Cell): Packet =>
  Object.fromEntries(Object.entries(region).map(([field, { from }]) => [field, from])) as Packet

describe('a plan from a file', () => {
  let plan: Plan
  beforeAll(async () => {
    plan = await planOf({ town: TEXT }, OTHER_PORT)
  })
  const reasonOf = (changed: Plan, now = NOW): string | undefined => {
    const read = readPlan(writePlan(changed))
    return read.ok ? refusePlan(read.plan, now)?.rule : read.finding.rule
  }

  it('is the plan that was written, and may be applied on its day', () => {
    const read = readPlan(writePlan(plan))
    expect(read.ok && planDigest(read.plan)).toBe(planDigest(plan))
    expect(reasonOf(plan)).toBeUndefined()
  })

  it.each([
    ['a word of it', (text: string) => text.replace('メールサーバー', 'めーるサーバー')],
    ['its rules', (text: string) => text.replace('tcp . 587', 'tcp . 0-65535')],
    ['its day', (text: string) => text.replace(`"at": "${AT}"`, '"at": "2026-11-26"')],
  ])('is refused when %s was changed', (_, change) => {
    const text = change(writePlan(plan))
    expect(text).not.toBe(writePlan(plan))
    expect(readPlan(text)).toMatchObject({ ok: false, finding: { rule: 'NET-PLAN-CHANGED' } })
  })

  it.each(['', '{', 'null', '[]', '{"sekisho":"1","kind":"FirewallPlan"}', '\0\0'])(
    'is refused when it is none: %j',
    (text) => {
      expect(readPlan(text)).toMatchObject({ ok: false, finding: { rule: 'NET-PLAN-UNREADABLE' } })
    },
  )

  it('is refused when it was made by hand, whatever its digests say', () => {
    const text = plan.text.replace('tcp . 587', 'tcp . 0-65535')
    expect(reasonOf({ ...plan, text, textDigest: sha256(text) })).toBe('NET-PLAN-CHANGED')
    const town = { ...plan.town, text: TEXT }
    expect(reasonOf({ ...plan, town })).toBe('NET-PLAN-CHANGED')
    const named = { ...plan.town, digest: 'e'.repeat(64) }
    expect(reasonOf({ ...plan, town: named })).toBe('NET-PLAN-CHANGED')
  })

  it.each([
    ['another day', {}, { ...NOW, today: '2026-11-26' }, 'NET-PLAN-DAY'],
    ['other rules', {}, { ...NOW, rules: 'd'.repeat(64) }, 'NET-PLAN-RULES'],
    ['no proof', { unproved: [refusal('NET-GONE', {})] }, NOW, 'NET-PLAN-UNPROVED'],
    ['a red test', { tests: [{ name: '試験', green: false, reason: '' }] }, NOW, 'NET-PLAN-TESTS'],
  ] as const)('is refused with %s', (_, change, now, reason) => {
    expect(reasonOf({ ...plan, ...change }, now)).toBe(reason)
  })

  it('is refused when the declaration fails its own test, also when the plan does not say so', async () => {
    const red = TEXT.replace(
      /(\ntests:\n)/u,
      "$1  - { name: 出られない, from: 'zone:internet', to: internet, expect: 差止め }\n",
    )
    expect(red).not.toBe(TEXT)
    const made = await planOf({ town: TEXT }, red)
    expect(made.tests.some(({ green }) => !green)).toBe(true)
    expect(reasonOf({ ...made, tests: [] })).toBe('NET-PLAN-TESTS')
  })
})
