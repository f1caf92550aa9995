import { encodeCp932 } from '../zip/cp932.ts'

/**
 * A typed password as bytes for the handlers up to revision 4, which want PDFDocEncoding (ISO 32000-1, algorithm 2). Programs did what they
 * could with characters that it lacks: UTF-8, or the code page of Windows.
 */
export function classicPasswordForms(password: string): Uint8Array[] {
  const forms = [encodePdfDoc(password), Buffer.from(password, 'utf8'), encodeCp932(password)]
  return distinct(forms.flatMap((form) => form ?? []))
}

/** The same for revisions 5 and 6: UTF-8 of the SASLprep form, at most 127 bytes; some programs leave the preparation out. */
export function modernPasswordForms(password: string): Uint8Array[] {
  const forms = [saslPrep(password), password].map((form) =>
    Buffer.from(form, 'utf8').subarray(0, MODERN_BYTES),
  )
  return distinct(forms)
}

const MODERN_BYTES = 127

function distinct(forms: readonly Uint8Array[]): Uint8Array[] {
  return forms.filter(
    (form, index) => forms.findIndex((other) => Buffer.compare(form, other) === 0) === index,
  )
}

/** RFC 4013, 2.1 and 2.2: other spaces become a space, what is commonly mapped to nothing goes, then NFKC. */
function saslPrep(password: string): string {
  return password.replace(SPACES, ' ').replace(NOTHING, '').normalize('NFKC')
}

/** RFC 3454, C.1.2. */
const SPACES = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/gu
/** RFC 3454, B.1. */
const NOTHING =
  /\u00ad|\u034f|\u1806|\u180b|\u180c|\u180d|\u200c|\u200d|\u2060|\p{Variation_Selector}|\ufeff/gu

/** ISO 32000-1, annex D.3: where PDFDocEncoding is not Latin-1. */
const FROM_0X18 = '˘ˇˆ˙˝˛˚˜'
const FROM_0X80 = '•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž'
const SPECIAL: ReadonlyMap<string, number> = new Map([
  ...[...FROM_0X18].map((character, index) => [character, 0x18 + index] as const),
  ...[...FROM_0X80].map((character, index) => [character, 0x80 + index] as const),
  ['€', 0xa0] as const,
])

function encodePdfDoc(password: string): Uint8Array | undefined {
  const bytes: number[] = []
  for (const character of password) {
    const code = SPECIAL.get(character) ?? character.codePointAt(0)!
    const known = SPECIAL.has(character) || code < 0x80 || (code > 0xa0 && code < 0x100)
    if (!known) return undefined
    bytes.push(code)
  }
  return Uint8Array.from(bytes)
}
