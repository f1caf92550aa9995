import type { Answer, Question } from '@sekisho/core'
import { describe, expect, test } from 'vitest'
import { checkTown, spreadOf, type Spread } from '../index.ts'
import { DAY, fileText, readable, yamlFiles } from '../corpus.test-support.ts'

const FOLDER = 'corpus/town/chains'
const names = yamlFiles(FOLDER).map((file) => file.replace('.yaml', ''))
const textOf = (name: string): string => fileText(`${FOLDER}/${name}.yaml`)
const townOf = (name: string) => readable(textOf(name)).town
const spreadIn = (name: string): Spread => spreadOf(townOf(name), { at: DAY })

const inIds = ({ chains }: Spread) =>
  chains.map((chain) => ({
    rule: chain.rule,
    what: chain.label.kind === 'class' ? `${chain.label.level}/${chain.label.personal}` : 'outside',
    assets: chain.assets.map((asset) => asset.id),
    from: chain.from,
    steps: chain.steps.map((step) => `${step.kind}:${step.id}`),
    to: chain.to,
    result: chain.result,
    rules: chain.rules,
  }))

describe('the towns of the corpus', () => {
  test.each(names)('%s has exactly the chains written beside it', (name) => {
    const expected = JSON.parse(fileText(`${FOLDER}/${name}.expect.json`))
    const findings = checkTown(readable(textOf(name)), { at: DAY }).findings
    const chained = findings.filter(({ rule }) => rule.startsWith('CH-'))
    expect({
      chains: inIds(spreadIn(name)),
      findings: chained.map(({ rule, path }) => `${rule} ${path}`),
    }).toEqual(expected)
  })
})

const chainsIn = (name: string) => spreadIn(name).chains
const findingsIn = (name: string) =>
  checkTown(readable(textOf(name)), { at: DAY }).findings.filter(({ rule }) =>
    rule.startsWith('CH-'),
  )

describe('a chain in words', () => {
  test('says where it begins, what each step does, and where it ends', () => {
    expect(chainsIn('mynumber_leaves_by_fixed_flow_and_file_gate')[0]?.sentences).toEqual([
      '「住民基本台帳」（自治体機密性3B）は「住民記録システム」にあります。',
      '特定通信「renkeiの通信」で「庁内連携サーバー」へ渡せます。',
      'ファイルの関所「file-out」で「インターネット接続系」へ渡せます。',
      '「インターネット接続系」は、この分類を置ける場所ではありません。',
    ])
  })
  test('says that nothing from the Internet may come to the My Number zone, cured or not', () => {
    const [, further] = chainsIn('into_lgwan_and_on_to_mynumber')
    expect(further?.sentences.at(-1)).toBe(
      '「住民記録システム」とインターネットの間には、道を作れません。',
    )
  })
  test('counts assets of one label in one place', () => {
    const town = townOf('cyclic_town')
    const assets = [...town.assets, { ...town.assets[0]!, id: 'a', name: '勤怠の記録' }]
    const { chains } = spreadOf({ ...town, assets }, { at: DAY })
    const chain = chains.find(({ rule }) => rule === 'CH-OUT')
    expect(chain?.assets.map((asset) => asset.id)).toEqual(['a', 'kyuyo'])
    expect(chain?.sentences[0]).toContain('「勤怠の記録」ほか1件')
  })
  test('shows a name that would reorder the line, and fills no placeholder that a name brings', () => {
    const town = townOf('cyclic_town')
    const assets = [{ ...town.assets[0]!, name: '\u202E{place}$&' }]
    const { chains } = spreadOf({ ...town, assets }, { at: DAY })
    const chain = chains.find(({ rule }) => rule === 'CH-OUT')
    expect(chain?.sentences[0]).toContain('「U+202E{place}$&」')
  })
})

