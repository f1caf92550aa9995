import type { ThreatKind } from '@sekisho/core'

/**
 * Every rule that a report may name, with what it protects from: A runs code, N makes network contact, D leaks data, P
 * attacks a parser, S deceives the reader. A worker's report that names anything else is not believed.
 */
export const DISARM_RULES: readonly DisarmRule[] = Object.entries({
  A: `OX-VBA OX-XLM OX-ACTIVEX OX-OLE OX-CUSTOMUI OX-KEYMAP OX-WEBEXT OX-VML OX-HLINK W-DDE W-FIELD W-ALTCHUNK X-FORMULA
      X-MASHUP X-MACROATTR X-DIALOG P-ACTION P-TIMING T-CSVINJ T-BINARY PDF-JS PDF-OPEN PDF-ACTION PDF-EMBED PDF-FORM
      PDF-3D ZIP-MEMBER ZIP-TRAV ZIP-LINK ODF-MACRO ODF-OBJ ODF-EVENT RTF-OBJ H-SCRIPT H-EMBED H-SMUGGLE SVG-SCRIPT OLE-VBA
      OLE-XLM OLE-OBJ MSG-FORM M-PART M-ATT IMG-METAFILE`,
  N: `OX-OLELINK OX-EXTREL OX-UNC W-SUBDOC W-TEMPLATE W-MAILMERGE W-SETTINGS X-EXTLINK X-CONN X-PIVOT X-XMLMAP X-RICHVALUE
      X-CFDV P-MEDIA P-SLIDELINK PDF-URIBASE PDF-EXTSTREAM URL-REMOVED ODF-LINK ODF-FORM RTF-TPL RTF-FIELD H-REMOTE SVG-EXT OLE-FIELD OLE-LINK M-TRACK
      MSG-REMIND`,
  D: `OX-CUSTOMXML OX-MSIP OX-META OX-PRINTER OX-HIDDEN OX-REV W-SDT W-SMARTTAG X-SHARED P-NOTES PDF-OC PDF-META PDF-INCR
      IMG-EXIF IMG-ICC ODF-META OLE-META`,
  P: `OX-DTD OX-FONT OX-MEDIA P-3D ZIP-METHOD PDF-XREF PDF-FILTER PDF-FONT PDF-CONTENT PDF-FUNC PDF-LIMIT IMG-DECODE
      IMG-BOMB IMG-GIF IMG-TIFF IMG-WEBP IMG-BMP IMG-TRUNCATED T-ENC ODF-PKG RTF-PARSE RTF-PICT SVG-XML CAD-TOKEN H-SIZE
      OLE-CFB`,
  S: `TYPE-MISMATCH POLYGLOT NAME-CTRL NAME-CHARS NAME-EXT NAME-RESERVED NAME-LONG ZIP-NAME OX-SIG OX-MC OX-CT OX-PROT
      X-DEFNAME T-CTRL PDF-ANNOT PDF-ENC PDF-SIG PDF-VIEW PDF-NOFONT PDF-POLY IMG-TRAIL IMG-POLY IMG-ANIM
      ODF-SIG ODF-REV ODF-HIDDEN OLE-CRYPT OX-CRYPT OX-XLSB OX-STRICT OLE-CONVERTED ZIP-ENC H-CHARSET H-PHISH H-STYLE M-HEADER M-HTML MSG-CONVERTED MHT-CONVERTED
      FLATTENED`,
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

/** What the rule protects from; `undefined` for an id that is no rule. */
export function kindOf(rule: string): ThreatKind | undefined {
  return KINDS.get(rule)
}

/** True when what was removed would have run or reached out (A or N): the sender should be asked about it. */
export function isActive(rule: string): boolean {
  const kind = KINDS.get(rule)
  return kind === 'A' || kind === 'N'
}

/** Reasons for which a file is refused. */
export const REFUSAL_REASONS: readonly string[] = `
  TYPE-EMPTY TYPE-MISMATCH TYPE-DENIED TYPE-UNKNOWN TYPE-ODF TYPE-ICHITARO TYPE-DOCUWORKS
  TYPE-CAD TYPE-ARCHIVE TYPE-LZH TYPE-MAIL TYPE-HTML TYPE-IMAGE TYPE-MEDIA ENCRYPTED PASSWORD-WRONG RIGHTS
  LIMIT-SIZE LIMIT-ENTRIES LIMIT-DEPTH LIMIT-TIME LIMIT-MEMORY
  ZIP-BOMB ZIP-AMBIG ZIP-DUP ZIP-METHOD ZIP-LINK ZIP-TRAV ZIP-NAME ZIP-SFX ZIP-EMPTY NAME-LONG
  OX-CT OX-XML OX-XMLDEPTH OX-DTD OX-STRICT OX-XLSB OX-XLM
  ODF-PKG ODF-XML RTF-PARSE SVG-XML CAD-TOKEN H-SIZE M-PART M-HEADER MHT-OFFICE OLE-CFB OLE-POLICY OLE-CONVERT OLE-XLM
  FLATTEN-TOOL FLATTEN-FONT FLATTEN-FORM FLATTEN-PAGES FIDELITY-TEXT FIDELITY-IMAGE AV-HIT AV-DOWN
  T-BINARY IMG-DECODE IMG-BOMB IMG-TIFF PDF-XREF PDF-LIMIT PDF-FORM PDF-EMBED PDF-CONTENT PDF-FILTER PDF-EMPTY PDF-ENC PDF-FONT
  PDF-FUNC ENG-CRASH ENG-EMPTY ENG-LIE`
  .trim()
  .split(/\s+/)

/** Changes whenever a rule, a limit or a written form changes. Recorded with every file. */
export const RULESET_VERSION = '2026.11.2'
