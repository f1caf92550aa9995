import { execFileSync } from 'node:child_process'
import { describe } from 'vitest'
import { namespace, run } from '../nftables/load.ts'

/** Why no firewall can be loaded on this machine; nothing when one can. */
function obstacle(): string | undefined {
  try {
    execFileSync('/usr/bin/unshare', [...namespace(), '/usr/sbin/iptables-save'], {
      stdio: 'ignore',
    })
    return undefined
  } catch (cause) {
    return String(cause).slice(0, 200)
  }
}

const why = obstacle()

/** Tests that need a namespace and iptables. Skipped with the reason where there is none; where CI runs they must be there. */
export function describeWithKernel(title: string, tests: () => void): void {
  if (why === undefined || process.env['CI'] === 'true') describe(title, tests)
  else describe.skip(`${title} (skipped: ${why})`, tests)
}

/** What a program of iptables answers to a text, in a namespace of its own. */
export const ask = (command: string, text: string): ReturnType<typeof run> =>
  run([...namespace(), '/bin/sh', '-c', command], text)
