/**
 * Keys of ISO 32000-1 that may stand in a disarmed PDF, and keys that never may. Written from the standard, apart from
 * the rebuilder's own tables; a key in neither list is refused too.
 */

const words = (text: string): Set<string> => new Set(text.trim().split(/\s+/u))

/** Run code, reach out, hide a file or an older state. Named for the reader; they are not in `KEYS` either. */
export const FORBIDDEN_KEYS = words(`
  JS JavaScript AA Launch EmbeddedFile EmbeddedFiles EF RichMedia RichMediaContent RichMediaSettings 3D 3DD 3DA 3DV Movie Sound
  Rendition Renditions XFA SubmitForm ImportData GoToR GoToE Metadata PieceInfo Collection AF Perms DSS Encrypt XRefStm Ref OPI
  PS Alternates Win Mac Unix DOS UF FS NeedsRendering Requirements SpiderInfo Threads Legal CO
`)

/** Forbidden where the dictionary belongs to a stream: they would fetch the bytes from elsewhere. */
export const STREAM_FORBIDDEN_KEYS = words('F FFilter FDecodeParms')

/** Below these the keys are names chosen by the author, not keywords. */
export const FREE_KEYS = words(`
  Font XObject ExtGState ColorSpace Pattern Shading Properties CharProcs Dests RoleMap ClassMap Colorants N D R IDTree
  Solidities
`)

/** Everything a disarmed PDF may use. */
export const KEYS = words(`
  Type Subtype S Length Filter DecodeParms Predictor Colors BitsPerComponent Columns EarlyChange K EndOfLine EncodedByteAlign Rows EndOfBlock
  BlackIs1 DamagedRowsBeforeError JBIG2Globals ColorTransform
  Size Root ID Info Title
  Pages PageLabels Names Dests ViewerPreferences PageLayout PageMode Outlines OpenAction AcroForm StructTreeRoot MarkInfo Lang OCProperties
  OutputIntents Version Extensions
  Direction DisplayDocTitle HideToolbar HideMenubar HideWindowUI FitWindow CenterWindow NonFullScreenPageMode ViewArea ViewClip PrintArea PrintClip
  PrintScaling Duplex PickTrayByPDFSize NumCopies PrintPageRange
  Kids Count Parent Resources MediaBox CropBox BleedBox TrimBox ArtBox Rotate Contents Group Annots StructParents Tabs UserUnit BoxColorInfo
  Font XObject ExtGState ColorSpace Pattern Shading Properties ProcSet
  First Last Next Prev A Dest SE C F Limits Nums St P
  Rect NM M AP AS Border BS H QuadPoints MK Open Name State StateModel Popup T CA CL CreationDate Subj IRT RT IT ExData BE RD
  DA Q LE L LL LLE LLO CP IC Vertices InkList Sy Cap Measure HT W D R N I RI Mode
  BC BG RC AC IX IF SW FB Off On Yes OP op OPM
  Fields NeedAppearances SigFlags DR FT Ff V DV TU TM MaxLen Opt TI Lock DataPrep
  BaseFont Encoding ToUnicode FirstChar LastChar Widths FontDescriptor DescendantFonts CIDSystemInfo Registry Ordering Supplement DW DW2 W2
  CIDToGIDMap BaseEncoding Differences FontName FontFamily FontStretch FontWeight Flags FontBBox ItalicAngle Ascent Descent Leading CapHeight
  XHeight StemV StemH AvgWidth MaxWidth MissingWidth FontFile FontFile2 FontFile3 CharSet CIDSet Style FD Panose Length1 Length2 Length3 FontMatrix
  CharProcs CMapName WMode UseCMap
  Matrix BBox FormType StructParent OC XStep YStep PaintType TilingType PatternType Width Height ImageMask Mask SMask SMaskInData Decode
  Interpolate Intent Matte GroupType CS Isolated Knockout
  ShadingType Background AntiAlias Function Domain Coords Extend Functions Range C0 C1 Bounds Encode FunctionType Order   BitsPerCoordinate BitsPerSample BitsPerFlag VerticesPerRow
  LW LC LJ ML BM ca SA AIS TK FL SM BG2 UCR UCR2 TR TR2 HTP G WhitePoint BlackPoint Gamma Alternate Colorants Process
  Components MixingHints DotGain
  OCGs OCG BaseState ON OFF Category Event Order ListMode RBGroups Locked Usage Creator View Print Export ViewState PrintState
  VE Configs
  RoleMap ClassMap IDTree ParentTree ParentTreeNextKey Obj Pg MCID Stm StmOwn ActualText Alt E ID Suspects UserProperties Marked
  O Placement WritingMode BackgroundColor BorderColor BorderStyle BorderThickness Padding Color SpaceBefore SpaceAfter StartIndent EndIndent
  TextIndent TextAlign InlineAlign BlockAlign TBorderStyle TPadding LineHeight BaselineShift TextDecorationColor TextDecorationThickness
  TextDecorationType ColumnCount ColumnGap ColumnWidths ListNumbering RowSpan ColSpan Headers Scope Summary Role checked Desc
  URI
  MCR OBJR Attached Top Bottom Left Right Artifact
  U X Y `)
