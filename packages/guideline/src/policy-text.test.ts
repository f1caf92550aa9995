import { describe, expect, it } from 'vitest'
import { splitPolicies } from './policy-text.ts'
import { readRule } from './rule.ts'
import type { Rule } from './rule.ts'

describe('taking a rule file apart', () => {
  it('is not fooled by a semicolon, an @ or a comment mark inside a string', () => {
    const [policy, ...others] = splitPolicies(
      'a',
      '@id("x;//@y") forbid (principal, action, resource);',
    )
    expect(policy?.annotations.get('id')).toBe('x;//@y')
    expect(others).toEqual([])
  })

  it('is not fooled by a semicolon or a policy inside a comment', () => {
    const source =
      '// permit(a);\n@id("A")\n// forbid;\nforbid (principal, action, resource); // end;\n'
    const policies = splitPolicies('a', source)
    expect(policies.map(({ effect }) => effect)).toEqual(['forbid'])
  })

  it('stops at what does not end, is said twice or is no policy', () => {
    for (const source of [
      '@id("A) forbid (principal, action, resource);',
      '@id("A") forbid (principal, action, resource)',
      '@id("A") @id("B") forbid (principal, action, resource);',
      '@id("A\\n") forbid (principal, action, resource);',
      '@id(A) forbid (principal, action, resource);',
      '@id("A") allow (principal, action, resource);',
      ';',
    ])
      expect(() => splitPolicies('a.cedar', source)).toThrow('a.cedar')
  })

  it('does not read a file beyond its bound', () => {
    expect(() => splitPolicies('a.cedar', ' '.repeat(200_001))).toThrow('too long')
  })
})

describe('a mistyped annotation stops the start, it never weakens a rule', () => {
  const good = {
    id: 'ZN-99',
    clause: 'c',
    edition: 'R8.3',
    editions: 'R2.12..R7.3',
    models: 'α β′',
    severity: 'required',
    effect: 'refuse',
    verified: 'false',
    who: 'clerk',
    source: 's',
    mend: 'a=true n>=2 w=word',
  }

  it('reads a good rule', () => {
    expect(read(good)).toMatchObject({
      kind: 'forbid',
      key: 'ZN-99',
      question: 'place',
      from: 'R2.12',
      until: 'R7.3',
      models: ['α', 'β′'],
      needs: [
        { fact: 'a', comparison: 'equal', value: true },
        { fact: 'n', comparison: 'at-least', value: 2 },
        { fact: 'w', comparison: 'equal', value: 'word' },
      ],
    })
  })

  for (const [name, value] of Object.entries({
    edition: 'R9.3',
    editions: 'R2.12',
    models: 'γ',
    severity: 'mild',
    effect: 'note',
    verified: 'yes',
    who: 'everyone',
    gate: 'open',
    mend: 'a:true',
    part2: 'unknown annotation',
  }))
    it(`@${name}("${value}")`, () => {
      expect(() => read({ ...good, [name]: value })).toThrow('a.cedar: ZN-99')
    })

  for (const name of Object.keys(good).filter((key) => key !== 'id'))
    it(`@${name} left out`, () => {
      expect(() => read({ ...good, [name]: undefined })).toThrow('a.cedar: ZN-99')
    })

  it('a rule about no question or an unknown one', () => {
    expect(() => read(good, 'action')).toThrow('action')
    expect(() => read(good, 'action == Sekisho::Action::"anything"')).toThrow('action')
  })
})

function read(
  notes: Readonly<Record<string, string | undefined>>,
  action = 'action == Sekisho::Action::"place"',
): Rule | undefined {
  const annotations = Object.entries(notes)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `@${name}("${value ?? ''}")`)
  const source = `${annotations.join('\n')}\nforbid (principal, ${action}, resource);`
  return splitPolicies('a.cedar', source).map((policy) => readRule('a.cedar', policy))[0]
}
