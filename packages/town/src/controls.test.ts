import { loadGuideline } from '@sekisho/guideline'
import { describe, expect, test } from 'vitest'
import { checkTown, type CheckOptions } from './check.ts'
import { DAY, fileText, mendedText, mendedWith, readable } from './corpus.test-support.ts'
import { monthsBefore } from './date.ts'
import { diffEditions } from './diff-editions.ts'
import type { Edit } from './edit.ts'

const { controls } = loadGuideline()
const paper = (control: string, date = DAY) => ({ control, title: `${control} の文書`, date })
const allStated: Edit = { path: 'controls', value: controls.map(({ id }) => paper(id)) }
const model = (value: string): Edit => ({ path: 'town.model', value })

const findingsOf = (text: string, options: CheckOptions = {}) =>
  checkTown(readable(text), { at: DAY, ...options }).findings
const rulesOf = (text: string, options: CheckOptions = {}): readonly string[] =>
  findingsOf(text, options).map(({ rule }) => rule)
const askedOf = (text: string, options: CheckOptions = {}): readonly string[] =>
  checkTown(readable(text), { at: DAY, ...options }).answers.flatMap(({ question }) =>
    question.question === 'check-control' ? [question.facts.control] : [],
  )
const ids = (family: string, ...numbers: readonly number[]): readonly string[] =>
  numbers.map((number) => `${family}-${String(number).padStart(2, '0')}`)

const BASE = ['BT-11', ...ids('OP', 4, 5, 6, 7, 8), ...ids('SC', 1, 2, 3, 4)]
const ALPHA_PRIME = ids('AP', ...Array.from({ length: 14 }, (_, index) => index + 1))
const BETA = ['AP-13', 'AP-14', ...ids('BT', 1, 2, 3, 4, 6, 7, 8, 9, 10)]

describe('which controls are asked about', () => {
  test.each([
    ['α', BASE],
    ['α′', [...ALPHA_PRIME, ...BASE]],
    ['β', [...BETA, ...BASE]],
    ['β′', [...BETA, 'BT-05', ...BASE]],
  ])('%s: those of its model', (name, wanted) => {
    expect(askedOf(mendedWith(model(name))).toSorted()).toEqual(wanted.toSorted())
  })
  test('what a law or notice brought is asked for from its day, whatever the edition', () => {
    const at = (day: string) => askedOf(mendedText(), { at: day, edition: 'R7.3' })
    expect(at('2026-03-31')).not.toContain('OP-08')
    expect(at('2026-04-01')).toContain('OP-08')
    expect(at('2026-06-25')).not.toContain('SC-03')
    expect(at('2026-06-26')).toContain('SC-03')
    expect(at('2027-06-30')).not.toContain('OP-09')
    expect(at('2027-07-01')).toContain('OP-09')
  })
  test('before October 2024 nobody is asked for the controls of α′', () => {
    const older = askedOf(mendedWith(model('α′')), { edition: 'R5.3' })
    expect(older.filter((id) => id.startsWith('AP') && id < 'AP-13')).toEqual([])
  })
})

describe('a control that nothing is said of', () => {
  const none = mendedWith({ path: 'controls', remove: true })
  test('is found once each, at the list itself', () => {
    const findings = findingsOf(none)
    expect(findings.map(({ rule }) => rule).toSorted()).toEqual(BASE)
    expect(new Set(findings.map(({ path }) => path))).toEqual(new Set(['controls']))
  })
  test('passes with a paper of the day', () => {
    for (const name of ['α', 'α′', 'β', 'β′'])
      expect(
        rulesOf(mendedWith(model(name), allStated)).filter((rule) => /^(AP|BT|OP|SC)/u.test(rule)),
      ).toEqual([])
  })
})

const op04 = (...dates: readonly string[]) =>
  mendedWith({
    path: 'controls',
    value: [
      ...BASE.filter((id) => id !== 'OP-04').map((id) => paper(id)),
      ...dates.map((date) => paper('OP-04', date)),
    ],
  })

