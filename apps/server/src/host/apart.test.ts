/** Work apart: whatever a hostile file makes of its reader, the process that serves the town goes on. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runApart } from './apart.ts'

let folder: string
let programs = 0

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sekisho-apart-'))
})

afterAll(() => rmSync(folder, { recursive: true }))

/** Runs a program that makes its answer of the work, as a module's last expression. */
function run(
  answer: string,
  {
    work = {},
    timeoutMs = 20_000,
    isProgress = () => false,
  }: { work?: object; timeoutMs?: number; isProgress?: (message: unknown) => boolean } = {},
): Promise<unknown> {
  const program = join(folder, `program-${(programs += 1)}.mjs`)
  const side = new URL('work-apart.ts', import.meta.url).href
  const imports = `import fs from 'node:fs'\nimport child from 'node:child_process'\nimport { Worker } from 'node:worker_threads'\n`
  const lines = `import { workApart } from '${side}'\nworkApart(async (work, say) => { ${answer} })\n`
  writeFileSync(program, imports + lines)
  return runApart(pathToFileURL(program), work, {
    check: (value) => (typeof value === 'object' ? value : undefined),
    isProgress,
    timeoutMs,
    heapMb: 64,
    what: 'a test',
  })
}

test('the answer comes back as it was, bytes and names', async () => {
  const work = {
    bytes: new Uint8Array([1, 2, 255]),
    names: new Map([['a', '澤']]),
    none: undefined,
  }
  expect(await run('return { got: work }', { work })).toEqual({ got: work })
})

test('progress is told and is not the answer', async () => {
  const told: unknown[] = []
  const isProgress = (value: unknown): boolean => 'done' in Object(value) && told.push(value) > 0
  const found = await run('say({ done: 1 }); say({ done: 2 }); return { end: true }', {
    isProgress,
  })
  expect(found).toEqual({ end: true })
  expect(told).toEqual([{ done: 1 }, { done: 2 }])
})

test.each([
  ['grows one list without end', 'const all = []; for (;;) all.push(1.5)'],
  ['asks for one list too large', 'return new Array(1e8).fill(1.5)'],
  ['runs out of stack', 'const deeper = (n) => deeper(n + 1) + 1; return { n: deeper(0) }'],
  ['kills itself', 'process.kill(process.pid, "SIGABRT"); await new Promise(() => {})'],
  ['throws', 'throw new Error("boom")'],
  ['answers with something else', 'return "clean"'],
  ['ends without a word', 'process.exit(0)'],
])('a reader that %s stops alone', async (_, answer) => {
  await expect(run(answer)).rejects.toMatchObject({ code: 'WORKER_FAILED' })
})

test('one that never answers is ended', async () => {
  await expect(run('for (;;);', { timeoutMs: 1_500 })).rejects.toMatchObject({ code: 'TIMEOUT' })
})

test.each([
  [
    'read what is not its own',
    (secret: string) => `return { is: fs.readFileSync('${secret}', 'utf8') }`,
  ],
  ['write', (secret: string) => `fs.writeFileSync('${secret}.new', 'x'); return {}`],
  ['start a program', () => `child.execFileSync('/bin/true'); return {}`],
  ['start a thread', () => `new Worker('1', { eval: true }); return {}`],
  ['run a text as a program', () => `return { is: (0, eval)('1 + 1') }`],
])('a reader that is taken over cannot %s', async (_, answer) => {
  const secret = join(folder, 'signing.key')
  writeFileSync(secret, 'secret')
  await expect(run(answer(secret))).rejects.toMatchObject({ code: 'WORKER_FAILED' })
  expect(existsSync(`${secret}.new`)).toBe(false)
})

test('it finds none of our environment', async () => {
  process.env['SEKISHO_TEST_SECRET'] = 'secret'
  const found = await run('return { env: JSON.stringify(process.env) }')
  delete process.env['SEKISHO_TEST_SECRET']
  expect(JSON.stringify(found)).not.toContain('secret')
})
