import type { Context, Family, Rebuilt } from '../family.ts'
import { refuse } from '../family.ts'
import { giveBack } from '../give-back.ts'
import type { Entity } from './entity.ts'
import { readMsg } from './msg/read-msg.ts'
import { readMail } from './read-mail.ts'
import { writeMessage } from './write-message.ts'

/** Mails: EML in, EML out; a mail of Outlook (MSG) comes out as EML. */
export const mailFamily: Family = {
  id: 'mail',
  types: ['eml', 'msg'],
  rebuild: (input, type, context) =>
    type === 'msg' ? rebuildMsg(input, context) : rebuildMail(input, context),
}

function rebuildMail(input: Uint8Array, context: Context): Rebuilt {
  context.spend(input.length)
  return written(messageFrom(input, context), context)
}

/** On its own, so that the text of a large mail is forgotten when the new mail is put together. */
function messageFrom(input: Uint8Array, context: Context): Entity {
  const raw = Buffer.from(input.buffer, input.byteOffset, input.length).toString('latin1')
  return writeMessage(readMail(raw, context), context)
}

function rebuildMsg(input: Uint8Array, context: Context): Rebuilt {
  context.removed('MSG-CONVERTED')
  return written(writeMessage(readMsg(input, context), context), context)
}

function written(message: Entity, context: Context): Rebuilt {
  const size = message.reduce((sum, piece) => sum + piece.length, 0)
  if (size > context.limits.outputBytes) refuse('LIMIT-SIZE')
  return { ok: true, outputType: 'eml', output: joined(message, size) }
}

function joined(message: Entity, size: number): Uint8Array {
  const output = Buffer.allocUnsafeSlow(size)
  let at = 0
  for (const piece of message) {
    const { length } = piece
    if (typeof piece === 'string') output.write(piece, at, 'latin1')
    else {
      piece.copy(output, at)
      giveBack(piece)
    }
    at += length
  }
  return output
}
