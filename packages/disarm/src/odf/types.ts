/** Kinds of document by the element in `office:body`, with the types of file that may hold them. */
export interface DocumentKind {
  /** `office:…` in the body. */
  readonly body: string
  readonly mimetype: string
  readonly type: string
}

const BASE = 'application/vnd.oasis.opendocument.'

const KINDS: readonly DocumentKind[] = [
  { body: 'text', mimetype: `${BASE}text`, type: 'odt' },
  { body: 'spreadsheet', mimetype: `${BASE}spreadsheet`, type: 'ods' },
  { body: 'presentation', mimetype: `${BASE}presentation`, type: 'odp' },
  { body: 'drawing', mimetype: `${BASE}graphics`, type: 'odg' },
  { body: 'text', mimetype: `${BASE}text-template`, type: 'ott' },
  { body: 'spreadsheet', mimetype: `${BASE}spreadsheet-template`, type: 'ots' },
  { body: 'presentation', mimetype: `${BASE}presentation-template`, type: 'otp' },
  { body: 'drawing', mimetype: `${BASE}graphics-template`, type: 'otg' },
]

/** By type of file; a flat file (`fodt`) is of the kind of its package (`odt`). */
export function kindOfType(type: string): DocumentKind | undefined {
  const plain = type.startsWith('f') ? type.slice(1) : type
  return KINDS.find((one) => one.type === plain)
}

/** What a document inside another says it is, by its body. */
export const INNER_TYPES: ReadonlyMap<string, string> = new Map([
  ['chart', `${BASE}chart`],
  ['math', `${BASE}formula`],
  ...KINDS.slice(0, 4).map(({ body, mimetype }) => [body, mimetype] as const),
])