describe('a paper stands for its interval, as of the day of the check', () => {
  test.each([
    ['2025-11-22', []],
    ['2025-11-21', ['OP-04']],
    ['2026-11-23', ['OP-04']],
  ])('dated %s: %j', (date, wanted) => {
    expect(rulesOf(op04(date))).toEqual(wanted)
  })
  test('what is too old or still to come is found at its own line', () => {
    const [finding] = findingsOf(op04('2025-11-21'))
    expect(finding).toMatchObject({ rule: 'OP-04', path: 'controls[9]' })
    expect(finding?.message).toMatch(/^「OP-04 の文書」：/u)
    expect(finding?.cure.sentence).toContain('次を整えてください：期限内の見直し。')
    expect(findingsOf(op04('2026-11-23'))[0]?.path).toBe('controls[9]')
  })
  test('of several papers the newest that exists counts, wherever it is written', () => {
    expect(rulesOf(op04('2020-01-01', '2026-10-01', '2027-01-01'))).toEqual([])
    expect(findingsOf(op04('2020-01-01', '2024-10-01'))[0]?.path).toBe('controls[10]')
  })
  test('a policy reviewed before the edition came out was not reviewed after it', () => {
    const reviewed = (date: string) =>
      mendedWith({
        path: 'controls',
        value: BASE.map((id) => paper(id, id === 'BT-11' ? date : DAY)),
      })
    expect(rulesOf(reviewed('2026-03-27'))).toEqual([])
    expect(rulesOf(reviewed('2026-03-26'))).toEqual(['BT-11'])
    expect(rulesOf(reviewed('2026-03-26'), { edition: 'R7.3' })).toEqual([])
  })
  test('registered products are advice before the ordinance and law from its first day', () => {
    const severity = (at: string) =>
      findingsOf(mendedWith({ path: 'controls', remove: true }), { at }).find(
        ({ rule }) => rule === 'SC-01',
      )?.severity
    expect(severity('2027-06-30')).toBe('advisory')
    expect(severity('2027-07-01')).toBe('statutory')
  })
  test('a month without that day ends earlier', () => {
    expect(monthsBefore('2026-03-31', 1)).toBe('2026-02-28')
    expect(monthsBefore('2028-02-29', 12)).toBe('2027-02-28')
    expect(monthsBefore('2026-01-15', 3)).toBe('2025-10-15')
    expect(monthsBefore('2026-12-31', 120)).toBe('2016-12-31')
    expect(monthsBefore('0000-01-31', 2)).toBe('0000-01-31')
  })
})

/** The controls that are found to be contradicted in a town of a model with papers for everything. */
const against = (name: string, ...edits: readonly Edit[]): readonly string[] =>
  rulesOf(mendedWith(model(name), allStated, ...edits)).filter((rule) =>
    /^(?:AP|BT|OP|SC)/u.test(rule),
  )
const service = (more: object): Edit => ({
  path: 'services',
  value: [
    {
      id: 'meet',
      name: 'Web会議サービス',
      kind: 'contract',
      ismap: { registered: true, checked: '2026-04-01' },
      dataCentre: '国内',
      withinJapaneseLaw: true,
      dutiesDocument: { title: '利用判断書', date: '2026-04-01' },
      ...more,
    },
  ],
})
const asset = (place: string, level: string, personal = 'none'): Edit => ({
  path: 'assets',
  value: [
    {
      id: 'a',
      name: '名簿',
      class: `自治体機密性${level}`,
      integrity: '自治体完全性1',
      availability: '自治体可用性1',
      personal,
      place,
      owner: 'soumu',
    },
  ],
})

