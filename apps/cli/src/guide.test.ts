import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { run } from './run.test-support.ts'

const ROOT = join(import.meta.dirname, '..', '..', '..')
const PAGE = readFileSync(join(ROOT, 'docs/guide/questions.md'), 'utf8')

/** Each command of the page with the lines that stand below it. */
const shown = [...PAGE.matchAll(/```console\n([^`]+)```/gu)].flatMap(([, block = '']) =>
  block
    .split(/^\$ npx sekisho /mu)
    .slice(1)
    .map((part) => part.trimEnd().split('\n'))
    .map(([command = '', ...lines]) => ({ command, lines })),
)

describe('the guide for whoever is in doubt', () => {
  it('has a command and its answer for every question it raises', () => {
    expect(PAGE.match(/^## .*か$/gmu)?.length).toBe(PAGE.match(/^## /gmu)?.length)
    expect(PAGE.match(/```console/gu)?.length).toBe(PAGE.match(/^## /gmu)?.length)
    expect(shown.filter(({ lines }) => lines.length === 0)).toEqual([])
  })

  for (const { command, lines } of shown)
    it(`sekisho ${command} still answers what the page says`, async () => {
      const words = command.split(' ').map((word) => word.replace(/^examples/u, `${ROOT}/examples`))
      const { out } = await run(...words)
      const said = out.split('\n').map((line) => line.trimEnd())
      expect(lines.filter((line) => !said.includes(line))).toEqual([])
    })
})

describe('the guide for whoever plans a migration', () => {
  const page = readFileSync(join(ROOT, 'docs/guide/roadmap.md'), 'utf8')
  const plans = page.split(/^\$ sekisho /mu).slice(1)

  it.each(plans.map((plan) => plan.replaceAll('\\\n', '').split('\n')))(
    'sekisho %s still answers what the page says',
    { timeout: 120_000 },
    async (command, ...rest) => {
      const words = command.trim().split(/ +/u)
      const { out } = await run(
        ...words.map((word) => word.replace(/^examples/u, `${ROOT}/examples`)),
      )
      const said = new Set(out.split('\n').map((line) => line.trimEnd()))
      const [first = '', ...more] = rest.join('\n').split('```')
      const lines = [first, ...more.filter((part) => part.startsWith('console\n'))].join('\n')
      const stands = lines.split('\n').filter((line) => line !== '' && line !== 'console')
      expect(stands.length).toBeGreaterThan(8)
      expect(stands.filter((line) => !said.has(line.trimEnd()))).toEqual([])
    },
  )
})
