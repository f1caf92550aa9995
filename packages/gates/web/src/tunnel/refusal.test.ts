import { createHash } from 'node:crypto'
import type { Finding } from '@sekisho/core'
import { describe, expect, it } from 'vitest'
import words from '../../words/tunnel.json' with { type: 'json' }
import { applicationAddress } from './application.ts'
import { KEPT_MS, LatestRefusals } from './latest-refusals.ts'
import type { TunnelRecord } from './gatekeeper.ts'
import { refusalsHtml, unknownHtml } from './refusal-page.ts'
import {
  TUNNEL_REASONS,
  refusalAnswer,
  refusalPage,
  refusalProblem,
  showsPage,
  toldRefusal,
  tunnelWords,
  wantsJson,
} from './refusal.ts'

const HOSTILE = "</dd><script>alert(1)</script>\u202e\"onload='x'&.example:443"
const finding: Finding = {
  rule: 'X11-LISTED',
  clause: '第3編 第2章 3',
  edition: 'R8.3',
  verified: false,
  severity: 'required',
  effect: 'refuse',
  message: 'このサイトは、一覧に入っていません。',
  cure: { sentence: '利用を申請してください。', who: 'it-officer' },
}
const refused = { reason: 'X11-LISTED', finding }
const who = {
  gate: '関所',
  clerk: '担当職員',
  approver: '承認者',
  'it-officer': '情報担当',
  ciso: 'CISO',
  sender: '送り主',
  vendor: '委託先',
}

describe('what a program of a page is told inside a connection that is read', () => {
  it.each([
    [
      'a page',
      [
        ['sec-fetch-dest', 'document'],
        ['accept', 'text/html'],
      ],
      true,
    ],
    ['a frame', [['sec-fetch-dest', 'iframe']], true],
    [
      'a program of a page, whatever it accepts',
      [
        ['sec-fetch-dest', 'empty'],
        ['accept', 'text/html'],
      ],
      false,
    ],
    ['a picture', [['sec-fetch-dest', 'image']], false],
    ['a program that names JSON', [['accept', 'application/json']], false],
    ['a program that names a kind of JSON', [['accept', 'application/vnd.a+json, */*']], false],
    ['curl', [['accept', '*/*']], true],
    ['somebody who says nothing', [], true],
  ] as const)('%s is known by its fields', (_, fields, page) => {
    expect(showsPage(fields)).toBe(page)
  })

  it('the four lines are in the problem, and all of them in its one text (RFC 9457)', () => {
    const { status, headers, body } = refusalProblem(refused, 'W-1-1', { who })
    expect([status, headers['content-type']]).toEqual([
      403,
      'application/problem+json; charset=utf-8',
    ])
    const problem = JSON.parse(body) as Readonly<Record<string, string>>
    expect(problem).toMatchObject({
      type: 'about:blank',
      status: 403,
      title: tunnelWords('').what,
      why: finding.message,
      cure: finding.cure.sentence,
      who: '情報担当',
      number: 'W-1-1',
      reason: 'X11-LISTED',
    })
    for (const line of [finding.message, finding.cure.sentence, '情報担当', 'W-1-1'])
      expect(problem['detail']).toContain(line)
  })
})

