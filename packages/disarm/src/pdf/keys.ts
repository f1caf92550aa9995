/**
 * Keys that are never written and whose loss changes nothing a reader shows: obsolete, derived, or written anew by us.
 * They are not worth a line in a report.
 */
const SILENT = new Set(
  `Type Subtype Length Filter DecodeParms DL Length1 Length2 Length3 ProcSet Name Parent Pages Kids Count Version
   Extensions Names Dests Limits CIDSet FD NM P Popup IRT RT Prev Next First Last SE ID IDTree CMapName UseCMap WMode
   CIDSystemInfo CharSet B PZ Encoding MK Lock D R S FormType Alternate Range Colorants Process MixingHints Usage
   ColorTransform Resources Order NeedsRendering SigFlags H TM Matte SMaskInData HT HTP BG BG2 UCR UCR2 FL HTO NS
   Namespaces DR WinCharSet I RI IX IF AC FontMatrix FontBBox`.split(/\s+/u),
)

export function isSilent(key: string): boolean {
  return SILENT.has(key)
}

/** Keys whose loss the census of the whole input reports under a rule of its own, or that are not lost. */
const CENSUS = new Set(
  `JS JavaScript AA OpenAction A PA Dest EmbeddedFiles EF AF Collection XFA RV RC DS CO V ByteRange Perms DSS Legal URI
   F FFilter FDecodeParms Ref OPI PS Alternates Metadata PieceInfo Thumb LastModified SpiderInfo Threads OutputIntents
   Info CreationDate M T ModDate Trans Dur Requirements PresSteps 3DA 3DD 3DV 3DI RichMediaContent RichMediaSettings
   Movie Sound FS PMD Rendition Renditions OnInstantiate`.split(/\s+/u),
)

export function isReportedByCensus(key: string): boolean {
  return CENSUS.has(key)
}
