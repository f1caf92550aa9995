/**
 * Names made to be taken for a listed one: Cyrillic а in a punycode label, `rn` for `m`, or the listed name in front of another domain.
 * Nothing passes by what is found here; it only makes the refusal say more than 「一覧にない」.
 */
import { decodeLabel } from './punycode.ts'

/** The listed name that this one looks like, when it is another. */
export function twinOf(host: string, listed: Iterable<string>): string | undefined {
  const look = skeleton(host)
  for (const name of listed) {
    if (name === host) continue
    const wanted = skeleton(name)
    if (look === wanted || look.startsWith(`${wanted}.`) || look.startsWith(`${wanted}-`))
      return name
  }
  return undefined
}

/** What a hurried reader sees. Two hosts with one skeleton look alike; it is no host itself. */
export function skeleton(host: string): string {
  const readable = host
    .split('.')
    .map((label) => (label.startsWith('xn--') ? (decodeLabel(label) ?? label) : label))
    .join('.')
  return [...readable.normalize('NFKD').replaceAll(/\p{M}/gu, '')]
    .map((letter) => LOOKS_LIKE[letter] ?? letter)
    .join('')
    .toLowerCase()
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
}

/** The letters that stand in for Latin ones in names seen in the wild; from UTS #39, not all of it. */
const LOOKS_LIKE: Readonly<Record<string, string>> = {
  ...letters('аɑα', 'a'),
  ...letters('Ьь', 'b'),
  ...letters('сϲ', 'c'),
  ...letters('ԁ', 'd'),
  ...letters('еҽ', 'e'),
  ...letters('ɡց', 'g'),
  ...letters('һհ', 'h'),
  ...letters('іıι', 'i'),
  ...letters('јϳ', 'j'),
  ...letters('κк', 'k'),
  ...letters('1ӏⅼ', 'l'),
  ...letters('м', 'm'),
  ...letters('ո', 'n'),
  ...letters('0оοօ', 'o'),
  ...letters('рρ', 'p'),
  ...letters('ԛ', 'q'),
  ...letters('г', 'r'),
  ...letters('ѕ', 's'),
  ...letters('т', 't'),
  ...letters('υս', 'u'),
  ...letters('νѵ', 'v'),
  ...letters('ԝ', 'w'),
  ...letters('хχ', 'x'),
  ...letters('уγ', 'y'),
}

function letters(alike: string, latin: string): Record<string, string> {
  return Object.fromEntries([...alike].map((letter) => [letter, latin]))
}
