import { UsageError } from '../command.ts'
import type { Arguments, Command, Terminal } from '../command.ts'
import type { ExitCode } from '../exit.ts'
import { approveList } from './cloud-list-approve.ts'
import { diffList } from './cloud-list-diff.ts'
import { importList } from './cloud-list-import.ts'
import { makeListKey } from './cloud-list-key.ts'
import { showLists } from './cloud-list-show.ts'

type Action = (rest: readonly string[], args: Arguments, terminal: Terminal) => Promise<ExitCode>

const VERBS: Readonly<Record<string, Action>> = {
  import: importList,
  diff: diffList,
  approve: approveList,
  show: showLists,
  key: makeListKey,
}

export const cloud: Command = {
  name: 'cloud',
  about: 'クラウドの関所の接続先の一覧を取り込み、見比べ、承認します',
  usage: [
    'sekisho cloud list import FILE [town.yaml] --key FILE [--list-version FILE] [--changes FILE]',
    'sekisho cloud list diff 一覧 [town.yaml]',
    'sekisho cloud list approve 一覧 [town.yaml] --digest DIGEST --key FILE',
    'sekisho cloud list show [town.yaml]',
    'sekisho cloud list key 職員 --out FILE',
  ],
  flags: {
    lists: {
      type: 'string',
      value: 'DIR',
      default: 'lists',
      about: '一覧を置くフォルダ',
    },
    gate: {
      type: 'string',
      value: 'ID',
      about: 'クラウドの関所の識別名。町に一つなら要りません',
    },
    key: { type: 'string', value: 'FILE', about: '取り込む人、承認する人の鍵のファイル' },
    'list-version': {
      type: 'string',
      value: 'FILE',
      about: 'Microsoft 365 の version のファイル、または版の10桁（import）',
    },
    changes: {
      type: 'string',
      value: 'FILE',
      about: 'Microsoft 365 の changes のファイル。30日以内に増えるものが分かります（import）',
    },
    digest: {
      type: 'string',
      value: 'DIGEST',
      about: 'diff が示したダイジェスト（approve）',
    },
    out: { type: 'string', short: 'o', value: 'FILE', about: '鍵の書き出し先（key）' },
    at: { type: 'string', value: 'DATE', about: 'この日のこととして見ます（diff、show）' },
    json: { type: 'boolean', about: 'JSON で出します' },
  },
  words: ['list'],
  async run(args, terminal) {
    const [noun, verb = '', ...rest] = args.positionals
    const action = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined
    if (noun !== 'list' || action === undefined)
      throw new UsageError(
        `list に続けて、${Object.keys(VERBS).join('・')} のどれかを書いてください。`,
      )
    return action(rest, args, terminal)
  },
}
