import words from '../../words/roadmap.json' with { type: 'json' }
import type { Change, Part } from './change.ts'
import { filled } from './sentence.ts'

/** What a change is called in a sentence, e.g. 通信「Web会議への直接の接続」を加える. */
export function changeName(change: Change): string {
  const name = partName(change.parts[0]!)
  const count = change.parts.length - 1
  return count === 0 ? name : filled(words.with, { name, count: String(count) })
}

/** What an element is called that a change is about; its key when the change holds only a part of it. */
export function subjectName(change: Change, subject: string): string {
  const part = change.parts.find(({ key }) => key === subject)
  return part === undefined ? subject : elementName(subject, part.after ?? part.before)
}

function partName(part: Part): string {
  const { key, before, after } = part
  const kinds: Readonly<Record<string, string>> = words.kinds
  const kind = kinds[key] ?? kinds[key.slice(0, key.indexOf('.'))] ?? key
  if (typeof before === 'string' && typeof after === 'string')
    return filled(words.value, { kind, before, after })
  const template =
    before === undefined ? words.add : after === undefined ? words.remove : words.alter
  return filled(template, { kind, name: elementName(key, after ?? before) })
}

interface Named {
  readonly name?: string
  readonly title?: string
  readonly subject?: string
  readonly host?: Named
}

function elementName(key: string, value: unknown): string {
  const id = key.slice(key.indexOf('.') + 1)
  if (key.startsWith('organisation.'))
    return (words.organisation as Readonly<Record<string, string>>)[id] ?? id
  if (key.startsWith('controls.')) {
    const title = (value as readonly Named[])[0]?.title ?? ''
    return `${id} ${title}`.trim()
  }
  const { name, subject, host } = value as Named
  return host?.name ?? name ?? subject ?? id
}
