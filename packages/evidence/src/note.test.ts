import { expect, test } from 'vitest'
import { readKey, readTreeHead } from '../verify/note.ts'
import { checkpointText } from './checkpoint.ts'
import { EMPTY_ROOT } from './merkle.ts'
import { createLogKey, readSigner, readVerifier } from './note.ts'

// The example of golang.org/x/mod/sumdb/note, the reference implementation of signed notes.
const SIGNER = 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz'
const VERIFIER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
const TEXT =
  'If you think cryptography is the answer to your problem,\nthen you don’t know what your problem is.\n'.replace(
    '’',
    "'",
  )
const NOTE = `${TEXT}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`

const head = (origin: string): string => checkpointText({ origin, size: 0, root: EMPTY_ROOT })

test('signs the reference note bit for bit', () => {
  const signer = readSigner(SIGNER)
  expect(signer.verifier).toBe(VERIFIER)
  expect(signer.sign(TEXT)).toBe(NOTE)
})

test('opens the reference note', () => {
  expect(readVerifier(VERIFIER).open(NOTE)).toBe(TEXT)
})

test('a fresh key signs what both readers accept', () => {
  const { signer, verifier } = createLogKey('kasumi.example/low')
  const note = readSigner(signer).sign(head('kasumi.example/low'))
  expect(readVerifier(verifier).open(note)).toBe(head('kasumi.example/low'))
  expect(readTreeHead(note, readKey(verifier) as never)).toMatchObject({ size: 0 })
})

test('a note signed by another key of the same name is refused', () => {
  const [mine, other] = [createLogKey('kasumi.example'), createLogKey('kasumi.example')]
  const note = readSigner(other.signer).sign(head('kasumi.example'))
  expect(readVerifier(mine.verifier).open(note)).toBeUndefined()
  expect(readTreeHead(note, readKey(mine.verifier) as never)).toBeUndefined()
})

test('signatures of unknown keys are ignored, wrong ones of the known key are not', () => {
  const [mine, other] = [createLogKey('kasumi.example'), createLogKey('witness.example')]
  const note = readSigner(mine.signer).sign(head('kasumi.example'))
  const cosignature = readSigner(other.signer)
    .sign(head('kasumi.example'))
    .split('\n\n')[1] as string
  const key = readKey(mine.verifier) as never
  expect(readVerifier(mine.verifier).open(note + cosignature)).toBe(head('kasumi.example'))
  expect(readTreeHead(note + cosignature, key)).toMatchObject({ size: 0 })
  const wrong = readSigner(mine.signer).sign('another text\n').split('\n\n')[1] as string
  expect(readVerifier(mine.verifier).open(note + wrong)).toBeUndefined()
  expect(readTreeHead(note + wrong, key)).toBeUndefined()
})

test.each([
  ['a size with a leading zero', 'o\n01\n', '\n'],
  ['an extension line', 'o\n1\n', '\nextension\n'],
  ['a negative size', 'o\n-1\n', '\n'],
])('a checkpoint with %s is refused though it is signed', (_, before, after) => {
  const { signer, verifier } = createLogKey('o')
  const note = readSigner(signer).sign(`${before}${EMPTY_ROOT.toString('base64')}${after}`)
  expect(readTreeHead(note, readKey(verifier) as never)).toBeUndefined()
})

test.each(['', 'two words', 'a+b', 'line\nbreak', 'x'.repeat(256)])(
  '%j cannot be a name of a log',
  (origin) => {
    expect(() => createLogKey(origin)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
  },
)

test.each([
  ['cut short', VERIFIER.slice(0, -4)],
  ['with another key id', VERIFIER.replace('c74f20a3', 'c74f20a4')],
  ['with an upper-case key id', VERIFIER.replace('c74f20a3', 'C74F20A3')],
  ['with another name', VERIFIER.replace('Peter', 'Paul')],
])('a verifier key %s is refused', (_, text) => {
  expect(() => readVerifier(text)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
  expect(readKey(text)).toBeUndefined()
})

test('a refused signing key is never repeated in the message', () => {
  const broken = SIGNER.replace('c74f20a3', 'c74f20a4')
  expect(() => readSigner(broken)).toThrow(/^the log's signer key is not a note key$/u)
})
