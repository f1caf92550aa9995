import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { placeholderPng } from '../image/index.ts'
import { disarmHere } from '../here.ts'
import type { Pool, PoolOptions } from './pool.ts'
import { createPool } from './pool.ts'
import { isolation, preparedProgram, startSandboxed } from './sandbox.ts'

const LIAR = fileURLToPath(new URL('liar.test-support.ts', import.meta.url))
const PROBE = fileURLToPath(new URL('probe.test-support.ts', import.meta.url))
const png = placeholderPng(3, 3)
const text = new TextEncoder().encode('住所,氏名\r\n')

describe('a pool of workers', () => {
  let pool: Pool
  beforeAll(() => {
    pool = createPool({ size: 2, filesPerWorker: 2 })
  })
  afterAll(() => pool.close())

  it('says the same as the engine in this process', async () => {
    for (const [bytes, name] of [
      [png, '図.png'],
      [text, '名簿.csv'],
      [text, '偽物.docx'],
    ] as const) {
      const there = await pool.disarm(bytes, { name })
      expect(there).toEqual(disarmHere(bytes, { name }))
    }
  })

  it('works on many files at once, over recycled workers, each with its own answer', async () => {
    const jobs = Array.from({ length: 9 }, (_, index) => {
      const bytes = new TextEncoder().encode(`行${index}\r\n`)
      return pool.disarm(bytes, { name: `${index}.txt` })
    })
    const answers = await Promise.all(jobs)
    answers.forEach(({ output, outputName }, index) => {
      expect(Buffer.from(output ?? []).toString()).toBe(`行${index}\r\n`)
      expect(outputName).toBe(`${index}.txt`)
    })
  })

  it('reports what was done to the name, which the worker never saw', async () => {
    const { report, outputName } = await pool.disarm(png, { name: '葛󠄂\u202Egnp.jpg' })
    expect(outputName).toBe('葛󠄂gnp.png')
    expect(report.removed.map(({ rule }) => rule)).toEqual(['NAME-CTRL', 'TYPE-MISMATCH'])
  })

  it('refuses without a worker what is empty or too large', async () => {
    expect((await pool.disarm(new Uint8Array(), { name: 'a.txt' })).report.reason).toBe(
      'TYPE-EMPTY',
    )
    const small = createPool({ size: 1, limits: { inputBytes: 3 } })
    expect((await small.disarm(text, { name: 'a.csv' })).report.reason).toBe('LIMIT-SIZE')
    await small.close()
  })

  it('answers nobody after it was closed', async () => {
    const closed = createPool({ size: 1 })
    await closed.close()
    await expect(closed.disarm(text, { name: 'a.csv' })).rejects.toMatchObject({
      code: 'WORKER_FAILED',
    })
  })

  it('does not start with a size or a limit that makes no sense', () => {
    for (const size of [0, 65, 1.5]) expect(() => createPool({ size })).toThrow('size')
    expect(() => createPool({ size: 1, limits: { depth: 0 } })).toThrow('depth')
    expect(() => createPool({ size: 1, millisecondsPerWorker: 0 })).toThrow('millisecondsPerWorker')
    expect(() => createPool({ size: 1, limits: { milliseconds: Number.NaN } })).toThrow(
      'milliseconds',
    )
  })
})

/** How many files a worker had seen before each file, as workers say whose answers grow. */
async function filesBefore(
  options: Partial<PoolOptions>,
  files: number,
  pause: () => Promise<void>,
): Promise<readonly number[]> {
  const pool = createPool({ size: 1, program: LIAR, args: ['counting'], ...options })
  const seen: number[] = []
  for (let file = 0; file < files; file++) {
    const { output } = await pool.disarm(png, { name: 'a.png' })
    seen.push((output?.length ?? 0) - 18)
    await pause()
  }
  await pool.close()
  return seen
}

const nothing = (): Promise<void> => Promise.resolve()
/** Timers end in their order: those of a worker that were set before are over. */
const moment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20))

describe('a worker is thrown away', () => {
  it('after its share of files', async () => {
    expect(await filesBefore({ filesPerWorker: 2 }, 5, nothing)).toEqual([0, 1, 0, 1, 0])
  })

  it('some time after its first file, though nothing came meanwhile', async () => {
    expect(await filesBefore({ millisecondsPerWorker: 1 }, 3, moment)).toEqual([0, 0, 0])
    expect(await filesBefore({}, 3, moment)).toEqual([0, 1, 2])
  })

  it('when its time ends in the midst of a file, after the answer to it', async () => {
    const pool = createPool({
      size: 1,
      program: LIAR,
      args: ['slow-counting'],
      millisecondsPerWorker: 1,
    })
    const answers = [1, 2].map(() => pool.disarm(png, { name: 'a.png' }))
    const lengths = (await Promise.all(answers)).map(({ output }) => output?.length)
    expect(lengths).toEqual([18, 18])
    await pool.close()
  })
})

