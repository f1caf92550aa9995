/**
 * Stands between the wire and the parser of smtp-server, which by itself takes a lone LF for the end of a command. It
 * sees the bytes after TLS, in order, before anybody acts on them. Its seams are the library's own members, so the version is
 * pinned and `strict-input.test.ts` fails when one of them moves.
 */
/* oxlint-disable no-underscore-dangle -- the seams of smtp-server are named so */
import type { SMTPServer } from 'smtp-server'
import { Framing, LineEnds } from './line-ends.ts'
import type { MailReason } from './replies.ts'

export type Connection = SMTPServer['connections'] extends Set<infer One> ? One : never
type Parser = Exclude<Connection['_parser'], false>

export interface Guard {
  /** Asked before each command; a reason ends the connection. */
  command(): MailReason | undefined
  /** Says so and ends the connection. */
  refuse(reason: MailReason): void
  /** Says so and waits for the next command. */
  decline(reason: MailReason): void
}

/** Guards the parser of a new connection, and the new one it gets after STARTTLS. */
export function guardInput(connection: Connection, guard: Guard): void {
  const create = connection._createParser.bind(connection)
  connection._createParser = () => guardParser(create(), guard)
  if (connection._parser) guardParser(connection._parser, guard)
}

function guardParser(parser: Parser, guard: Guard): Parser {
  const framing = new Framing()
  let ended = false
  const refuse = (reason: MailReason): void => {
    if (ended) return
    ended = true
    guard.refuse(reason)
  }
  const queued = watchQueue(parser)
  guardWrites(parser, framing, refuse, () => ended)
  // Part of the chunk in hand may be still to be written: a command may be handled while it is.
  const ahead = (): boolean => queued() || framing.left > 0
  guardCommands(parser, guard, refuse, () => ended, ahead)
  const startDataMode = parser.startDataMode.bind(parser)
  parser.startDataMode = (maxBytes) => {
    framing.startMessage()
    return startDataMode(maxBytes)
  }
  // A last line without its end is not a command: the peer may have been cut off in the middle of it.
  parser._flushData = () => {}
  return parser
}

function guardWrites(
  parser: Parser,
  framing: Framing,
  refuse: (reason: MailReason) => void,
  ended: () => boolean,
): void {
  const lineEnds = new LineEnds()
  const write = parser.write.bind(parser) as (chunk: Uint8Array, done?: () => void) => boolean
  let broken = false
  const guarded = (chunk: Uint8Array): boolean => {
    // What comes after a broken line is nobody's command.
    if (broken || ended()) return true
    const found = lineEnds.check(chunk)
    const whole = chunk.subarray(0, found?.at)
    for (const piece of framing.pieces(whole)) write(piece)
    if (found !== undefined) {
      broken = true
      // Behind everything before it, so that each message is answered by its own reply.
      write(Buffer.alloc(0), () => refuse(found.reason))
    }
    return !parser.writableNeedDrain
  }
  parser.write = guarded as Parser['write']
}

function guardCommands(
  parser: Parser,
  guard: Guard,
  refuse: (reason: MailReason) => void,
  ended: () => boolean,
  ahead: () => boolean,
): void {
  const handle = parser.oncommand.bind(parser)
  parser.oncommand = (command, done) => {
    const early = verbOf(command) === 'DATA' && ahead() ? 'SMTP-EARLY-DATA' : undefined
    // What follows BDAT is a message to whoever sends it, and would be commands to us: after our no nobody can say which (RFC 3030).
    const chunk = verbOf(command) === 'BDAT' ? 'SMTP-COMMAND' : undefined
    const reason = early ?? chunk ?? guard.command()
    if (reason !== undefined) refuse(reason)
    if (ended()) return done?.()
    // Words behind DATA (RFC 5321 4.1.1.4): another server may not have opened a message here, and reads what follows as commands.
    if (verbOf(command) === 'DATA' && command.toString('latin1').trim().length > 'DATA'.length) {
      guard.decline('SMTP-SYNTAX')
      return done?.()
    }
    handle(command, done)
  }
}

/**
 * Whether anything waits behind the piece at work. A client waits for 354 before it sends the message (RFC 2920 3.1); a smuggled command
 * never can.
 */
function watchQueue(parser: Parser): () => boolean {
  let atWork = 0
  const work = parser._write.bind(parser)
  parser._write = (chunk, encoding, next) => {
    // The parser calls itself with the rest of a piece, which is empty: pieces end where it does.
    if (chunk.length > 0) atWork = chunk.length
    work(chunk, encoding, next)
  }
  return () => parser.writableLength > atWork
}

function verbOf(command: Buffer): string | undefined {
  return command.toString('latin1').trim().toUpperCase().split(/\s/u)[0]
}
