import { accessSync, constants, existsSync, statfsSync } from 'node:fs'
import { createServer, isIP } from 'node:net'
import { systemToolbox, workerIsolation } from '@sekisho/disarm'
import type { Isolation } from '@sekisho/disarm'
import { UsageError } from '../command.ts'
import type { Arguments, Command } from '../command.ts'
import type { Look } from '../doctor/look.ts'
import { mailLooks } from '../doctor/mail.ts'
import { EXIT } from '../exit.ts'
import { openTown } from '../town-file.ts'

const MARK: Readonly<Record<Look['state'], string>> = { good: '○', weak: '△', bad: '×' }

export const doctor: Command = {
  name: 'doctor',
  about: 'この機械で Sekisho が動くかを調べます',
  usage: [
    'sekisho doctor [--data DIR] [--json]',
    'sekisho doctor --town FILE [--dns ADDRESS] [--outside ADDRESS] [--certificate FILE] [--ca FILE]',
  ],
  flags: {
    data: { type: 'string', value: 'DIR', default: 'data', about: '記録を置くフォルダ' },
    town: {
      type: 'string',
      value: 'FILE',
      about: 'メールの関所のまわりも調べます（DNS、証明書、届け先、空き）。メールは1通も送りません',
    },
    dns: {
      type: 'string',
      value: 'ADDRESS',
      about: 'たずねるDNS。192.0.2.53 か 192.0.2.53:53 の形。なければこの機械の設定です',
    },
    outside: {
      type: 'string',
      value: 'ADDRESS',
      about: '送り出しのメールの、外から見えるアドレス。SPFに入っているかを確かめます',
    },
    certificate: { type: 'string', value: 'FILE', about: '受けるときに使う証明書（PEM）' },
    ca: { type: 'string', value: 'FILE', about: '届け先の証明書を認める認証局（PEM）' },
    json: { type: 'boolean', about: 'JSON で出します' },
  },
  async run(args, terminal) {
    const data = args.text('data') ?? 'data'
    const looks = [
      runtime(),
      await port(8081, 'インターネット側'),
      await port(8082, 'LGWAN側'),
      writable(data),
      space(data),
      isolation(),
      ...tools(),
      database(terminal.environment),
      ...(await mailOf(data, args)),
    ]
    if (args.on('json'))
      terminal.out(`${JSON.stringify({ sekisho: '1', kind: 'Doctor', looks })}\n`)
    else for (const look of looks) terminal.out(lineOf(look))
    return looks.some((look) => look.state === 'bad') ? EXIT.findings : EXIT.done
  },
}

function lineOf({ state, name, about, cure }: Look): string {
  return `${MARK[state]} ${name}　${about}\n${cure === undefined ? '' : `    ${cure}\n`}`
}

async function mailOf(data: string, args: Arguments): Promise<readonly Look[]> {
  const file = args.text('town')
  if (file === undefined) return []
  const opened = await openTown(file)
  if (!opened.ok) throw new UsageError(`${file} が読めません。sekisho check で確かめてください。`)
  const dns = args.text('dns')
  if (dns !== undefined && !isDnsServer(dns))
    throw new UsageError('--dns は 192.0.2.53 か 192.0.2.53:53 の形です。')
  const outside = args.text('outside')
  if (outside !== undefined && isIP(outside) === 0)
    throw new UsageError('--outside は 203.0.113.5 のような、一つのアドレスです。')
  const given = Object.fromEntries(
    (['dns', 'outside', 'certificate', 'ca'] as const).flatMap((flag) => {
      const value = args.text(flag)
      return value === undefined ? [] : [[flag, value]]
    }),
  )
  return mailLooks(opened.read.town, { ...given, data, now: new Date() })
}

/** `192.0.2.53`, `192.0.2.53:53`, `2001:db8::53`, `[2001:db8::53]:53`. */
function isDnsServer(text: string): boolean {
  const [, bracketed, plain] = /^(?:\[([^\]]+)\]:\d{1,5}|([^:]+):\d{1,5})$/u.exec(text) ?? []
  return isIP(bracketed ?? plain ?? text) !== 0
}

function runtime(): Look {
  return {
    name: 'Node.js',
    state: 'good',
    about: `${process.versions.node}（SQLite ${process.versions['sqlite'] ?? '内蔵'}）`,
  }
}

function port(number: number, side: string): Promise<Look> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () =>
      resolve({
        name: `ポート ${number}`,
        state: 'weak',
        about: `使われています。Sekisho がもう動いているか、別の番号を --low-port / --high-port で選んでください（${side}）`,
      }),
    )
    server.listen(number, '127.0.0.1', () =>
      server.close(() =>
        resolve({ name: `ポート ${number}`, state: 'good', about: `空いています（${side}）` }),
      ),
    )
  })
}

function writable(data: string): Look {
  try {
    accessSync(existsSync(data) ? data : '.', constants.W_OK)
    return { name: '記録のフォルダ', state: 'good', about: `${data} に書けます` }
  } catch {
    return {
      name: '記録のフォルダ',
      state: 'bad',
      about: `${data} に書けません。権限を確かめるか、--data で別の場所を選んでください`,
    }
  }
}

function space(data: string): Look {
  const disk = statfsSync(existsSync(data) ? data : '.')
  const gibibytes = (disk.bavail * disk.bsize) / 1024 ** 3
  const about = `空き ${gibibytes.toFixed(1)} GiB`
  return {
    name: 'ディスク',
    state: gibibytes < 1 ? 'bad' : gibibytes < 10 ? 'weak' : 'good',
    about,
  }
}

/** How the disarm workers and the programs they ask are kept in on this machine. */
const BOXES: Readonly<Record<Isolation['box'], Omit<Look, 'name'>>> = {
  bubblewrap: {
    state: 'good',
    about: '無害化の作業を、bubblewrap の箱に入れます（通信なし、読むだけ、上限つき）',
  },
  unshare: {
    state: 'weak',
    about:
      '無害化の作業を、ネットワークから切り離します。bubblewrap を入れると、ファイルからも切り離せます',
  },
  none: {
    state: 'weak',
    about:
      'この機械ではネットワークから切り離せません。bubblewrap と、利用者名前空間を使えるようにしてください',
  },
}

function isolation(): Look {
  return { name: '隔離', ...BOXES[workerIsolation().box] }
}

/** What old Office files and 画像化 need. Without the box they are not used at all. */
function tools(): readonly Look[] {
  const toolbox = systemToolbox()
  return [
    {
      name: '古い Office 形式',
      state: toolbox.has('office:doc') ? 'good' : 'weak',
      about: toolbox.has('office:doc')
        ? 'LibreOffice で変換できます（doc・xls・ppt・xlsb）'
        : '変換できません。bubblewrap と libreoffice-writer・calc・impress を入れてください',
    },
    {
      name: '画像化',
      state: toolbox.has('pages') ? 'good' : 'weak',
      about: toolbox.has('pages')
        ? 'ページを絵に変えられます（poppler）'
        : 'ページを絵に変えられません。bubblewrap と poppler-utils を入れてください',
    },
  ]
}

function database(environment: Readonly<Record<string, string | undefined>>): Look {
  return environment['SEKISHO_DATABASE_URL'] === undefined
    ? { name: '記録の置き場', state: 'good', about: '内蔵の SQLite（WAL、synchronous=FULL）' }
    : { name: '記録の置き場', state: 'good', about: 'PostgreSQL（SEKISHO_DATABASE_URL）' }
}
