/** The small files that say who is who: two words on a line, `#` begins a remark. */
import { readFile } from 'node:fs/promises'
import { SekishoError } from '@sekisho/core'
import { readRange } from '@sekisho/town'
import type { AddressRange } from '@sekisho/town'

export interface KnownClients {
  /** SHA-256 of a client certificate, lower-case hex, to the id of a person or machine. */
  readonly certificates: ReadonlyMap<string, string>
  /** Id of a person to what `hashPassword` made. */
  readonly credentials: ReadonlyMap<string, string>
  /** For a lab: whoever comes from there is this person. */
  readonly addresses: readonly { readonly range: AddressRange; readonly id: string }[]
}

/** Files, as far as there are any. */
export interface ClientFiles {
  readonly certificates?: string
  readonly credentials?: string
  readonly addresses?: string
}

/** @throws SekishoError CONFIG_INVALID naming the file and line, for one that is not as it has to be or comes twice */
export async function readKnownClients(files: ClientFiles): Promise<KnownClients> {
  const certificates = await pairsOf(files.certificates, (left) => {
    const plain = left.replaceAll(':', '').toLowerCase()
    return /^[0-9a-f]{64}$/u.test(plain) ? plain : undefined
  })
  const credentials = await pairsOf(files.credentials, (left, right) =>
    right.startsWith('scrypt:') ? left : undefined,
  )
  const addresses = await pairsOf(files.addresses, (left) => (readRange(left) ? left : undefined))
  return {
    certificates,
    credentials,
    addresses: [...addresses].map(([range, id]) => ({ range: readRange(range)!, id })),
  }
}

async function pairsOf(
  file: string | undefined,
  read: (left: string, right: string) => string | undefined,
): Promise<ReadonlyMap<string, string>> {
  const pairs = new Map<string, string>()
  if (file === undefined) return pairs
  const lines = (await readFile(file, 'utf8')).split('\n')
  for (const [index, line] of lines.entries()) {
    const words = line.replace(/#.*/u, '').trim().split(/\s+/u)
    if (words[0] === '') continue
    const [left = '', right = ''] = words
    const key = words.length === 2 ? read(left, right) : undefined
    if (key === undefined || pairs.has(key))
      throw new SekishoError(
        'CONFIG_INVALID',
        `${file}:${index + 1}: 「番号か指紋、空白、職員の識別名」の行に書き直してください。同じものは二度書けません。`,
      )
    pairs.set(key, right)
  }
  return pairs
}