describe('a paper does not count against what the declaration says', () => {
  const breakout = (addresses: readonly string[], ports: unknown): readonly Edit[] => [
    service({}),
    { path: 'peers[1].service', value: 'meet' },
    { path: 'peers[1].addresses', value: addresses },
    { path: 'flows[3].via', value: ['local-breakout'] },
    { path: 'flows[3].from', value: 'host:renkei-sv' },
    { path: 'flows[3].ports', value: ports as readonly number[] },
  ]
  test.each([
    ['few addresses and ports', ['203.0.113.0/24', '2001:db8::/40'], [443, '3478-3481'], []],
    ['half the Internet', ['128.0.0.0/1'], [443], ['AP-01']],
    ['no address', [], [443], ['AP-01']],
    ['any port', ['203.0.113.0/24'], 'any', ['AP-01']],
    ['all ports in two pieces', ['203.0.113.0/24'], ['1-32767', '32768-65535'], ['AP-01']],
    ['wide in narrow pieces', ['16.0.0.0/9', '17.0.0.0/9', '18.0.0.0/9'], [443], ['AP-01']],
  ])('AP-01: a local breakout to %s', (_, addresses, ports, wanted) => {
    expect(against('α′', ...breakout(addresses, ports))).toEqual(wanted)
  })
  test('AP-01: the finding names the paper and the flow, and stands at the paper', () => {
    const text = mendedWith(model('α′'), allStated, ...breakout(['128.0.0.0/1'], [443]))
    const finding = findingsOf(text).find(({ rule }) => rule === 'AP-01')
    expect(finding?.message).toMatch(/^「AP-01 の文書」と「取引先のサイトの閲覧」：/u)
    expect(text.split('\n')[finding!.line! - 1]).toContain('AP-01')
    expect(finding?.cure.sentence).toContain('宣言との食い違いの解消')
  })
  test.each([
    ['registered and looked up this year', {}, '2', []],
    ['not registered', { ismap: { registered: false, checked: '2026-04-01' } }, '2', ['AP-02']],
    ['looked up long ago', { ismap: { registered: true, checked: '2025-11-21' } }, '2', ['AP-02']],
    ['to be looked up', { ismap: { registered: true, checked: '2026-11-23' } }, '2', ['AP-02']],
    ['with public pages only', { ismap: { registered: false, checked: '2026-04-01' } }, '1', []],
  ])('AP-02: a contract service %s', (_, more, level, wanted) => {
    expect(against('α′', service(more), asset('meet', level))).toEqual(wanted)
  })
  test('AP-02: a service that holds nothing is not in use', () => {
    expect(against('α′', service({ ismap: { registered: false, checked: DAY } }))).toEqual([])
  })
  test('AP-02: a breakout to a party that is the line of no declared service', () => {
    const nameless: Edit = { path: 'peers[1].service', remove: true }
    const text = mendedWith(
      model('α′'),
      allStated,
      ...breakout(['203.0.113.0/24'], [443]),
      nameless,
    )
    const found = findingsOf(text).find(({ rule }) => rule === 'AP-02')
    expect(found?.message).toMatch(/^「AP-02 の文書」と「取引先のサイトの閲覧」：/u)
    expect(found?.cure.sentence).toContain('接続先にサービスの名を書き')
    expect(against('β', ...breakout(['203.0.113.0/24'], [443]), nameless)).not.toContain('AP-02')
  })
  test('AP-02: the security cloud is not a service that a breakout ends at', () => {
    const cloud: readonly Edit[] = [
      ...breakout(['203.0.113.0/24'], [443]),
      { path: 'flows[3].to', value: 'peer:security-cloud' },
    ]
    expect(against('α′', ...cloud)).not.toContain('AP-02')
  })
  test('AP-05 and AP-06, BT-03: what comes in as it is', () => {
    expect(against('α′', { path: 'gates.mail[0].attachments', value: 'keep' })).toEqual(['AP-05'])
    expect(against('α′', { path: 'gates.mail[0].body', value: 'html' })).toEqual(['AP-05'])
    expect(against('α′', { path: 'gates.file[0].method', value: 'none' })).toEqual(['AP-06'])
    expect(against('β', { path: 'gates.file[0].method', value: 'none' })).toEqual(['BT-03'])
  })
  test('AP-13: a ledger in a service that may not hold it', () => {
    const terms = service({ kind: 'terms' })
    expect(against('β', terms, asset('meet', '3B', 'resident'))).toEqual(['AP-13'])
    expect(against('β', service({}), asset('meet', '3B', 'resident'))).toEqual([])
    expect(against('β', terms, asset('meet', '3B', 'staff'))).toEqual([])
  })
  test.each(['clipboard', 'file', 'drive', 'printer'])('BT-02: a screen with its %s', (key) => {
    const on: Edit = { path: `gates.screen[0].${key}`, value: true }
    const turned: readonly Edit[] = [
      { path: 'gates.screen[0].from', value: 'lgwan' },
      { path: 'gates.screen[0].to', value: 'internet' },
    ]
    expect(against('β', on)).toEqual(['BT-02'])
    expect(against('β', ...turned, on)).toEqual(['BT-02'])
    expect(against('β', ...turned)).toEqual([])
  })
  test('BT-09: what is not published of residents in the Internet zone', () => {
    expect(against('β', asset('mail', '2', 'resident'))).toEqual(['BT-09'])
    expect(against('β', asset('mail', '1', 'resident'))).toEqual([])
    expect(against('β', asset('renkei', '2', 'resident'))).toEqual([])
    expect(against('β', asset('mail', '2', 'staff'))).toEqual([])
  })
  test('SC-03: what is not published of residents outside Japanese law', () => {
    const abroad = service({ withinJapaneseLaw: false })
    expect(against('α', abroad, asset('meet', '2', 'resident'))).toEqual(['SC-03'])
    expect(against('α', abroad, asset('meet', '1', 'resident'))).toEqual([])
    expect(against('α', abroad, asset('meet', '2', 'none'))).toEqual([])
    expect(against('α', service({}), asset('meet', '2', 'resident'))).toEqual([])
  })
})

