/** A worker that an attacker has taken over: its argument chooses the lie. */
import { RULESET_VERSION } from '../rules.ts'
import { FrameReader, encodeFrame } from './frame.ts'

const lie = process.argv[2] ?? 'honest'
const output = Buffer.from('\x89PNG\r\n\x1a\n123456789', 'latin1')
const honest = {
  type: 'png',
  outputType: 'png',
  verdict: 'confirmed-absent',
  removed: [],
  kept: [],
}
const row = { rule: 'IMG-EXIF', where: 'page 1', count: 1 }
const removed = { ...honest, verdict: 'removed' }

const LIES: Readonly<Record<string, readonly [unknown, Uint8Array]>> = {
  honest: [{ report: honest }, output],
  empty: [{ report: honest }, new Uint8Array()],
  'empty-text': [{ report: { ...honest, type: 'txt', outputType: 'txt' } }, new Uint8Array()],
  'macro-type': [{ report: { ...honest, type: 'docm', outputType: 'docm' } }, output],
  'unknown-rule': [{ report: { ...removed, removed: [{ ...row, rule: 'NICE' }] } }, output],
  'text-in-where': [{ report: { ...removed, removed: [{ ...row, where: '<script>' }] } }, output],
  'negative-count': [{ report: { ...removed, removed: [{ ...row, count: -1 }] } }, output],
  verdict: [{ report: { ...honest, removed: [row] } }, output],
  'extra-key': [{ report: { ...honest, note: 'trust me' } }, output],
  'refused-with-output': [
    { report: { ...honest, outputType: '', verdict: 'refused', reason: 'ENCRYPTED' } },
    output,
  ],
  'refused-unknown-reason': [
    { report: { ...honest, outputType: '', verdict: 'refused', reason: 'x' } },
    new Uint8Array(),
  ],
  'not-object': [[honest], output],
  'wrong-magic': [{ report: honest }, Buffer.from('MZ123456')],
}

function send(header: unknown, body: Uint8Array): void {
  for (const part of encodeFrame(header, [body])) if (part.length > 0) process.stdout.write(part)
}

let answered = 0

/** Each answer is one byte longer than the one before. */
function sendCount(): void {
  send({ report: honest }, Buffer.concat([output, Buffer.alloc(answered)]))
}

function answer(): void {
  answered++
  if (lie === 'crash') process.exit(1)
  if (lie === 'hang') return
  if (lie === 'counting') sendCount()
  else if (lie === 'slow-counting') setTimeout(sendCount, 50)
  else if (lie === 'not-json')
    process.stdout.write(Buffer.from([0, 0, 0, 2, 0, 0, 0, 0, 0x7b, 0x7b]))
  else if (lie === 'huge-header') process.stdout.write(Buffer.from([0x7f, 0, 0, 0, 0, 0, 0, 0]))
  else if (lie === 'two-answers') {
    const frame = Buffer.concat(encodeFrame({ report: honest }, [output]))
    process.stdout.write(Buffer.concat([frame, frame]))
  } else send(...(LIES[lie] ?? [{}, new Uint8Array()]))
}

const reader = new FrameReader(0xffffffff)
send({ ready: lie === 'old' ? '1999' : RULESET_VERSION }, new Uint8Array())
for await (const chunk of process.stdin as AsyncIterable<Uint8Array>)
  if (reader.push(chunk)) answer()
