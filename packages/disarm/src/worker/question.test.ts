import { describe, expect, it } from 'vitest'
import { toolKey } from '../family.ts'
import { joinBody, readWanted, splitBody } from './question.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

describe('what a worker wants to know from other programs', () => {
  it('is read: known tools, sizes that fit, keys made on this side', () => {
    const body = bytes('docdata')
    const wanted = readWanted(
      {
        wanted: [
          { tool: 'office:doc', size: 3 },
          { tool: 'pages', size: 4 },
        ],
      },
      body,
    )
    expect(wanted?.map(({ tool, bytes: part }) => [tool, Buffer.from(part).toString()])).toEqual([
      ['office:doc', 'doc'],
      ['pages', 'data'],
    ])
    expect(wanted?.[0]?.key).toBe(toolKey('office:doc', bytes('doc')))
  })

  const lies: readonly (readonly [string, unknown])[] = [
    ['an unknown tool', { wanted: [{ tool: 'sh', size: 7 }] }],
    ['a tool with an argument', { wanted: [{ tool: 'pages; rm -rf /', size: 7 }] }],
    ['more bytes than there are', { wanted: [{ tool: 'pages', size: 8 }] }],
    ['fewer bytes than there are', { wanted: [{ tool: 'pages', size: 6 }] }],
    ['a negative size', { wanted: [{ tool: 'pages', size: -7 }] }],
    ['a size that is no number', { wanted: [{ tool: 'pages', size: '7' }] }],
    ['a key of its own', { wanted: [{ tool: 'pages', size: 7, key: 'x' }] }],
    ['nothing', { wanted: [] }],
    ['a list beside a report', { wanted: [{ tool: 'pages', size: 7 }], report: {} }],
    ['too many', { wanted: Array.from({ length: 40 }, () => ({ tool: 'pages', size: 0 })) }],
  ]
  it.each(lies)('is not believed: %s', (_title, header) => {
    expect(readWanted(header, bytes('docdata'))).toBeUndefined()
  })

  it('answers go back beside the file, each under its key, a tool that could not as nothing', () => {
    const tools = new Map<string, Uint8Array | null>([
      ['a', bytes('A')],
      ['b', null],
      ['c', bytes('CC')],
    ])
    const { parts, body } = joinBody(bytes('input'), tools)
    const back = splitBody(Buffer.concat(body), parts)
    expect(Buffer.from(back.input).toString()).toBe('input')
    expect([...back.tools].map(([key, one]) => [key, one && Buffer.from(one).toString()])).toEqual([
      ['a', 'A'],
      ['b', null],
      ['c', 'CC'],
    ])
  })
})
