import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { unknownHtml } from '../tunnel/refusal-page.ts'
import { inspectedPage } from './inspected-page.ts'

const page = (hosts: Readonly<Record<string, readonly string[]>>) =>
  inspectedPage({
    hosts: new Map(Object.entries(hosts)),
    readable: (host) => host !== 'waits.example',
    fingerprint: 'AA:BB',
  })

describe('the page of hosts that are read inside', () => {
  it('looks like the other pages of the gate, and its policy takes that style sheet and nothing else', () => {
    const { headers, body } = page({ 'login.example': ['確認のため'] })
    const [, style = ''] = /<style>([^<]*)<\/style>/u.exec(body) ?? []
    const digest = createHash('sha256').update(style).digest('base64')
    expect(headers).toEqual(unknownHtml('W-1-1').headers)
    expect(headers['content-security-policy']).toContain(`style-src 'sha256-${digest}'`)
    expect(headers['content-security-policy']).toContain("default-src 'none'")
    expect(body).toContain('<th scope="row">login.example</th><td>確認のため</td>')
    expect(body).toContain('AA:BB')
  })

  it('shows what a town wrote as text, with what cannot be seen written out', () => {
    const { body } = page({ 'a.example': ['<img src=x>\u202E'] })
    expect(body).not.toContain('<img')
    expect(body).not.toContain('\u202E')
    expect(body).toContain('U+202E')
  })

  it('cuts no name and no reason short: staff are told the whole of it', () => {
    const [host, why] = [`${'a'.repeat(60)}.${'b'.repeat(60)}.example`, '理'.repeat(200)]
    const { body } = page({ [host]: [why] })
    expect(body).toContain(host)
    expect(body).toContain(why)
  })

  it('says which host has to wait, and that there is none', () => {
    expect(page({ 'waits.example': ['x'] }).body).toContain('用意ができるまで')
    expect(page({ 'login.example': ['x'] }).body).not.toContain('用意ができるまで')
    expect(page({}).body).not.toContain('<table')
    expect(page({}).body).toContain('中を確かめる接続先はありません。')
  })
})