describe('what a terminal is told', () => {
  it('names rule, clause, sentence, cure, who may do it, and a number, on the page and as text and as JSON', () => {
    const more = { who, target: 'a.example:443', page: 'http://gate:8080/refused/W-1-1' }
    const parts = [
      finding.rule,
      finding.clause,
      finding.message,
      finding.cure.sentence,
      who['it-officer'],
      'W-1-1',
    ]
    const page = refusalPage(refused, 'W-1-1', more).body
    const text = refusalAnswer(refused, 'W-1-1', more).toString()
    const json = refusalAnswer(refused, 'W-1-1', { ...more, accept: 'application/json' }).toString()
    for (const part of parts) {
      expect(page).toContain(part)
      expect(text).toContain(part)
      expect(json).toContain(part)
    }
    expect(text).toContain(more.page)
    expect(JSON.parse(json.slice(json.indexOf('\r\n\r\n')))).toMatchObject({
      kind: 'CloudRefusal',
      who: '情報担当',
      verified: false,
    })
    expect(page).toContain(words.unverified)
  })

  it('is a page without script or anything from elsewhere, and its policy allows no more', () => {
    const { headers, body } = refusalPage(refused, 'W-1-1', { who, target: HOSTILE })
    const style = /<style>([^]*?)<\/style>/u.exec(body)?.[1] ?? ''
    const digest = createHash('sha256').update(style).digest('base64')
    expect(headers['content-security-policy']).toBe(
      `default-src 'none'; style-src 'sha256-${digest}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
    )
    expect(body).not.toMatch(/<script|<img|<link|style=|src=|\bon\w+="|url\(|@import/u)
    expect(headers['cache-control']).toBe('no-store')
  })

  it('shows a hostile name as letters and never as markup or turned around', () => {
    const told = toldRefusal(refused, 'W-1-1', { target: HOSTILE, at: '15:00' })
    for (const { body } of [
      refusalPage(refused, 'W-1-1', { target: HOSTILE }),
      refusalsHtml([told], { known: true }),
    ]) {
      expect(body).not.toContain('<script')
      expect(body).not.toContain('\u202e')
      expect(body).toContain('〔U+202E〕')
    }
  })

  it.each(TUNNEL_REASONS)('%s is said in plain lines, with somebody who may do it', (reason) => {
    const { what, why, cure, who: actor } = tunnelWords(reason)
    for (const sentence of [what, why, cure]) {
      expect(sentence).toMatch(/。$/u)
      expect(sentence).not.toMatch(/エラー|不正|違反|拒否|失敗|アップロード|サニタイズ/u)
      for (const one of sentence.split(/(?<=。)/u)) expect([...one].length).toBeLessThanOrEqual(60)
    }
    expect(Object.keys(who)).toContain(actor)
  })

  it('is JSON only for who asked for it and for no page', () => {
    expect(wantsJson('application/json')).toBe(true)
    expect(wantsJson('text/html,application/xhtml+xml,application/json;q=0.9')).toBe(false)
    expect(wantsJson('*/*')).toBe(false)
    expect(wantsJson(undefined)).toBe(false)
  })
})

describe('［利用を申請する］', () => {
  const about = {
    number: 'W-1-1',
    reason: 'X11-LISTED',
    target: 'a.example:443',
    service: '',
    pattern: undefined,
  }

  it('opens the form with what is known, and leaves out what is not', () => {
    const url = new URL(applicationAddress('https://s.example/decide/breakout', about) ?? '')
    expect(Object.fromEntries(url.searchParams)).toEqual({
      subject: 'a.example:443',
      refused: 'W-1-1',
      breakoutPath: 'direct',
      breakoutListed: 'false',
    })
    const listed = { ...about, reason: 'X11-PERSON', service: 'teams', pattern: 'communication' }
    const more = new URL(
      applicationAddress('https://s.example/?a=b', { ...listed, pattern: 'communication' }) ?? '',
    )
    expect(more.searchParams.get('breakoutPattern')).toBe('communication')
    expect(more.searchParams.get('service')).toBe('teams')
    expect(more.searchParams.get('a')).toBe('b')
  })

  it('can not be led elsewhere by a name, nor given more fields', () => {
    const url = new URL(
      applicationAddress('https://s.example/f', { ...about, target: 'x&subject=y#\u202e?z=1' }) ??
        '',
    )
    expect(url.origin + url.pathname + url.hash).toBe('https://s.example/f')
    expect(url.searchParams.getAll('subject')).toEqual(['x&subject=y#〔U+202E〕?z=1'])
    expect(url.searchParams.has('z')).toBe(false)
  })

  it('is not offered where a decision would lift nothing', () => {
    for (const reason of ['X11-CUT', 'X11-SNI', 'X11-TWIN', 'WEB-WHO', 'WEB-CLOSED'])
      expect(applicationAddress('https://s.example/f', { ...about, reason })).toBeUndefined()
  })
})

describe('the latest refusals', () => {
  const entry = (number: string, from: string, client: string): TunnelRecord => ({
    number,
    kind: 'refused',
    client,
    department: '',
    from,
    target: 'a.example:443',
    service: '',
    address: '',
    reason: 'X11-LISTED',
    up: 0,
    down: 0,
  })

  it('are those of this terminal and this person, newest first, for an hour', () => {
    let now = 1_000
    const latest = new LatestRefusals(() => now)
    latest.keep(entry('1', '10.0.0.1', 's0001'), undefined)
    latest.keep(entry('2', '10.0.0.1', 's0002'), undefined)
    latest.keep(entry('3', '10.0.0.2', 's0001'), undefined)
    latest.keep(entry('4', '10.0.0.1', ''), undefined)
    const numbers = (from: string, person: string | undefined): readonly string[] =>
      latest.of(from, person).map((one) => one.entry.number)
    expect(numbers('10.0.0.1', 's0001')).toEqual(['4', '1'])
    expect(numbers('10.0.0.1', 's0002')).toEqual(['4', '2'])
    expect(numbers('10.0.0.1', undefined)).toEqual(['4'])
    expect(numbers('10.0.0.9', 's0001')).toEqual([])
    now += KEPT_MS + 1
    expect(numbers('10.0.0.1', 's0001')).toEqual([])
  })

  it('hold a bounded number, whoever asks for how much', () => {
    const latest = new LatestRefusals(() => 0)
    for (let one = 0; one < 3_000; one += 1)
      latest.keep(entry(String(one), `10.0.${one >> 8}.${one & 255}`, 's0001'), undefined)
    for (let one = 0; one < 200; one += 1)
      latest.keep(entry(String(one), '10.9.9.9', 's0001'), undefined)
    expect(latest.of('10.9.9.9', 's0001')).toHaveLength(50)
    expect(latest.of('10.0.0.0', 's0001')).toEqual([])
    expect(latest.size).toBe(2_000)
  })

  it('says the same of a number of somebody else and of one that never was', () => {
    expect(unknownHtml('W-1-1').body.replaceAll('W-1-1', '')).toBe(
      unknownHtml('W-2-2').body.replaceAll('W-2-2', ''),
    )
  })
})
