import { SekishoError } from '@sekisho/core'
import type { SekishoErrorCode } from '@sekisho/core'
import { visible } from '@sekisho/report'

/** What kept us, in a sentence with what would help. A person never sees a stack trace, nor the English of a program; the code tells support where to look. */
export function troubleSentence(error: unknown): string {
  const known = BY_SYSTEM_CODE[systemCode(error) ?? '']
  if (known !== undefined) return `${known}${placeOf(error)}`
  if (error instanceof SekishoError && error.code !== 'BUG') {
    const sentence = isOfProgram(error.message) ? BY_CODE[error.code] : visible(error.message)
    return `できませんでした（${error.code}）。${sentence}`
  }
  return `思わぬことが起きました。SEKISHO_DEBUG=1 を付けてもう一度実行し、表示を開発元へ知らせてください。（${visible(error instanceof Error ? error.message : String(error))}）`
}

/** Packages throw words for programmers; what is said to a town is Japanese. */
const isOfProgram = (message: string): boolean => /^[\x20-\x7e]*$/u.test(message)

const DENIED =
  'ここを読み書きする権限がありません。管理者（root）として実行するか、権限のある場所を指定してください。'
const FULL = 'ディスクがいっぱいです。空きを作ってから、もう一度お試しください。'
const READ_ONLY =
  'この場所は書き込めない状態です。書ける場所を指定するか、ディスクの様子を確かめてください。'

const BY_SYSTEM_CODE: Readonly<Record<string, string>> = {
  ENOENT: 'ファイルが見つかりません。名前と場所を確かめてください。',
  ENOTDIR: 'フォルダではなくファイルです。名前と場所を確かめてください。',
  EISDIR: 'ファイルではなくフォルダです。名前と場所を確かめてください。',
  EACCES: DENIED,
  EPERM: DENIED,
  EROFS: READ_ONLY,
  ENOSPC: FULL,
  EDQUOT: FULL,
}

const DAMAGED = '欠けか書き換えがあります。何も消さずに写しを取り、開発元へ知らせてください。'

const BY_CODE: Readonly<Record<Exclude<SekishoErrorCode, 'BUG'>, string>> = {
  CONFIG_INVALID: '設定を使えません。書いた内容を確かめてください。',
  STORE_UNAVAILABLE:
    '記録を置く場所を、いまは使えません。ほかに動いている関所がないか確かめ、もう一度お試しください。',
  STORE_FULL: FULL,
  STORE_CORRUPT: `台帳に${DAMAGED}`,
  LOG_CORRUPT: `証跡に${DAMAGED}`,
  LINK_DOWN: '相手の側とつながりません。両方の側が動いているか、確かめてください。',
  WORKER_FAILED: '無害化の途中で止まりました。もう一度お試しください。',
  NOT_FOUND: '探したものが、ここにありません。名前と場所を確かめてください。',
  TIMEOUT: '時間のうちに終わりませんでした。しばらくしてから、もう一度お試しください。',
}

/** The system's own code, of the error or of what it was made from. */
function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  const own = 'code' in error && !(error instanceof SekishoError) ? error.code : undefined
  return typeof own === 'string' ? own : systemCode(error.cause)
}

function placeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  const path = 'path' in error ? error.path : undefined
  return typeof path === 'string' ? `（${visible(path)}）` : placeOf(error.cause)
}
