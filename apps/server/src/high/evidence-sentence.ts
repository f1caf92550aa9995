import type { EvidenceEntry } from '@sekisho/core'
import { shownName } from '@sekisho/gates/file'
import { formOf } from '@sekisho/guideline'
import words from '../words/evidence.json' with { type: 'json' }

/** The entry in one Japanese sentence. Text of people and files is shown safely, never as part of the sentence. */
export function sentenceFor(entry: EvidenceEntry, nameOf: (person: string) => string): string {
  const { detail } = entry
  const text = (name: string): string => {
    const value = detail[name]
    return typeof value === 'string' ? value : ''
  }
  const values: Readonly<Record<string, string>> = {
    file: shownName(text('file')),
    output: shownName(text('outputName')),
    actor: shownName(nameOf(entry.actor)),
    person: shownName(nameOf(text('person'))),
    number: shownName(entry.number ?? ''),
    why: shownName(text('purpose')),
    side: words.sides[entry.side],
    reason: text('reason'),
    from: text('mailFrom') === '' ? words.mail.nobody : shownName(text('mailFrom')),
    recipients: list(detail['recipients']).join('、'),
    counted: text('count'),
    subject: shownName(text('subject')),
    title: formOf(text('question'))?.title ?? '',
    answer: [words.results[answerOf(detail['result'])], ...list(detail['found'])].join('、'),
    count: String(typeof detail['removals'] === 'number' ? detail['removals'] : 0),
  }
  return sentenceOf(entry).replaceAll(/\{([a-z]+)\}/gu, (_, name: string) => values[name] ?? '')
}

function list(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string').map(shownName) : []
}

function sentenceOf({ kind, detail }: EvidenceEntry): string {
  const mail = mailSentence(kind, detail)
  if (mail !== undefined) return mail
  if (kind === 'answered') return words.answers[answerOf(detail['result'])]
  if (kind === 'verified') return detail['clean'] === true ? words.verified : words.notVerified
  if (kind === 'disarmed' && detail['verdict'] === 'refused') return words.notDisarmed
  return words.kinds[kind]
}

/** What is told otherwise of a mail; `nobody` is no sentence. */
function mailSentence(kind: string, detail: EvidenceEntry['detail']): string | undefined {
  const { what } = detail
  if (isMailWord(what)) return words.mail[what]
  if (kind === 'received' && detail['kind'] === 'mail-body') return words.mail.received
  if (detail['mailCertificate'] === undefined) return undefined
  return kind === 'disarmed' || kind === 'delivered' ? words.mail[kind] : undefined
}

function isMailWord(what: unknown): what is keyof typeof words.mail {
  return typeof what === 'string' && what.startsWith('mail-') && Object.hasOwn(words.mail, what)
}

function answerOf(result: unknown): keyof typeof words.answers {
  return result === 'pass' || result === 'hold' ? result : 'refuse'
}
