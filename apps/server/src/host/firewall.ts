/**
 * The firewall in front of a gate. A gate is one half of a boundary; behind rules of another declaration it would be the door in a wall that is not there.
 */
import { readFile } from 'node:fs/promises'
import { SekishoError } from '@sekisho/core'
import { applyRefusal, townInForce } from '@sekisho/network'
import type { SideConfig } from './config.ts'

/** How often the listing is looked at while a side serves, ms. */
const LOOK_MS = 5_000

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
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) return sentence('NET-GATE-NO-LISTING', file)
  return townInForce(text) === model ? undefined : sentence('NET-GATE-DIFFERS', file)
}

function sentence(reason: 'NET-GATE-NO-LISTING' | 'NET-GATE-DIFFERS', file: string): string {
  const { message, cure } = applyRefusal(reason, { file })
  return `${reason} ${message}${cure.sentence}`
}

/** Ends this process in order; its supervisor starts it again, and it serves when the rules fit. */
export function stopServing(reason: string): void {
  process.stderr.write(`${new Date().toISOString()} ${reason}\n`)
  process.kill(process.pid, 'SIGTERM')
}
