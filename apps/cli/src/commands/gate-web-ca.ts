/** `sekisho gate web ca`: the town's own authority for reading inside, made once, shown without its key. */
import type { WebGate } from '@sekisho/core'
import { inspectedHosts } from '@sekisho/gates/web'
import { visible } from '@sekisho/report'
import type { ShownAuthority } from '@sekisho/server'
import { UsageError } from '../command.ts'
import type { Arguments, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { openTown, showProblems } from '../town-file.ts'
import { webGateOf } from './cloud-lists.ts'

export async function webAuthority(
  [verb = '', file = 'town.yaml']: readonly string[],
  args: Arguments,
  terminal: Terminal,
): Promise<ExitCode> {
  if (verb !== 'create' && verb !== 'show')
    throw new UsageError('ca のあとに create（作る）か show（見る）を書いてください。')
  const opened = await openTown(file)
  if (!opened.ok) return showProblems(file, opened.findings, args, terminal)
  const { town } = opened.read
  const gate = webGateOf(town, args.text('gate'))
  const hosts = [...inspectedHosts(gate).keys()]
  const data = args.text('data') ?? 'cloud-data'
  const { makeAuthority, showAuthority, speaksFor } = await import('@sekisho/server')
  if (verb === 'create' && hosts.length === 0 && gate.refusalPages !== true)
    throw new UsageError('中を確かめる接続先（inspect）が、まだ一つも書かれていません。')
  const shown =
    verb === 'show'
      ? await showAuthority(data)
      : await makeAuthority(data, {
          town: town.name,
          hosts: gate.refusalPages === true ? 'any' : hosts,
        })
  terminal.out(
    args.on('json')
      ? `${JSON.stringify({ sekisho: '1', kind: 'CloudAuthority', ...shown })}\n`
      : `${textOf(shown, gate, hosts, (host) => speaksFor(shown, host)).join('\n')}\n`,
  )
  return EXIT.done
}

function textOf(
  { fingerprint, until, hosts, file }: ShownAuthority,
  gate: WebGate,
  inspected: readonly string[],
  can: (host: string) => boolean,
): readonly string[] {
  const missing = inspected.filter((host) => !can(host))
  return [
    `端末に配るファイル　${visible(file)}`,
    `指紋（SHA-256）　　 ${fingerprint}`,
    `期限　　　　　　　　${until.slice(0, 10)}`,
    ...(hosts === 'any'
      ? [
          '名乗れる接続先　　　すべて（止めた理由の頁を示すため）。鍵を盗まれると、どの接続先にもなりすませます。',
        ]
      : [
          '名乗れる接続先　　　次の接続先と、その下だけ',
          ...hosts.map((host) => `  ${visible(host)}`),
        ]),
    ...missing.map(
      (host) => `× ${visible(host)} は入っていません。認証局を作り直すまで、関所は通しません。`,
    ),
    ...(gate.refusalPages === true && hosts !== 'any'
      ? ['× 止めた理由の頁は示せません。示すには、認証局を作り直してください。']
      : []),
    'ファイルは、端末の「信頼されたルート証明機関」に入れます。鍵は、この機械から出さないでください。',
  ]
}