// Apart from the pool above, whose workers come and go.
describe('a pool that is closed', () => {
  it('leaves no process behind, nor the one that was to come next', async () => {
    const before = childProcesses()
    const short = createPool({ size: 1, filesPerWorker: 2 })
    await short.disarm(text, { name: 'a.csv' })
    expect(childProcesses()).toBe(before + 2)
    await short.close()
    expect(childProcesses()).toBe(before)
  })
})

function childProcesses(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'ProcessWrap').length
}

/** A worker that has been taken over says what its argument says. */
async function liarSays(lie: string, options: Partial<PoolOptions> = {}): Promise<string> {
  const pool = createPool({ size: 1, program: LIAR, args: [lie], ...options })
  try {
    const { report, output } = await pool.disarm(png, { name: 'a.png' })
    return report.verdict === 'refused'
      ? (report.reason ?? '')
      : `${report.verdict} ${output?.length}`
  } finally {
    await pool.close()
  }
}

describe('a worker that has been taken over is not believed', () => {
  it('is believed when it keeps to the grammar (the lies below differ in one thing)', async () => {
    expect(await liarSays('honest')).toBe('confirmed-absent 17')
  })

  const lies = [
    'empty',
    'empty-text',
    'macro-type',
    'unknown-rule',
    'text-in-where',
    'negative-count',
    'verdict',
    'extra-key',
    'refused-with-output',
    'refused-unknown-reason',
    'not-json',
    'not-object',
    'wrong-magic',
    'two-answers',
    'huge-header',
  ]
  it.each(lies)('refuses the lie %s', async (lie) => {
    expect(await liarSays(lie)).toBe('ENG-LIE')
  })

  it('refuses an output larger than the limit without reading it', async () => {
    expect(await liarSays('honest', { limits: { outputBytes: 5 } })).toBe('ENG-LIE')
  })

  it('refuses the file when the worker dies, and the next file gets a new worker', async () => {
    expect(await liarSays('crash')).toBe('ENG-CRASH')
  })

  it('kills a worker that never answers', async () => {
    expect(await liarSays('hang', { limits: { milliseconds: 200 }, graceMilliseconds: 300 })).toBe(
      'LIMIT-TIME',
    )
  })

  it('does not use a worker of another rule set', async () => {
    await expect(liarSays('old')).rejects.toMatchObject({ code: 'WORKER_FAILED' })
  })
})

/** Runs the probe inside the sandbox, or outside it as the control, and returns what it could do. */
async function probe(inside: boolean, port: number): Promise<Record<string, string>> {
  const args = [String(port), PROBE]
  const options = { heapMebibytes: 256, cpuSeconds: 20, program: PROBE, args }
  const child = inside
    ? startSandboxed(options, (await preparedProgram(options)) ?? [])
    : startOutside(args)
  const chunks: Buffer[] = []
  for await (const chunk of child.stdout) chunks.push(chunk as Buffer)
  return JSON.parse(Buffer.concat(chunks).toString()) as Record<string, string>
}

function startOutside(args: readonly string[]) {
  return spawn(process.execPath, ['--no-warnings', PROBE, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
}

describe('the sandbox', () => {
  it('keeps a worker from the network, files, children and its parent’s secrets', async () => {
    const server = createServer((socket) => socket.end('hello'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
    const { port } = server.address() as AddressInfo
    process.env['SEKISHO_TEST_SECRET'] = 'secret'
    try {
      // The control: the same program outside can do all of it.
      expect(await probe(false, port)).toEqual({
        network: 'could',
        read: 'could',
        sources: 'could',
        write: 'could',
        child: 'could',
        environment: 'could',
        secret: 'could',
        code: 'could',
      })
      const inside = await probe(true, port)
      expect(inside).toMatchObject({
        read: 'could not',
        sources: 'could not',
        write: 'could not',
        child: 'could not',
        environment: 'could not',
        secret: 'could not',
        code: 'could not',
      })
      // Where the kernel gives no namespaces, `isolation` says so and nobody is told otherwise.
      expect(inside['network']).toBe(isolation().network ? 'could not' : 'could')
    } finally {
      delete process.env['SEKISHO_TEST_SECRET']
      server.close()
    }
  })
})
