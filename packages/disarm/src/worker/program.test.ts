import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { FrameReader } from './frame.ts'
import { preparedProgram, runtimeArguments } from './sandbox.ts'
import type { ProgramPart } from './starter.ts'

const LIAR = fileURLToPath(new URL('liar.test-support.ts', import.meta.url))
const options = { heapMebibytes: 256, cpuSeconds: 20, program: LIAR }

/** Compiles each module of standard input with what was compiled before, which throws when V8 does not take it; says how many there were. */
const TAKE = `
  const { SourceTextModule } = process.getBuiltinModule('node:vm')
  const list = JSON.parse(process.getBuiltinModule('node:fs').readFileSync(0, 'utf8'))
  for (const [text, compiled] of list)
    new SourceTextModule(text, { cachedData: Buffer.from(compiled, 'base64') })
  console.log(list.length)`

describe('the program of a worker', () => {
  it('is made once for all workers of one kind, and anew for other settings', async () => {
    const [one, same, other] = await Promise.all([
      preparedProgram(options),
      preparedProgram({ ...options, args: ['honest'] }),
      preparedProgram({ ...options, heapMebibytes: 128 }),
    ])
    expect(one).toBe(same)
    expect(one).not.toBe(other)
  })

  it('is not there when its first module is not', async () => {
    expect(await preparedProgram({ ...options, program: '/nowhere/worker.ts' })).toBeUndefined()
  })

  it('is taken as compiled under the settings of a worker, and not under others', async () => {
    const modules = compiledModules(await preparedProgram(options))
    expect(modules.length).toBeGreaterThan(2)
    expect(taken(modules, runtimeArguments(options))).toBe(`${modules.length}\n`)
    expect(taken(modules, ['--experimental-vm-modules', '--no-warnings'])).toBe('')
  })
})

type Compiled = readonly [text: string, compiled: string]

function compiledModules(program: readonly Uint8Array[] = []): readonly Compiled[] {
  const frame = new FrameReader(0xffffffff).push(Buffer.concat(program))
  if (!frame) throw new Error('no program')
  const body = Buffer.from(frame.body)
  let at = 0
  const next = (size: number): Buffer => body.subarray(at, (at += size))
  return (frame.header as readonly ProgramPart[])
    .filter((part) => 'text' in part)
    .map(({ text, compiled }) => [next(text).toString(), next(compiled).toString('base64')])
}

function taken(modules: readonly Compiled[], settings: readonly string[]): string {
  const run = spawnSync(process.execPath, [...settings, '-e', TAKE], {
    input: JSON.stringify(modules),
    encoding: 'utf8',
  })
  return run.stdout
}
