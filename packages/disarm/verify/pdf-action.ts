import { anyNumber, byKind, checkEntries, list, nameOf, oneOf, page, reject } from './pdf-rule.ts'
import type { Keys, Rule } from './pdf-rule.ts'
import { demand } from './rejection.ts'
import { urlAllowed } from './url.ts'

/** Kinds of view and how many numbers each has (ISO 32000-1, table 151). */
const VIEWS: Readonly<Record<string, number>> = {
  XYZ: 3,
  Fit: 0,
  FitH: 1,
  FitV: 1,
  FitR: 4,
  FitB: 0,
  FitBH: 1,
  FitBV: 1,
}
const coordinates = list(byKind({ number: anyNumber, null: () => undefined }), 0, 4)

/** A place in this document as an array: nothing to look up, no other file. */
export const destination: Rule = (value, site) => {
  if (value.kind !== 'array') reject(site)
  const [target, view, ...rest] = value.items
  if (target === undefined) reject(site)
  page(target, site)
  const name = nameOf(view) ?? ''
  if (!Object.hasOwn(VIEWS, name) || VIEWS[name] !== rest.length) reject(site)
  coordinates({ kind: 'array', items: rest }, site)
}

const url: Rule = (value, site) => {
  demand(value.kind === 'string' && urlAllowed(value.value), 'VERIFY-PDF-URI', site.where)
}

/** The three actions that stay (12.6.4), each with exactly its two keys: no chain, nothing that runs. */
const ACTIONS: Readonly<Record<string, Keys>> = {
  GoTo: { S: oneOf('GoTo'), D: destination },
  Named: { S: oneOf('Named'), N: oneOf('NextPage PrevPage FirstPage LastPage') },
  URI: { S: oneOf('URI'), URI: url },
}

export const action: Rule = (value, site) => {
  if (value.kind !== 'dict') reject(site, 'VERIFY-PDF-ACTION')
  const kind = nameOf(value.entries.get('S')) ?? ''
  const keys = Object.hasOwn(ACTIONS, kind) ? ACTIONS[kind] : undefined
  if (keys === undefined) reject(site, 'VERIFY-PDF-ACTION')
  checkEntries(value.entries, { keys, required: Object.keys(keys).join(' ') }, site)
}
