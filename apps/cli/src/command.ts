import type { ExitCode } from './exit.ts'

/** One flag of a command, in the form `node:util` parseArgs takes, with its sentence for `--help`. */
export interface Flag {
  readonly type: 'string' | 'boolean'
  readonly short?: string
  readonly default?: string | boolean
  /** Placeholder for a value, e.g. `DIR`. */
  readonly value?: string
  readonly about: string
}

/** What the surroundings give a command. Tests pass their own. */
export interface Terminal {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  /** A person is looking at stderr: progress and colour are welcome. */
  readonly interactive: boolean
  readonly colour: boolean
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** Arguments after parsing. */
export interface Arguments {
  readonly positionals: readonly string[]
  readonly text: (flag: string) => string | undefined
  readonly on: (flag: string) => boolean
}

export interface Command {
  readonly name: string
  /** One line in the list of commands. */
  readonly about: string
  readonly usage: readonly string[]
  readonly flags: Readonly<Record<string, Flag>>
  /** Words a shell may offer for the first positional. */
  readonly words?: readonly string[]
  run(args: Arguments, terminal: Terminal): Promise<ExitCode>
}

/** Thrown by a command for a call it does not understand; becomes exit code 2 with the sentence and the usage. */
export class UsageError extends Error {}
