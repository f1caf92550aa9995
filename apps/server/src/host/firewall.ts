/**
 * The firewall in front of a gate. A gate is one half of a boundary; behind rules of another declaration it would be the door in a wall that is not there.
 */
import { open } from 'node:fs/promises'
import { SekishoError } from '@sekisho/core'
import { applyRefusal, townInForce } from '@sekisho/network'
import type { SideConfig } from './config.ts'

/** How often the listing is looked at while a side serves, ms. */
const LOOK_MS = 5_000
/**
 * Longest age of the listing, ms. It is a copy: once nobody renews it, it says what stood in front of the gate then, not what stands there now. The guide has it
 * renewed every minute, so that a firewall that starts anew or a line that is cut for some minutes closes no gate.
 */
const LONGEST_AGE_MS = 15 * 60_000

export interface Guard {
  close(): void
}

/**
 * Lets a side serve only while the firewall's rules are those of its own declaration. Without a listing in the configuration nothing is asked.
 *
 * @param model digest of the declaration in force on this side
 * @param stop is called once, with the reason, when the rules become others
 * @throws SekishoError CONFIG_INVALID with reason and cure when they are others now
 */
export async function guardFirewall(
  { firewall }: SideConfig,
  model: string,
  stop: (reason: string) => void,
): Promise<Guard> {
  if (firewall === undefined) return { close: () => undefined }
  const reason = await otherRules(firewall, model)
  if (reason !== undefined) throw new SekishoError('CONFIG_INVALID', reason)
  let over = false
  const timer = setInterval(() => {
    void otherRules(firewall, model).then((found) => {
      if (found === undefined || over) return
      over = true
      clearInterval(timer)
      stop(found)
    })
  }, LOOK_MS)
  return { close: () => clearInterval(timer) }
}

/** @returns reason and cure; `undefined` when the rules are those of this declaration */
async function otherRules(file: string, model: string): Promise<string | undefined> {
  const read = await textOf(file)
  if (read === undefined) return sentence('NET-GATE-NO-LISTING', { file })
  if (townInForce(read.text) !== model) return sentence('NET-GATE-DIFFERS', { file })
  const age = Date.now() - read.written
  // A file from the future would never grow old.
  if (Math.abs(age) <= LONGEST_AGE_MS) return undefined
  return sentence('NET-GATE-OLD', {
    file,
    written: new Date(read.written).toLocaleString('ja-JP', { timeZone: 'Asia/Tokyo' }),
    minutes: String(LONGEST_AGE_MS / 60_000),
  })
}

/** Text and time of one and the same file, though another is put in its place meanwhile. */
async function textOf(
  file: string,
): Promise<{ readonly text: string; readonly written: number } | undefined> {
  try {
    await using handle = await open(file, 'r')
    return { written: (await handle.stat()).mtimeMs, text: await handle.readFile('utf8') }
  } catch {
    return undefined
  }
}

function sentence(
  reason: 'NET-GATE-NO-LISTING' | 'NET-GATE-DIFFERS' | 'NET-GATE-OLD',
  values: Readonly<Record<string, string>>,
): string {
  const { message, cure } = applyRefusal(reason, values)
  return `${reason} ${message}${cure.sentence}`
}

/** Ends this process in order; its supervisor starts it again, and it serves when the rules fit. */
export function stopServing(reason: string): void {
  process.stderr.write(`${new Date().toISOString()} ${reason}\n`)
  process.kill(process.pid, 'SIGTERM')
}
