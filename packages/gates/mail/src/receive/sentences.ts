/**
 * Sentences for people about mail that was not taken, by reason id.
 */
import words from '../../words/receive.json' with { type: 'json' }
import { shownName } from '../../../file/src/name.ts'
import type { MailWords } from '../reason-words.ts'
import type { Authenticity } from './authenticity.ts'
import type { MailReason } from './replies.ts'

export function mailWords(reason: MailReason): MailWords {
  return words.reasons[reason]
}

/** What DNS said of the sender: three lines, SPF, DKIM and DMARC. */
export function authenticitySentences({ spf, dkim, dmarc }: Authenticity): readonly string[] {
  const line = (
    kind: 'spf' | 'dkim' | 'dmarc',
    domain: string,
    verdict: keyof typeof words.verdicts,
  ): string =>
    `${words.kinds[kind]}${domain === '' ? '' : `（${shownName(domain)}）`}：${words.verdicts[verdict]}`
  // Where nobody asked, that no signature was found says nothing.
  const asked = [spf, dmarc].some(
    ({ verdict, domain }) => verdict !== 'not-checked' || domain !== '',
  )
  const nothing = { domain: '', verdict: asked ? ('none' as const) : ('not-checked' as const) }
  const signatures = dkim.length === 0 ? [nothing] : dkim
  return [
    line('spf', spf.domain, spf.verdict),
    ...signatures.map(({ domain, verdict }) => line('dkim', domain, verdict)),
    line('dmarc', dmarc.domain, dmarc.verdict),
  ]
}
