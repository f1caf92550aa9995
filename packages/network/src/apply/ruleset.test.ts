import { describe, expect, it } from 'vitest'
import { loadNftables } from '../dialects/nftables/load.ts'
import { rulesetDigest, townInForce } from './ruleset.ts'

const TEXT = `table inet a {
	set s { type ipv4_addr; elements = { 10.0.0.1, 10.0.0.2 } }
	set learnt { type ipv4_addr; size 9; flags dynamic; }
	counter c { }
	chain f {
		type filter hook forward priority filter; policy drop;
		ip saddr @s counter accept
		tcp dport 7 add @learnt { ip saddr }
		tcp dport 22 counter name c drop
	}
}
table ip b {
	chain f { type filter hook forward priority 10; policy accept; }
}
`
const digest = async (text: string): Promise<string> => {
  const loaded = await loadNftables(text)
  if (!loaded.ok) throw new Error(loaded.says)
  return rulesetDigest(loaded.listing) ?? ''
}

describe('the digest of what a kernel holds', () => {
  it.each([
    ['what was counted', TEXT.replaceAll('counter accept', 'counter packets 7 bytes 700 accept')],
    [
      'what a named counter counted',
      TEXT.replace('counter c { }', 'counter c { packets 3 bytes 9 }'),
    ],
    [
      'the order of the elements of a set',
      TEXT.replace('10.0.0.1, 10.0.0.2', '10.0.0.2, 10.0.0.1'),
    ],
    ['which table was loaded first', TEXT.replace(/^([^]*?\n\}\n)([^]*)$/u, '$2$1')],
    [
      'what a set learnt from packets',
      TEXT.replace('flags dynamic;', 'flags dynamic; elements = { 10.9.9.9 }'),
    ],
  ])('does not change with %s', async (_, text) => {
    expect(text).not.toBe(TEXT)
    expect(await digest(text)).toBe(await digest(TEXT))
  })

  it.each([
    ['an element', TEXT.replace('10.0.0.2', '10.0.0.3')],
    ['a rule', TEXT.replace('dport 22', 'dport 23')],
    ['the order of rules', TEXT.replace(/(\t\tip saddr .*\n)(\t\ttcp .*\n)/u, '$2$1')],
    ['a policy', TEXT.replace('policy drop', 'policy accept')],
    ['a verdict', TEXT.replace('c drop', 'c accept')],
    ['a priority', TEXT.replace('priority 10', 'priority 11')],
    ['a table more', `${TEXT}table ip6 z { }\n`],
    ['nothing at all', 'flush ruleset\n'],
  ])('changes with %s', async (_, text) => {
    expect(await digest(text)).not.toBe(await digest(TEXT))
  })

  it('is none of something that is no listing', () => {
    expect(rulesetDigest('<html>')).toBeUndefined()
  })
})

describe('the town whose rules are in force', () => {
  const [ours, other] = ['a'.repeat(64), 'b'.repeat(64)]
  it('is what our own table says', () => {
    expect(townInForce(`table inet sekisho {\n\tcomment "town ${ours}"\n}\n`)).toBe(ours)
  })
  it.each([
    ['another table', `table inet other {\n\tcomment "town ${other}"\n}\n`],
    ['a set of ours', `table inet sekisho {\n\tset s {\n\t\tcomment "town ${other}"\n\t}\n}\n`],
    [
      'a table behind ours',
      `table inet sekisho {\n}\ntable inet z {\n\tcomment "town ${other}"\n}\n`,
    ],
    ['a line of its own', `comment "town ${other}"\n`],
  ])('is not what %s says', (_, text) => {
    expect(townInForce(text)).toBeUndefined()
  })
})
