import { spawn } from 'node:child_process'
import { nftProgram } from '@sekisho/network'

export interface Monitor {
  /** Resolves with the next change of the rules, or after `most` milliseconds. */
  wait(most: number): Promise<void>
  end(): void
}

/** Nobody who is killed can end what they started; the kernel can (prctl(2), `PR_SET_PDEATHSIG`). */
const WITH_US = ['--pdeathsig', 'KILL', '--']

/** Wakes whoever waits when the kernel tells of a change. It only saves time: who waits looks anyway, for a monitor can die or miss a message. */
export function openMonitor(): Monitor {
  const nft = nftProgram()
  const child =
    nft === undefined
      ? undefined
      : spawn('/usr/bin/setpriv', [...WITH_US, nft, 'monitor'], {
          stdio: ['ignore', 'pipe', 'ignore'],
        })
  let heard = false
  let wake = (): void => undefined
  child?.stdout.on('data', () => {
    heard = true
    wake()
  })
  child?.on('error', () => undefined)
  return {
    wait: (most) =>
      new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer)
          wake = () => undefined
          heard = false
          resolve()
        }
        const timer = setTimeout(done, most)
        wake = done
        if (heard) done()
      }),
    end: () => {
      child?.kill()
      heard = true
      wake()
    },
  }
}
