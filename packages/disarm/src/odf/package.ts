import type { Context } from '../family.ts'
import { Refusal, refuse } from '../family.ts'
import type { Zip, ZipEntry } from '../zip/read.ts'
import { readEntry, readEntryPieces, readZip } from '../zip/read.ts'
import type { Encryption } from './encryption.ts'
import { decrypt } from './encryption.ts'
import { MANIFEST_NAME, readEncryption } from './manifest.ts'
import { inPieces } from './tokens.ts'

/** The members of an OpenDocument package by name. Folders are not members; two members of one name are refused. */
export class OdfPackage {
  readonly #zip: Zip
  readonly #context: Context
  readonly #entries = new Map<string, ZipEntry>()
  readonly #encryption: ReadonlyMap<string, Encryption>

  constructor(input: Uint8Array, context: Context) {
    this.#context = context
    this.#zip = readZip(input, context)
    const folded = new Set<string>()
    for (const entry of this.#zip.entries) {
      if (entry.encrypted) refuse('ENCRYPTED')
      if (entry.directory && entry.size === 0) continue
      // A reader on a folding file system would see the other one.
      const name = entry.name.normalize('NFC').toLowerCase()
      if (folded.has(name)) refuse('ZIP-DUP')
      folded.add(name)
      this.#entries.set(entry.name, entry)
    }
    this.#encryption = this.#readEncryption()
    if (this.#encryption.size > 0 && context.password === undefined) refuse('ENCRYPTED')
  }

  get names(): readonly string[] {
    return [...this.#entries.keys()]
  }

  has(name: string): boolean {
    return this.#entries.has(name)
  }

  read(name: string): Uint8Array {
    const entry = this.#entries.get(name) ?? refuse('ODF-PKG')
    const bytes = readEntry(this.#zip, entry, this.#context)
    const how = this.#encryption.get(name)
    return how ? decrypt(bytes, how, this.#context) : bytes
  }

  /** The same piece by piece, as long as it is not encrypted; a piece is only valid until the next one is asked for. */
  pieces(name: string): Iterable<Uint8Array> {
    if (this.#encryption.has(name)) return inPieces(this.read(name))
    const entry = this.#entries.get(name) ?? refuse('ODF-PKG')
    return readEntryPieces(this.#zip, entry, this.#context)
  }

  #readEncryption(): ReadonlyMap<string, Encryption> {
    const entry = this.#entries.get(MANIFEST_NAME)
    if (!entry) return new Map()
    const bytes = readEntry(this.#zip, entry, this.#context)
    try {
      return readEncryption(bytes)
    } catch (error) {
      // A manifest that cannot be read hides no encryption, because then nothing else can be read either.
      if (error instanceof Refusal && error.reason.startsWith('OX-')) return new Map()
      throw error
    }
  }
}
