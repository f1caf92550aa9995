import { accessSync, constants, existsSync, statfsSync } from 'node:fs'
import { createServer } from 'node:net'
import { systemToolbox, workerIsolation } from '@sekisho/disarm'
import type { Isolation } from '@sekisho/disarm'
import type { Command } from '../command.ts'
import { EXIT } from '../exit.ts'

/** One thing looked at. `bad` stops the work; `weak` works with less protection. */
interface Look {
  readonly name: string
  readonly state: 'good' | 'weak' | 'bad'
  readonly about: string
}

const MARK: Readonly<Record<Look['state'], string>> = { good: '○', weak: '△', bad: '×' }

export const doctor: Command = {
  name: 'doctor',
  about: 'この機械で Sekisho が動くかを調べます',
  usage: ['sekisho doctor [--data DIR] [--json]'],
  flags: {
    data: { type: 'string', value: 'DIR', default: 'data', about: '記録を置くフォルダ' },
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
    ]
    if (args.on('json'))
      terminal.out(`${JSON.stringify({ sekisho: '1', kind: 'Doctor', looks })}\n`)
    else for (const look of looks) terminal.out(`${MARK[look.state]} ${look.name}　${look.about}\n`)
    return looks.some((look) => look.state === 'bad') ? EXIT.findings : EXIT.done
  },
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
