import type { ThreatKind } from '@sekisho/core'

/**
 * Every rule that a report may name, with what it protects from: A runs code, N makes network contact, D leaks data, P
 * attacks a parser, S deceives the reader. A worker's report that names anything else is not believed.
 */
export const DISARM_RULES: readonly DisarmRule[] = Object.entries({
  A: `OX-VBA OX-XLM OX-ACTIVEX OX-OLE OX-CUSTOMUI OX-KEYMAP OX-WEBEXT OX-VML OX-HLINK W-DDE W-FIELD W-ALTCHUNK X-FORMULA
      X-MASHUP X-MACROATTR X-DIALOG P-ACTION P-TIMING T-CSVINJ T-BINARY PDF-JS PDF-OPEN PDF-ACTION PDF-EMBED PDF-FORM
      PDF-3D ZIP-MEMBER ZIP-TRAV ZIP-LINK`,
  N: `OX-OLELINK OX-EXTREL OX-UNC W-SUBDOC W-TEMPLATE W-MAILMERGE W-SETTINGS X-EXTLINK X-CONN X-PIVOT X-XMLMAP X-RICHVALUE
      X-CFDV P-MEDIA P-SLIDELINK PDF-URIBASE PDF-EXTSTREAM`,
  D: `OX-CUSTOMXML OX-MSIP OX-META OX-PRINTER OX-HIDDEN OX-REV W-SDT W-SMARTTAG X-SHARED P-NOTES PDF-OC PDF-META PDF-INCR
      IMG-EXIF IMG-ICC`,
  P: `OX-DTD OX-FONT OX-MEDIA P-3D ZIP-METHOD PDF-XREF PDF-FILTER PDF-FONT PDF-CONTENT PDF-FUNC PDF-LIMIT IMG-DECODE
      IMG-BOMB IMG-GIF IMG-TRUNCATED T-ENC`,
  S: `TYPE-MISMATCH POLYGLOT NAME-CTRL NAME-CHARS NAME-EXT NAME-RESERVED NAME-LONG ZIP-NAME OX-SIG OX-MC OX-CT OX-PROT
      X-DEFNAME T-CTRL PDF-ANNOT PDF-ENC PDF-SIG PDF-VIEW PDF-NOFONT PDF-POLY IMG-TRAIL IMG-POLY IMG-ANIM`,
}).flatMap(([kind, ids]) => ids.split(/\s+/).map((id) => ({ id, kind: kind as ThreatKind })))

export interface DisarmRule {
  readonly id: string
  readonly kind: ThreatKind
}

const KINDS: ReadonlyMap<string, ThreatKind> = new Map(
  DISARM_RULES.map(({ id, kind }) => [id, kind]),
)

/** True for a rule of this table. */
export function isDisarmRule(rule: string): boolean {
  return KINDS.has(rule)
}

/** True when what was removed would have run or reached out (A or N): the sender should be asked about it. */
export function isActive(rule: string): boolean {
  const kind = KINDS.get(rule)
  return kind === 'A' || kind === 'N'
}

/** Reasons for which a file is refused. */
export const REFUSAL_REASONS: readonly string[] = `
  TYPE-EMPTY TYPE-MISMATCH TYPE-DENIED TYPE-UNKNOWN TYPE-LEGACY-OFFICE TYPE-ODF TYPE-RTF TYPE-ICHITARO TYPE-DOCUWORKS
  TYPE-CAD TYPE-ARCHIVE TYPE-MAIL TYPE-HTML TYPE-IMAGE TYPE-MEDIA ENCRYPTED RIGHTS
  LIMIT-SIZE LIMIT-ENTRIES LIMIT-DEPTH LIMIT-TIME LIMIT-MEMORY
  ZIP-BOMB ZIP-AMBIG ZIP-DUP ZIP-METHOD ZIP-LINK ZIP-TRAV ZIP-NAME ZIP-SFX ZIP-EMPTY NAME-LONG
  OX-CT OX-XML OX-XMLDEPTH OX-DTD OX-STRICT OX-XLSB OX-XLM
  T-BINARY IMG-DECODE IMG-BOMB PDF-XREF PDF-LIMIT PDF-FORM PDF-EMBED PDF-CONTENT PDF-FILTER PDF-EMPTY PDF-ENC PDF-FONT
  PDF-FUNC ENG-CRASH ENG-EMPTY ENG-LIE`
  .trim()
  .split(/\s+/)

/** Changes whenever a rule, a limit or a written form changes. Recorded with every file. */
export const RULESET_VERSION = '2026.11.1'
