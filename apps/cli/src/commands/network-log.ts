import type { Arguments, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'

export async function importLogs(
  _files: readonly string[],
  _format: 'text' | 'json',
  _args: Arguments,
  _terminal: Terminal,
): Promise<ExitCode> {
  return EXIT.failed
}
