import type { XmlElement } from '../xml/read.ts'
import type { XmlReader } from '../xml/read.ts'
import type { Prefixes } from '../xml/write.ts'
import { openTag } from '../xml/write.ts'
import { DANGERS, REQUIRED, TRACE_ELEMENTS } from './dangers.ts'
import { formulaFault } from './excel.ts'
import type { Judge, KnownTag } from './fast-lane.ts'
import { filterShell, handlerOf } from './filter.ts'
import { MARKUP, NAMESPACES, RELATIONSHIPS, TRACES, VML } from './namespaces.ts'
import { ownCopy } from './phrases.ts'
import type { Scope } from './scope.ts'
import { attributeOf } from './scope.ts'
import { knownElement, tablePrefix } from './vocabulary.ts'

/** Answers the fast lane out of the same tables and handlers that filter trees. */
export function tagJudge(
  reader: XmlReader,
  scope: Scope,
  prefixes: Prefixes,
  begin: () => void,
): Judge {
  return {
    begin,
    numbersAreFree: scope.book.lostNames.size === 0,
    learn: (at, end) => {
      const peeked = reader.peekTag(at)
      if (!peeked || peeked.declares || peeked.end !== end) return tagOf({})
      return knownTag(peeked.element, peeked.name, ownCopy(reader.text.slice(at, end)), scope)
    },
    mayStay: (formula, group) => formulaFault(formula, group, scope) === undefined,
    count: (tag, uses) => {
      for (const rule of tag.drops) scope.drop(rule, uses)
      for (const rule of tag.keeps) scope.keep(rule, uses)
      if (tag.uses === 0) for (const uri of tag.uris) prefixes.get(uri)
    },
  }
}

/** A tag that is not plain, but for what is said otherwise. */
function tagOf(said: Partial<KnownTag>): KnownTag {
  return { ...UNKNOWN, ...said, phrases: [] }
}

const UNKNOWN: KnownTag = {
  complex: true,
  gone: false,
  open: '',
  same: false,
  closes: '',
  close: '',
  structure: false,
  needsContent: false,
  formula: false,
  group: undefined,
  drops: [],
  keeps: [],
  uris: [],
  spelled: '',
  empty: false,
  masked: undefined,
  uses: 0,
  row: false,
  next: undefined,
  phrases: [],
}

/** Elements that are streamed by name, or that other elements of the part are read together with. */
const NEVER_PLAIN: ReadonlySet<string> = new Set(
  'x:sheetData w:body w:fldChar w:instrText w:delInstrText'.split(' '),
)
/** Elements of tables, which are streamed part by part when they do not pass as a whole. */
export const TABLES: ReadonlySet<string> = new Set(['w:tbl', 'w:tr', 'w:tc'])
/** Handlers that look at nothing but the attributes of their element. */
/** Handlers that only act when something below is not plain anyway. */
const QUIET: ReadonlySet<string> = new Set(['w:r', 'w:tbl', 'w:tr', 'w:tc', 'x:f'])
const SHALLOW: ReadonlySet<string> = new Set(['x:row', 'x:col'])

function knownTag(element: XmlElement, name: string, spelled: string, scope: Scope): KnownTag {
  const { uri, local, attributes } = element
  const key = `${tablePrefix(uri) ?? '?'}:${local}`
  const linked = attributes.some((one) => one.uri === RELATIONSHIPS)
  if (uri === MARKUP || uri === VML || linked || NEVER_PLAIN.has(key)) return tagOf({})
  const recorder = new Recorder(scope)
  const handler = QUIET.has(key) ? undefined : handlerOf(key)
  const shallow = SHALLOW.has(key) && scope.profile.hidden === 'keep'
  if (handler && (!shallow || handler(element, recorder))) return tagOf({})
  if (knownElement(uri, local) === undefined) return goneTag(uri, key, spelled)
  if (REQUIRED.has(key) && key !== 'w:tc') return tagOf({})
  const shell = filterShell(element, key, recorder)
  if (!shell) return tagOf({})
  return plainTag(shell, key, name, spelled, recorder)
}

/** Traces of editing vanish without a look at what they hold, because the lane lets only empty ones pass. */
function goneTag(uri: string, key: string, spelled: string): KnownTag {
  if (!spelled.endsWith('/>')) return tagOf({})
  const gone = { complex: false, gone: true, spelled, empty: true }
  if (TRACES.has(uri) || TRACE_ELEMENTS.has(key)) return tagOf({ ...gone, drops: ['OX-META'] })
  const danger = DANGERS.get(key)
  return tagOf(danger?.rule === '' && !danger.unwrap ? gone : {})
}

function plainTag(
  shell: XmlElement,
  key: string,
  name: string,
  spelled: string,
  recorder: Recorder,
): KnownTag {
  const uris = [shell.uri, ...shell.attributes.map(({ uri }) => uri)]
  const used = uris.filter((uri) => NAMESPACES.has(uri))
  const open = Buffer.from(openTag(shell, NAMESPACES)).toString('latin1')
  const end = /[ /]/.exec(open)?.index ?? open.length
  const shared = key === 'x:f' && attributeOf(shell, 't') === 'shared'
  const empty = spelled.endsWith('/>')
  return tagOf({
    complex: false,
    open,
    same: spelled.slice(0, empty ? -2 : -1) === open,
    closes: `</${name}>`,
    close: `</${open.slice(1, end)}>`,
    structure: TABLES.has(key),
    needsContent: REQUIRED.has(key),
    formula: key === 'x:f',
    group: shared ? attributeOf(shell, 'si') : undefined,
    drops: recorder.drops,
    keeps: recorder.keeps,
    uris: used,
    spelled,
    empty,
  })
}

/** Stands in for the scope while a tag is learned: nothing is reported before the tag is written. */
class Recorder implements Scope {
  readonly drops: string[] = []
  readonly keeps: string[] = []
  readonly kind: string
  readonly book: Scope['book']
  readonly profile: Scope['profile']
  readonly keepsMacros: boolean

  constructor(scope: Scope) {
    this.kind = scope.kind
    this.book = scope.book
    this.profile = scope.profile
    this.keepsMacros = scope.keepsMacros
  }
  drop(rule: string): void {
    this.drops.push(rule)
  }
  keep(rule: string): void {
    this.keeps.push(rule)
  }
  filter(): never {
    throw new Error('a tag has no children')
  }
  shell(): undefined {
    return undefined
  }
  follow(): undefined {
    return undefined
  }
  drawnForm(): undefined {
    return undefined
  }
  hyperlink(): undefined {
    return undefined
  }
  forget(): void {}
  placeholder(): string {
    return ''
  }
  sheetShapes(): undefined {
    return undefined
  }
  sheetPictures(): undefined {
    return undefined
  }
  headerShapes(): undefined {
    return undefined
  }
  picture(): string {
    return ''
  }
  legacyPicture(): undefined {
    return undefined
  }
  appendix(): readonly XmlElement[] {
    return []
  }
}
