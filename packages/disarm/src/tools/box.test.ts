import { spawnSync } from 'node:child_process'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { canBox, findTool, runInBox } from './box.ts'
import type { BoxTask } from './box.ts'

const run = async (script: string, change: Partial<BoxTask> = {}): Promise<string | undefined> => {
  const task = { script, files: [], outputBytes: 1_000_000, milliseconds: 20_000, ...change }
  const said = await runInBox(task)
  return said && Buffer.from(said).toString()
}

describe('the box', () => {
  it('stands wherever bubblewrap can make namespaces at all: a wall that breaks it is seen', () => {
    const bwrap = findTool('bwrap')
    const plain =
      bwrap !== undefined &&
      findTool('prlimit') !== undefined &&
      spawnSync(bwrap, ['--unshare-all', '--ro-bind', '/', '/', '/bin/true']).status === 0
    expect(canBox()).toBe(plain)
  })
})

describe.skipIf(!canBox())('a program in the box', () => {
  it('gets its file and says its result (the control of what follows)', async () => {
    const files = [{ path: '/tmp/in.txt', bytes: new TextEncoder().encode('葛城') }]
    expect(await run('cat /tmp/in.txt', { files })).toBe('葛城')
  })

  it('reaches no network, not even this machine', async () => {
    const server = createServer((socket) => socket.end('here'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const script = `bash -c 'cat < /dev/tcp/127.0.0.1/${port}' 2>/dev/null || echo cut`
    expect(await run(script)).toBe('cut\n')
    expect(await run('cat /proc/net/dev | grep -c eth; true')).toBe('0\n')
    server.close()
  })

  it('sees no file of this machine but programs and fonts', async () => {
    for (const place of ['/etc/passwd', '/home', '/root', '/var/lib', process.cwd()])
      expect(await run(`ls ${place} 2>/dev/null || echo none`)).toBe('none\n')
  })

  it('writes nowhere but its own memory, and not without end', async () => {
    expect(await run('touch /usr/x 2>/dev/null || echo cannot')).toBe('cannot\n')
    expect(await run('touch /x 2>/dev/null || echo cannot')).toBe('cannot\n')
    const fill =
      'head -c 2000000000 /dev/zero > /tmp/full 2>/dev/null; echo $(($(stat -c %s /tmp/full) < 900000000))'
    expect(await run(fill)).toBe('1\n')
  })

  it('knows no environment and no other process', async () => {
    expect(await run('echo "$SEKISHO_TEST$USER"')).toBe('\n')
    expect(Number(await run('ls /proc | grep -c "^[0-9]"'))).toBeLessThan(8)
  })

  it('is no success when it says too much, takes too long, fails or says nothing', async () => {
    expect(await run('head -c 2000000 /dev/zero')).toBeUndefined()
    expect(await run('sleep 30', { milliseconds: 300 })).toBeUndefined()
    expect(await run('echo half; exit 3')).toBeUndefined()
    expect(await run('true')).toBeUndefined()
  })
})
