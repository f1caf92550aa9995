import { execFileSync } from 'node:child_process'
import { namespace, run } from '../nftables/load.ts'

/** Why no firewall can be loaded on this machine; `undefined` when one can. */
export const noKernel = process.env['CI'] === 'true' ? undefined : obstacle()

// Where CI runs it must be there: then the tests run, and are red.
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

/** Stands behind the title of what is skipped. */
export const whyNot = noKernel === undefined ? '' : ` (skipped: ${noKernel})`

/** What a program of iptables answers to a text, in a namespace of its own. */
export const ask = (command: string, text: string): ReturnType<typeof run> =>
  run('/usr/bin/unshare', [...namespace(), '/bin/sh', '-c', command], text)
