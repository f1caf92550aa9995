import type { Arguments, Command, Terminal } from '../command.ts'
import type { ExitCode } from '../exit.ts'

/** What `sekisho gate` says and does about one kind of gate. */
export interface GateKind extends Pick<Command, 'about' | 'usage' | 'flags'> {
  /** @param verb the word behind the kind; empty for none */
  run(verb: string, args: Arguments, terminal: Terminal): Promise<ExitCode>
}
