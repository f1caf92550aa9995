import { SekishoError } from '@sekisho/core'
import { describe, expect, it } from 'vitest'
import { createJudge } from './judge.ts'
import { SAMPLES } from './samples.test-support.ts'
import type { TownRule } from './town-rule.ts'
import { validateRules } from './validate.ts'

const GOOD: TownRule = {
  id: 'TOWN-NO-MACRO',
  text: `forbid (principal, action == Sekisho::Action::"cross", resource)
    when { context.kind == "file" && context.activeRemoved > 0 };`,
  message: '動くものが入っていたファイルは受け取りません。',
  cure: '送り主に、動くもののない形で送り直してもらってください。',
  who: 'sender',
  clause: '香澄町情報セキュリティ対策基準',
}
const cedar = (text: string): TownRule => ({ ...GOOD, text })

describe('the rules of the guideline', () => {
  it('are all sound', () => {
    expect(validateRules()).toEqual([])
  })
})

describe("a town's own rule", () => {
  it('can forbid what the guideline permits, in its own words', () => {
    const facts = { ...SAMPLES.cross, activeRemoved: 1, approved: true }
    expect(createJudge().ask({ question: 'cross', facts }).result).toBe('pass')
    const answer = createJudge({ extraRules: [GOOD] }).ask({ question: 'cross', facts })
    expect(answer.result).toBe('refuse')
    expect(answer.findings).toEqual([
      {
        rule: 'TOWN-NO-MACRO',
        clause: '香澄町情報セキュリティ対策基準',
        edition: 'R8.3',
        verified: false,
        severity: 'required',
        effect: 'refuse',
        message: GOOD.message,
        cure: { sentence: GOOD.cure, who: 'sender' },
      },
    ])
  })

  it('can never permit, not even hidden behind a comment, a forbid or a template', () => {
    const permit = 'permit (principal, action == Sekisho::Action::"cross", resource);'
    expect(reasonsOf(cedar(permit))).toEqual(['PERMIT'])
    expect(reasonsOf(cedar(`// forbid\n${permit}`))).toEqual(['PERMIT'])
    expect(reasonsOf(cedar(`${GOOD.text}\n${permit}`))).toEqual(['NOT-ONE-POLICY'])
    expect(reasonsOf(cedar(''))).toEqual(['NOT-ONE-POLICY'])
    const template = 'permit (principal == ?principal, action, resource);'
    expect(reasonsOf(cedar(`${GOOD.text}\n${template}`))).toEqual(['NOT-ONE-POLICY'])
    expect(
      reasonsOf(
        cedar('forbid (principal == ?principal, action == Sekisho::Action::"cross", resource);'),
      ),
    ).toEqual(['NOT-ONE-POLICY'])
  })

  it('that would never fire is not accepted', () => {
    const cross = 'principal, action == Sekisho::Action::"cross", resource'
    expect(reasonsOf(about(cross, 'context.toZone == "lgwna"'))).toEqual(['UNKNOWN-VALUE'])
    expect(reasonsOf(about(cross, '["file", "fiel"].contains(context.kind)'))).toEqual([
      'UNKNOWN-VALUE',
    ])
    expect(reasonsOf(about(cross, 'context.tozone == "lgwan"'))).toEqual(['SCHEMA'])
    expect(reasonsOf(about(cross, 'context.activeRemoved > "1"'))).toEqual(['SCHEMA'])
    expect(reasonsOf(about(cross, 'false'))).toEqual(['SCHEMA'])
    expect(
      reasonsOf(about(cross.replace('principal', 'principal == Sekisho::Asker::"x"'), 'true')),
    ).toEqual(['SCOPE'])
    expect(
      reasonsOf(about(cross.replace('resource', 'resource == Sekisho::Subject::"x"'), 'true')),
    ).toEqual(['SCOPE'])
    expect(reasonsOf(about('principal, action, resource', 'true'))).toEqual(['SCOPE'])
    expect(reasonsOf(about(cross.replace('cross', 'corss'), 'true'))).toEqual(['SCOPE'])
  })

  it('cannot take the id of a rule of the guideline, nor one twice', () => {
    for (const id of ['X3-DISARM', 'NOT-PERMITTED', 'TOWN-', 'TOWN-a', 'TOWN-A\n', '__proto__'])
      expect(reasonsOf({ ...GOOD, id })).toEqual(['ID'])
    expect(validateRules([GOOD, GOOD]).map(({ reason }) => reason)).toEqual(['ID'])
  })

  it('cannot put control or direction-changing characters on a screen', () => {
    for (const message of ['', '\u202Efdp.exe', 'a\nb', 'x'.repeat(201)])
      expect(reasonsOf({ ...GOOD, message })).toEqual(['WORDS'])
  })

  it('has a bound in size and in number', () => {
    expect(reasonsOf(cedar(`${GOOD.text}${' '.repeat(10_000)}`))).toEqual(['SYNTAX'])
    const many = (count: number): TownRule[] =>
      Array.from({ length: count }, (_, n) => ({ ...GOOD, id: `TOWN-${n}` }))
    expect(validateRules(many(200))).toEqual([])
    expect(validateRules(many(201)).map(({ reason }) => reason)).toEqual(['ID'])
  })

  it('that is unsound stops the start with a closed code', () => {
    expect(startBroken).toThrow(SekishoError)
    expect(startBroken).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
  })
})

function startBroken(): unknown {
  return createJudge({ extraRules: [cedar('forbid')] })
}

function about(scope: string, when: string): TownRule {
  return cedar(`forbid (${scope}) when { ${when} };`)
}

function reasonsOf(rule: TownRule): string[] {
  return validateRules([rule]).map(({ reason }) => reason)
}
