import { describe, expect, it } from 'vitest'
import { nameAsker } from './name-asker.ts'

const fails = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }))

describe('questions to DNS for a side that may belong to an attacker', () => {
  it.each([
    ['another kind of record', 'example.com', 'ANY'],
    ['a name with a space', 'a b.example', 'TXT'],
    ['a name that is too long', `${'a'.repeat(63)}.`.repeat(5), 'TXT'],
    ['a label that is too long', `${'a'.repeat(64)}.example`, 'TXT'],
    ['no name', '', 'TXT'],
  ])('%s is asked of nobody', async (_, name, type) => {
    const asked: string[] = []
    const names = nameAsker({ servers: undefined, resolve: async (one) => asked.push(one) })
    expect(await names.ask(name, type)).toEqual({ ok: false, code: 'ENOTFOUND' })
    expect(asked).toEqual([])
  })

  it('without a server nobody is asked', async () => {
    expect(await nameAsker({ servers: [] }).ask('example.com', 'TXT')).toMatchObject({ ok: false })
  })

  it('no more than so many wait at once', async () => {
    let asked = 0
    const names = nameAsker({
      servers: undefined,
      resolve: () => {
        asked += 1
        return new Promise(() => undefined)
      },
    })
    const all = Array.from({ length: 500 }, () => names.ask('example.com', 'TXT'))
    expect(await all.at(-1)).toEqual({ ok: false, code: 'ETIMEOUT' })
    expect(asked).toBe(64)
  })

  it('a flood of words is no answer', async () => {
    const names = nameAsker({ servers: undefined, resolve: async () => [['x'.repeat(70_000)]] })
    expect(await names.ask('example.com', 'TXT')).toEqual({ ok: false, code: 'EBADRESP' })
  })

  it('when nobody answers, later mails do not wait for it; after a while it is tried again', async () => {
    let now = 0
    let asked = 0
    let there = false
    const names = nameAsker({
      servers: undefined,
      clock: () => now,
      resolve: () => {
        asked += 1
        return there ? Promise.resolve([['v=spf1 -all']]) : fails('ETIMEOUT')()
      },
    })
    for (let count = 0; count < 20; count++) await names.ask('example.com', 'TXT')
    expect(asked).toBe(4)
    there = true
    now += 30_000
    expect(await names.ask('example.com', 'TXT')).toEqual({ ok: true, records: [['v=spf1 -all']] })
  })

  it('that there is nothing is an answer', async () => {
    const names = nameAsker({ servers: undefined, resolve: fails('ENOTFOUND') })
    for (let count = 0; count < 20; count++)
      expect(await names.ask('example.com', 'TXT')).toEqual({ ok: false, code: 'ENOTFOUND' })
  })
})
