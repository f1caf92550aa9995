import { visible } from '@sekisho/report'
import words from './mail-words.json' with { type: 'json' }
import type { Look } from './look.ts'

export type DoctorReason = keyof typeof words

/** A look in words. Values may come from DNS or a peer: shown with their unseen characters. */
export function look(
  reason: DoctorReason,
  name: string,
  values: Readonly<Record<string, string | number>> = {},
  state?: Look['state'],
): Look {
  const entry: { state: string; about: string; cure?: string } = words[reason]
  const filled = (template: string): string =>
    template.replaceAll(/\{(\w+)\}/gu, (_, key: string) =>
      visible(String(values[key] ?? '')).slice(0, MAX_VALUE),
    )
  return {
    name: visible(name),
    state: state ?? (entry.state as Look['state']),
    about: filled(entry.about),
    ...(entry.cure === undefined ? {} : { cure: filled(entry.cure) }),
    reason,
  }
}

/** Characters of a value in a sentence. */
const MAX_VALUE = 200
