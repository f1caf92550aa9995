/**
 * Every sentence of the screens is data in the JSON files beside this one, keyed by what it is for, so that an
 * official can read and mend the wording without reading code.
 */
import again from './again.json' with { type: 'json' }
import approve from './approve.json' with { type: 'json' }
import changes from './changes.json' with { type: 'json' }
import check from './check.json' with { type: 'json' }
import cloud from './cloud.json' with { type: 'json' }
import cloudCuts from './cloud-cuts.json' with { type: 'json' }
import decide from './decide.json' with { type: 'json' }
import diff from './diff.json' with { type: 'json' }
import evidence from './evidence.json' with { type: 'json' }
import explain from './explain.json' with { type: 'json' }
import frame from './frame.json' with { type: 'json' }
import mail from './mail.json' with { type: 'json' }
import mailOut from './mail-out.json' with { type: 'json' }
import original from './original.json' with { type: 'json' }
import reason from './reason.json' with { type: 'json' }
import receive from './receive.json' with { type: 'json' }
import registers from './registers.json' with { type: 'json' }
import report from './report.json' with { type: 'json' }
import roadmap from './roadmap.json' with { type: 'json' }
import send from './send.json' with { type: 'json' }
import settings from './settings.json' with { type: 'json' }
import signIn from './sign-in.json' with { type: 'json' }
import structure from './structure.json' with { type: 'json' }
import state from './state.json' with { type: 'json' }

export const WORDS = {
  ...frame,
  ...send,
  ...receive,
  ...approve,
  ...again,
  ...changes,
  ...check,
  ...cloud,
  ...cloudCuts,
  ...decide,
  ...diff,
  ...evidence,
  ...explain,
  ...mail,
  ...mailOut,
  ...original,
  ...registers,
  ...report,
  ...roadmap,
  ...signIn,
  ...settings,
  ...state,
  ...structure,
} as const
export const REASONS = reason

export type WordKey = keyof typeof WORDS
export type ReasonId = keyof typeof REASONS

/**
 * The sentence for `key`, with `{name}` replaced by `values.name`.
 *
 * Values are put in as they are, once: a value that looks like a placeholder (a file may be called `{n}`) is not
 * replaced again.
 */
export function say(key: WordKey, values: Readonly<Record<string, string | number>> = {}): string {
  return fill(WORDS[key], values)
}

export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replaceAll(/\{([a-z]{1,20})\}/gu, (whole, name: string) =>
    String(Object.hasOwn(values, name) ? values[name] : whole),
  )
}
