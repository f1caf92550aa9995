import { verifyClean } from '@sekisho/disarm/verify'
import { describe, expect, it } from 'vitest'
import { mailCases, readBack, rebuildCase } from './case.test-support.ts'

const people = (list: readonly { name: string; address: string | undefined }[]): string =>
  list.map(({ name, address }) => `${name} <${address ?? ''}>`.trim()).join(', ')

describe('each mail of the corpus', () => {
  it.each(mailCases())('%s', async (_name, one) => {
    const outcome = await rebuildCase(one)
    const { expect: wanted } = one
    if (!outcome.ok) return expect(outcome.reason).toBe(wanted.result)
    expect(wanted.result ?? 'message').toBe('message')
    expect(verifyClean(outcome.message, 'eml')).toMatchObject({ clean: true })
    const { header, text, items } = readBack(outcome)
    if (wanted.subject !== undefined) expect(header.subject).toBe(wanted.subject)
    if (wanted.from !== undefined) expect(people(header.from)).toBe(wanted.from)
    if (wanted.to !== undefined) expect(people(header.to)).toBe(wanted.to)
    for (const words of wanted.text ?? []) expect(text).toContain(words)
    for (const words of wanted.notText ?? []) expect(text).not.toContain(words)
    const rows = outcome.certificate.parts.map(({ part, type, fate, reason }) =>
      [part, type, fate, ...(reason === undefined ? [] : [reason])].join(' '),
    )
    if (wanted.parts) expect(rows).toEqual(wanted.parts)
    if (wanted.pickUps)
      expect(outcome.pickUps.map(({ name, kind, will }) => `${name} ${kind} ${will}`)).toEqual(
        wanted.pickUps,
      )
    if (wanted.attached)
      expect(items.flatMap((item) => (item.kind === 'file' ? [item.name] : []))).toEqual(
        wanted.attached,
      )
    expect(outcome.certificate.flattened.map(({ part, reason }) => `${part} ${reason}`)).toEqual(
      wanted.flattened ?? [],
    )
  })

  it('there are more than sixty', () => {
    expect(mailCases().length).toBeGreaterThan(60)
  })
})
