/**
 * Haraka with its own queue on disk and nothing else switched on. It is fetched from npm into a temporary folder and thrown away: no dependency of ours.
 */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../packages/gates/mail/src/postfix.test-support.ts'

/** As measured first; newer ones may differ. The override is what lets it be installed at all. */
const PACKAGE = {
  private: true,
  dependencies: { Haraka: '3.3.4' },
  overrides: { libmime: '5.3.7' },
}

export interface Haraka {
  start(
    next: number,
  ): Promise<{ readonly port: number; readonly pid: number; stop(): Promise<void> }>
  remove(): void
}

/** Fetches it once, for all rounds: half a minute and 50 MB. */
export function fetchHaraka(): Haraka {
  const home = mkdtempSync(join(tmpdir(), 'bench-haraka-'))
  writeFileSync(join(home, 'package.json'), JSON.stringify(PACKAGE))
  const how = ['install', '--omit=optional', '--ignore-scripts', '--no-audit', '--no-fund']
  execFileSync('npm', [...how, '--loglevel=error'], { cwd: home, stdio: 'inherit' })
  return {
    start: (next) => startHaraka(home, next),
    remove: () => rmSync(home, { recursive: true, force: true }),
  }
}

async function startHaraka(home: string, next: number): ReturnType<Haraka['start']> {
  const folder = mkdtempSync(join(home, 'run-'))
  const port = await freePort()
  for (const [name, text] of Object.entries(settings(port, next))) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  // Without its own defaults it greets nobody.
  const defaults = 'config/connection.ini'
  copyFileSync(join(home, 'node_modules/Haraka', defaults), join(folder, defaults))
  const program = join(home, 'node_modules/Haraka/bin/haraka')
  const child = spawn(process.execPath, [program, '-c', folder], { stdio: 'ignore' })
  await answers(port)
  return {
    port,
    pid: child.pid ?? 0,
    async stop() {
      const end = once(child, 'exit')
      child.kill('SIGKILL')
      await end
    },
  }
}

/** A plain relay: takes every recipient and sends to one next hop. */
function settings(port: number, next: number): Readonly<Record<string, string>> {
  return {
    'config/smtp.ini': `listen=127.0.0.1:${port}\nnodes=0\n`,
    'config/log.ini': '[main]\nlevel=emerg\n',
    'config/me': 'relay.example.com\n',
    'config/plugins': 'plain_relay\n',
    'config/outbound.ini': 'local_mx_ok=true\nenable_tls=false\nconcurrency_max=200\n',
    'plugins/plain_relay.js': `'use strict'
exports.hook_connect = (next, connection) => { connection.relaying = true; next() }
exports.hook_rcpt = (next) => next(OK)
exports.hook_get_mx = (next) => next(OK, [{ priority: 0, exchange: '127.0.0.1', port: ${next} }])
`,
  }
}

async function answers(port: number): Promise<void> {
  for (let tries = 0; !(await greets(port)); tries += 1) {
    if (tries > 300) throw new Error('Haraka does not answer')
    await sleep(100)
  }
}

function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const end = (greeted: boolean) => (): void => {
      socket.destroy()
      resolve(greeted)
    }
    socket.once('data', end(true))
    socket.once('error', end(false))
    socket.setTimeout(5000, end(false))
  })
}
