import { parseArgs } from 'node:util'
import { nearest } from '@sekisho/core'
import { visible } from '@sekisho/report'
import { UsageError } from './command.ts'
import type { Arguments, Command, Terminal } from './command.ts'
import { COMMANDS } from './commands.ts'
import { EXIT, EXIT_HELP } from './exit.ts'
import type { ExitCode } from './exit.ts'
import { troubleSentence } from './trouble.ts'

/**
 * Runs one command line.
 *
 * @returns the exit code. Never throws: a bug becomes exit code 1 and one sentence.
 */
export async function main(
  argv: readonly string[],
  terminal: Terminal = realTerminal(),
): Promise<ExitCode> {
  const [name, ...rest] = argv
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    const about = COMMANDS.find((command) => command.name === rest[0])
    terminal.out(about === undefined ? overview() : help(about))
    return name === undefined ? EXIT.usage : EXIT.done
  }
  const command = COMMANDS.find(
    (candidate) => candidate.name === (name === '--version' ? 'version' : name),
  )
  if (command === undefined) return unknownCommand(name, terminal)
  if (rest.includes('--help') || rest.includes('-h')) {
    terminal.out(help(command))
    return EXIT.done
  }
  return run(command, rest, terminal)
}

async function run(
  command: Command,
  argv: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  try {
    return await command.run(parse(command, argv), terminal)
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.err(
        `${error.message}\n使い方: ${command.usage[0]}\n詳しく: sekisho ${command.name} --help\n`,
      )
      return EXIT.usage
    }
    terminal.err(`${troubleSentence(error)}\n`)
    if (terminal.environment['SEKISHO_DEBUG'] === '1' && error instanceof Error)
      terminal.err(`${error.stack}\n`)
    return EXIT.failed
  }
}

function parse(command: Command, argv: readonly string[]): Arguments {
  const options = Object.fromEntries(
    Object.entries(command.flags).map(([flag, { type, short }]) => [
      flag,
      short === undefined ? { type } : { type, short },
    ]),
  )
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true })
    const given = values as Readonly<Record<string, string | boolean | undefined>>
    const value = (flag: string): string | boolean | undefined =>
      given[flag] ?? command.flags[flag]?.default
    return {
      positionals,
      text: (flag) => (typeof value(flag) === 'string' ? (value(flag) as string) : undefined),
      on: (flag) => value(flag) === true,
    }
  } catch (error) {
    const flag = /'(--?[^ '=]+)/u.exec(error instanceof Error ? error.message : '')?.[1]
    if (flag === undefined) throw new UsageError('引数を読み取れませんでした。')
    if (command.flags[flag.replace(/^-+/u, '')] !== undefined)
      throw new UsageError(`${flag} の値の書き方が違います。`)
    const close = nearest(flag.replace(/^-+/u, ''), Object.keys(command.flags))
    throw new UsageError(
      `${visible(flag)} という指定はありません。${close === undefined ? '' : `もしかして --${close} ですか。`}`,
    )
  }
}

function unknownCommand(name: string, terminal: Terminal): ExitCode {
  const close = nearest(
    name,
    COMMANDS.map((command) => command.name),
  )
  terminal.err(
    `${visible(name)} という命令はありません。${close === undefined ? '' : `もしかして sekisho ${close} ですか。`}\n命令の一覧: sekisho --help\n`,
  )
  return EXIT.usage
}

function overview(): string {
  const width = Math.max(...COMMANDS.map((command) => command.name.length))
  const list = COMMANDS.map((command) => `  ${command.name.padEnd(width)}  ${command.about}`)
  return [
    'sekisho 関所: 自治体の三つのネットワークの境目を、宣言し、確かめ、動かし、記録する。',
    '',
    '使い方: sekisho 命令 [引数] [指定]',
    '',
    ...list,
    '',
    '命令ごとの説明: sekisho 命令 --help',
    EXIT_HELP,
    '',
  ].join('\n')
}

function help(command: Command): string {
  const flags = Object.entries(command.flags).map(([name, flag]) => {
    const short = flag.short === undefined ? '' : `-${flag.short}, `
    const value = flag.type === 'string' ? ` ${flag.value ?? 'VALUE'}` : ''
    const standard = typeof flag.default === 'string' ? `（指定がなければ ${flag.default}）` : ''
    return `  ${short}--${name}${value}\n      ${flag.about}${standard}`
  })
  return [
    `sekisho ${command.name}: ${command.about}`,
    '',
    '使い方:',
    ...command.usage.map((line) => `  ${line}`),
    ...(flags.length > 0 ? ['', '指定:', ...flags] : []),
    '',
    EXIT_HELP,
    '',
  ].join('\n')
}

function realTerminal(): Terminal {
  // `sekisho … | head` closes our output early; that is no fault of ours or of the file.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.failed)
    throw error
  })
  const colour = Boolean(process.stdout.isTTY) && process.env['NO_COLOR'] === undefined
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    interactive: Boolean(process.stderr.isTTY),
    colour,
    environment: process.env,
  }
}
