import type { Context, Family, Rebuilt } from '../family.ts'
import { refuse } from '../family.ts'
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
  const raw = Buffer.from(input.buffer, input.byteOffset, input.length).toString('latin1')
  return written(writeMessage(readMail(raw, context), context), context)
}

function rebuildMsg(input: Uint8Array, context: Context): Rebuilt {
  context.removed('MSG-CONVERTED')
  return written(writeMessage(readMsg(input, context), context), context)
}

function written(message: string, context: Context): Rebuilt {
  if (message.length > context.limits.outputBytes) refuse('LIMIT-SIZE')
  return { ok: true, outputType: 'eml', output: Buffer.from(message, 'latin1') }
}