describe('two editions for one town', () => {
  const kasumi = readable(fileText('examples/kasumi/town.yaml'))
  const short = (findings: readonly { rule: string; path?: string }[]) =>
    findings.map(({ rule, path }) => `${rule} ${path}`)

  test('kasumi: with March 2025 the wireless of the counter is admitted, and back it is not', () => {
    const later = diffEditions(kasumi, 'R6.10', 'R7.3', DAY)
    expect([short(later.appear), short(later.vanish)]).toEqual([[], ['ZN-12 zones[0]']])
    const back = diffEditions(kasumi, 'R7.3', 'R6.10', DAY)
    expect([short(back.appear), short(back.vanish)]).toEqual([['ZN-12 zones[0]'], []])
  })
  test('kasumi: an edition that came out after the last review asks for a new one', () => {
    const at = '2026-03-31'
    const text = fileText('examples/kasumi/town.yaml').replace(
      'date: 2026-08-03',
      'date: 2026-01-15',
    )
    const { appear, vanish } = diffEditions(readable(text), 'R7.3', 'R8.3', at)
    expect([short(appear), short(vanish)]).toEqual([['BT-11 controls[0]'], []])
  })
  test('an edition has no difference to itself, and the day is told', () => {
    expect(diffEditions(kasumi, 'R8.3', 'R8.3', DAY)).toEqual({
      from: 'R8.3',
      to: 'R8.3',
      at: DAY,
      appear: [],
      vanish: [],
    })
  })
  test('every finding of one edition is either in the other or told', () => {
    for (const [a, b] of [
      ['R2.12', 'R8.3'],
      ['R6.10', 'R7.3'],
    ] as const) {
      const { appear, vanish } = diffEditions(kasumi, a, b, DAY)
      const of = (edition: typeof a | typeof b) =>
        short(checkTown(kasumi, { at: DAY, edition }).findings).length
      expect(of(a) + appear.length - vanish.length).toBe(of(b))
    }
  })
})