describe('a chain in a check', () => {
  test('stands on the line of the first step that the town can change', () => {
    const name = 'mynumber_leaves_through_lgwan_asp'
    const [finding] = findingsIn(name)
    expect(textOf(name).split('\n')[finding!.line! - 1]).toContain('id: b-asp')
  })
  test('refuses the town, and carries the clause of the rule that says no', () => {
    const checked = checkTown(readable(textOf('two_flows_make_a_leak')), { at: DAY })
    expect(checked.findings.find(({ rule }) => rule === 'CH-OUT')).toMatchObject({
      effect: 'refuse',
      severity: 'required',
      verified: false,
    })
    expect(findingsIn('two_flows_make_a_leak')[0]?.clause).toMatch(/^第3編 第2章/u)
  })
  test('holds what a person may decide', () => {
    const findings = findingsIn('class_2_to_the_internet_is_asked')
    const finding = findings.find(({ rule }) => rule === 'CH-OUT')
    expect(finding).toMatchObject({ effect: 'hold', severity: 'advisory' })
    expect(finding?.message).toContain('置いてよいか決まっていない')
  })
  test('is one of many at its step: the gravest is told and the others are counted', () => {
    const [finding, ...others] = findingsIn('file_server_breaks_out_to_terms_service')
    expect(others).toEqual([])
    expect(finding?.message).toContain('入札予定価格')
    expect(finding?.message).toContain('ほかに1本あります')
  })
  test('is not hidden by a missing registration when it leads further than that', () => {
    const name = 'mynumber_leaves_by_fixed_flow_and_file_gate'
    const unregistered = textOf(name).replace(/^ +fixed: .*\n/mu, '')
    const rules = checkTown(readable(unregistered), { at: DAY }).findings.map(({ rule }) => rule)
    expect(rules).toContain('ZN-02')
    expect(rules).toContain('CH-OUT')
  })
  test('is not hidden by ZN-01 when it goes through a gate', () => {
    const gate = 'gates:\n  file:\n    - { id: out, from: lgwan, to: internet, method: none }\n'
    const findings = checkTown(readable(textOf('zn_01_already_says_so') + gate), {
      at: DAY,
    }).findings
    expect(findings.map(({ rule, path }) => `${rule} ${path}`)).toContain('CH-OUT gates.file[0]')
  })
  test('is a refusal also when the judge fails without a word', () => {
    const failed = { result: 'refuse', basis: 'error', findings: [], errors: ['X'] } as const
    const passed = { result: 'pass', basis: 'permitted', findings: [], errors: [] } as const
    const judge = {
      ask: ({ facts }: Question): Answer => {
        const fails = 'place' in facts && facts.place === 'internet'
        return { ...(fails ? failed : passed), determining: [] }
      },
    }
    const read = readable(textOf('two_flows_make_a_leak'))
    const { result, findings } = checkTown(read, { judge, at: DAY })
    expect(result).toBe('refuse')
    expect(findings).toMatchObject([{ rule: 'CH-OUT', effect: 'refuse', verified: false }])
    expect(spreadOf(read.town, { judge, at: DAY }).chains[0]?.rules).toEqual(['error'])
  })
})

const rulesAndPaths = (text: string) =>
  checkTown(readable(text), { at: DAY }).findings.map(({ rule, path }) => `${rule} ${path}`)

describe('another finding hides a chain only when mending it ends the chain', () => {
  test('a missing registration does not hide a cloud service that may not hold the class', () => {
    const text = textOf('unregistered_flow_to_lgwan_peer')
      .replace('internetCapable: false', 'internetCapable: false, service: chat')
      .replace(
        'assets:',
        'services:\n  - { id: chat, name: 無料のチャット, kind: terms, dataCentre: 国外, withinJapaneseLaw: false }\nassets:',
      )
    expect(rulesAndPaths(text)).toEqual(
      expect.arrayContaining(['ZN-02 flows[0]', 'CH-OUT flows[0]']),
    )
  })
  test('a flow without a purpose does not hide where it leads', () => {
    const text = textOf('class_2_to_the_internet_is_asked').replace(/^ +purpose: .*\n/mu, '')
    expect(rulesAndPaths(text)).toEqual(
      expect.arrayContaining(['ZN-06 flows[0]', 'CH-OUT flows[0]']),
    )
  })
})

describe('what a crossing carries', () => {
  const endsOf = (text: string) =>
    spreadOf(readable(text).town, { at: DAY }).chains.map(({ rule, to }) => `${rule} ${to}`)
  test.each(['clipboard', 'file', 'drive'])('a screen with %s on carries both ways', (way) => {
    const text = textOf('screen_with_clipboard').replace('clipboard: true', `${way}: true`)
    expect(endsOf(text)).toEqual(['CH-IN zone:lgwan', 'CH-OUT zone:internet'])
  })
  test('a mail that keeps its form is not cured by losing its attachments', () => {
    const kept = 'attachments: remove, body: html'
    const text = textOf('mail_gate_keeps_attachments').replace(
      /attachments: keep, body: text/u,
      kept,
    )
    expect(endsOf(text)).toEqual(['CH-IN zone:lgwan'])
  })
  test('one of two mail gates that keeps attachments is enough to doubt the relay', () => {
    const other = '    - { id: other, from: internet, to: lgwan, attachments: keep }\n'
    expect(endsOf(textOf('mail_relay_behind_mail_gate') + other)).toContain('CH-IN system:lg-mail')
  })
  test.each(['ports: any', 'ports: [25]\n    protocol: udp'])(
    'a relay with %s is not only mail',
    (ports) => {
      const text = textOf('mail_relay_behind_mail_gate').replace('ports: [25]', ports)
      expect(endsOf(text)).toEqual(['CH-IN system:lg-mail'])
    },
  )
})

describe('examples', () => {
  test('nothing in kasumi goes where it may not; one asset is kept where it may not be', () => {
    const { town } = readable(fileText('examples/kasumi/town.yaml'))
    const { chains } = spreadOf(town, { at: DAY })
    expect(chains.map(({ id, steps }) => [id, steps.length])).toEqual([
      ['CH-OUT 2/none service:form service:form', 0],
    ])
  })
  test('a service whose papers are not yet dated is not yet a place', () => {
    const { town } = readable(textOf('breakout_to_registered_service'))
    expect(spreadOf(town, { at: DAY }).chains).toEqual([])
    const rules = spreadOf(town, { at: '2026-03-31' }).chains.map((chain) => chain.rules)
    expect(rules).toEqual([['PL-DUTIES', 'PL-ISMAP']])
  })
})
