/**
 * What a disarmed Office package may hold, written from ECMA-376 and apart from the rebuilder's tables.
 */

const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
const OPENXML = 'application/vnd.openxmlformats-officedocument.'
const WORD = `${OPENXML}wordprocessingml.`
const SHEET = `${OPENXML}spreadsheetml.`
const SLIDE = `${OPENXML}presentationml.`
const DRAWING = `${OPENXML}drawingml.`

export const OFFICE_DOCUMENT = `${OFFICE}officeDocument`
export const HYPERLINK = `${OFFICE}hyperlink`

/** Main content type → the type that comes out. Macro forms are absent on purpose. */
export const MAIN_TYPES: Readonly<Record<string, string>> = {
  [`${WORD}document.main+xml`]: 'docx',
  [`${WORD}template.main+xml`]: 'dotx',
  [`${SHEET}sheet.main+xml`]: 'xlsx',
  [`${SHEET}template.main+xml`]: 'xltx',
  [`${SLIDE}presentation.main+xml`]: 'pptx',
  [`${SLIDE}template.main+xml`]: 'potx',
  [`${SLIDE}slideshow.main+xml`]: 'ppsx',
}

/** Main content type of a document with a listed VBA project → its type. */
export const MACRO_TYPES: Readonly<Record<string, string>> = {
  'application/vnd.ms-word.document.macroEnabled.main+xml': 'docm',
  'application/vnd.ms-word.template.macroEnabledTemplate.main+xml': 'dotm',
  'application/vnd.ms-excel.sheet.macroEnabled.main+xml': 'xlsm',
  'application/vnd.ms-excel.template.macroEnabled.main+xml': 'xltm',
  'application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml': 'pptm',
  'application/vnd.ms-powerpoint.template.macroEnabled.main+xml': 'potm',
  'application/vnd.ms-powerpoint.slideshow.macroEnabled.main+xml': 'ppsm',
}
export const VBA = 'http://schemas.microsoft.com/office/2006/relationships/vbaProject'
export const VBA_TYPE = 'application/vnd.ms-office.vbaProject'
export const CORE =
  'http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties'
export const CORE_TYPE = 'application/vnd.openxmlformats-package.core-properties+xml'
export const PROGRAM =
  'http://schemas.openxmlformats.org/officeDocument/2006/relationships/extended-properties'
export const PROGRAM_TYPE = 'application/vnd.openxmlformats-officedocument.extended-properties+xml'

/** Default content types that may be declared, by extension. */
export const DEFAULT_TYPES: Readonly<Record<string, string>> = {
  rels: 'application/vnd.openxmlformats-package.relationships+xml',
  xml: 'application/xml',
  png: 'image/png',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  tiff: 'image/tiff',
  bmp: 'image/bmp',
  webp: 'image/webp',
  emf: 'image/x-emf',
  wmf: 'image/x-wmf',
  vml: `${OPENXML}vmlDrawing`,
  bin: VBA_TYPE,
}

/** Content types of pictures; their bytes are read by the verifier of that format. */
export const IMAGE_TYPES: readonly string[] = 'png jpeg gif tiff bmp webp x-emf x-wmf'
  .split(' ')
  .map((name) => `image/${name}`)

/** Content type → root element of the part. */
export const ROOTS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(MACRO_TYPES).map(([type, name]) => [
      type,
      { d: 'w:document', x: 'x:workbook', p: 'p:presentation' }[name[0]!]!,
    ]),
  ),
  [`${WORD}document.main+xml`]: 'w:document',
  [`${WORD}template.main+xml`]: 'w:document',
  [`${SHEET}sheet.main+xml`]: 'x:workbook',
  [`${SHEET}template.main+xml`]: 'x:workbook',
  [`${SLIDE}presentation.main+xml`]: 'p:presentation',
  [`${SLIDE}template.main+xml`]: 'p:presentation',
  [`${SLIDE}slideshow.main+xml`]: 'p:presentation',
  [`${OPENXML}theme+xml`]: 'a:theme',
  [`${OPENXML}themeOverride+xml`]: 'a:themeOverride',
  [`${OPENXML}drawing+xml`]: 'xdr:wsDr',
  [`${OPENXML}vmlDrawing`]: 'xml',
  [`${DRAWING}chart+xml`]: 'c:chartSpace',
  [`${DRAWING}chartshapes+xml`]: 'c:userShapes',
  [`${DRAWING}diagramData+xml`]: 'dgm:dataModel',
  [`${DRAWING}diagramLayout+xml`]: 'dgm:layoutDef',
  [`${DRAWING}diagramStyle+xml`]: 'dgm:styleDef',
  [`${DRAWING}diagramColors+xml`]: 'dgm:colorsDef',
  'application/vnd.ms-office.drawingml.diagramDrawing+xml': 'dsp:drawing',
  [`${WORD}styles+xml`]: 'w:styles',
  [`${WORD}settings+xml`]: 'w:settings',
  [`${WORD}fontTable+xml`]: 'w:fonts',
  [`${WORD}numbering+xml`]: 'w:numbering',
  [`${WORD}footnotes+xml`]: 'w:footnotes',
  [`${WORD}endnotes+xml`]: 'w:endnotes',
  [`${WORD}comments+xml`]: 'w:comments',
  [`${WORD}header+xml`]: 'w:hdr',
  [`${WORD}footer+xml`]: 'w:ftr',
  [`${SHEET}styles+xml`]: 'x:styleSheet',
  [`${SHEET}comments+xml`]: 'x:comments',
  [`${SHEET}worksheet+xml`]: 'x:worksheet',
  [`${SHEET}chartsheet+xml`]: 'x:chartsheet',
  [`${SHEET}sharedStrings+xml`]: 'x:sst',
  [`${SHEET}table+xml`]: 'x:table',
  [`${SHEET}pivotTable+xml`]: 'x:pivotTableDefinition',
  [`${SHEET}pivotCacheDefinition+xml`]: 'x:pivotCacheDefinition',
  [`${SHEET}pivotCacheRecords+xml`]: 'x:pivotCacheRecords',
  [`${SLIDE}comments+xml`]: 'p:cmLst',
  [`${SLIDE}slide+xml`]: 'p:sld',
  [`${SLIDE}slideLayout+xml`]: 'p:sldLayout',
  [`${SLIDE}slideMaster+xml`]: 'p:sldMaster',
  [`${SLIDE}notesSlide+xml`]: 'p:notes',
  [`${SLIDE}notesMaster+xml`]: 'p:notesMaster',
  [`${SLIDE}handoutMaster+xml`]: 'p:handoutMaster',
  [`${SLIDE}presProps+xml`]: 'p:presentationPr',
  [`${SLIDE}viewProps+xml`]: 'p:viewPr',
  [`${SLIDE}tableStyles+xml`]: 'a:tblStyleLst',
  [`${SLIDE}commentAuthors+xml`]: 'p:cmAuthorLst',
}

/** Relationship type → content types it may lead to. */
export const PARTS: Readonly<Record<string, readonly string[]>> = {
  [OFFICE_DOCUMENT]: [...Object.keys(MAIN_TYPES), ...Object.keys(MACRO_TYPES)],
  [VBA]: [VBA_TYPE],
  [CORE]: [CORE_TYPE],
  [PROGRAM]: [PROGRAM_TYPE],
  [`${OFFICE}image`]: IMAGE_TYPES,
  [`${OFFICE}theme`]: [`${OPENXML}theme+xml`],
  [`${OFFICE}themeOverride`]: [`${OPENXML}themeOverride+xml`],
  [`${OFFICE}drawing`]: [`${OPENXML}drawing+xml`],
  [`${OFFICE}vmlDrawing`]: [`${OPENXML}vmlDrawing`],
  [`${OFFICE}chart`]: [`${DRAWING}chart+xml`],
  [`${OFFICE}chartUserShapes`]: [`${DRAWING}chartshapes+xml`],
  [`${OFFICE}diagramData`]: [`${DRAWING}diagramData+xml`],
  [`${OFFICE}diagramLayout`]: [`${DRAWING}diagramLayout+xml`],
  [`${OFFICE}diagramQuickStyle`]: [`${DRAWING}diagramStyle+xml`],
  [`${OFFICE}diagramColors`]: [`${DRAWING}diagramColors+xml`],
  'http://schemas.microsoft.com/office/2007/relationships/diagramDrawing': [
    'application/vnd.ms-office.drawingml.diagramDrawing+xml',
  ],
  [`${OFFICE}styles`]: [`${WORD}styles+xml`, `${SHEET}styles+xml`],
  [`${OFFICE}comments`]: [`${WORD}comments+xml`, `${SHEET}comments+xml`, `${SLIDE}comments+xml`],
  ...kinds(WORD, 'settings fontTable numbering footnotes endnotes header footer'),
  ...kinds(
    SHEET,
    'worksheet chartsheet sharedStrings table pivotTable pivotCacheDefinition pivotCacheRecords',
  ),
  ...kinds(
    SLIDE,
    'slide slideLayout slideMaster notesSlide notesMaster handoutMaster presProps viewProps tableStyles commentAuthors',
  ),
}

/** Relationship types that are called like their content type. */
function kinds(family: string, names: string): Record<string, readonly string[]> {
  return Object.fromEntries(
    names.split(' ').map((name) => [`${OFFICE}${name}`, [`${family}${name}+xml`]]),
  )
}

/** Element → attribute of the relationships namespace → relationship types it may name. Any other such attribute is refused. */
export const LINKS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'w:hyperlink': { id: 'hyperlink' },
  'w:headerReference': { id: 'header' },
  'w:footerReference': { id: 'footer' },
  'v:imagedata': { id: 'image' },
  'v:fill': { id: 'image' },
  'a:blip': { embed: 'image' },
  'a:hlinkClick': { id: 'hyperlink slide' },
  'a:hlinkHover': { id: 'hyperlink slide' },
  'c:chart': { id: 'chart' },
  'c:userShapes': { id: 'chartUserShapes' },
  'dgm:relIds': {
    dm: 'diagramData',
    lo: 'diagramLayout',
    qs: 'diagramQuickStyle',
    cs: 'diagramColors',
  },
  'x:sheet': { id: 'worksheet chartsheet' },
  'x:hyperlink': { id: 'hyperlink' },
  'x:drawing': { id: 'drawing' },
  'x:legacyDrawing': { id: 'vmlDrawing' },
  'x:legacyDrawingHF': { id: 'vmlDrawing' },
  'x:picture': { id: 'image' },
  'x:tablePart': { id: 'table' },
  'x:pivotCache': { id: 'pivotCacheDefinition' },
  'x:pivotCacheDefinition': { id: 'pivotCacheRecords' },
  'p:sldId': { id: 'slide' },
  'p:sldMasterId': { id: 'slideMaster' },
  'p:notesMasterId': { id: 'notesMaster' },
  'p:handoutMasterId': { id: 'handoutMaster' },
  'p:sldLayoutId': { id: 'slideLayout' },
}

/** Elements whose every attribute is on a list: cells (no metadata of rich values) and all that leads somewhere. */
export const ATTRIBUTES: Readonly<Record<string, string>> = {
  'x:c': 'r s t ph',
  'x:hyperlink': 'ref tooltip display location id',
  'x:legacyDrawing': 'id',
  'x:legacyDrawingHF': 'id',
  'w:hyperlink': 'anchor history tooltip id',
  'a:hlinkClick': 'id action',
  'a:hlinkHover': 'id action',
  'dgm:relIds': 'dm lo qs cs',
  'dsp:dataModelExt': 'relId',
}

/** Root element → relationship types that mean something by existing. Any other must be named by an element of the part. */
export const IMPLICIT: Readonly<Record<string, string>> = {
  'w:document':
    'theme styles settings fontTable numbering footnotes endnotes comments diagramDrawing vbaProject',
  'x:workbook': 'theme styles sharedStrings vbaProject',
  'p:presentation': 'theme presProps viewProps tableStyles commentAuthors vbaProject',
  'w:hdr': 'diagramDrawing',
  'w:ftr': 'diagramDrawing',
  'x:worksheet': 'pivotTable comments',
  'x:pivotTableDefinition': 'pivotCacheDefinition',
  'xdr:wsDr': 'diagramDrawing',
  'c:chartSpace': 'themeOverride',
  'p:sld': 'slideLayout notesSlide comments diagramDrawing themeOverride',
  'p:sldLayout': 'slideMaster themeOverride diagramDrawing',
  'p:sldMaster': 'theme diagramDrawing',
  'p:notes': 'notesMaster slide themeOverride',
  'p:notesMaster': 'theme',
  'p:handoutMaster': 'theme',
}

/** Elements that may never stand, whatever the namespace and whatever the vocabulary says: they run, embed, fetch or bind. */
export const FORBIDDEN_ELEMENTS: ReadonlySet<string> = new Set(
  (
    'OLEObject oleObject oleObj oleObjects object control controls altChunk subDoc attachedTemplate mailMerge saveThroughXslt attachedSchema ' +
    'dataBinding webextension webextensionref snapshot externalReference externalReferences ddeLink oleLink externalBook queryTable ' +
    'connection connections webPr dbPr olapPr textPr xmlMaps Map singleXmlCell webPublishItem webPublishItems externalData embeddedFont ' +
    'embedRegular embedBold embedItalic embedBoldItalic AlternateContent Choice Fallback audioFile videoFile quickTimeFile wavAudioFile audioCd ' +
    'snd sndAc stSnd cmd custShow webVideoPr model3d script frameset cfRuleScript binData movie legacyDrawingMacro userShapesMacro ' +
    'FmlaMacro FmlaPict imagedataHref customUI smartTag customXml customXmlPr documentScript hdrShapeDefaults hlinkMouseOver'
  ).split(' '),
)

/** Attributes that may never stand: they name a macro, something outside, or a session of an author. */
export const FORBIDDEN_ATTRIBUTES: ReadonlySet<string> = new Set(
  (
    'macro fmlaMacro FmlaMacro href src template dde autoLoad updateAutomatic oleUpdate linkTarget programId progId schemaLocation ' +
    'noNamespaceSchemaLocation hyperlinkBase connectionId xmlMapId refreshOnLoad codeName securityDescriptor vbProcedure paraId textId'
  ).split(' '),
)
/** Events of VML and HTML; `on` alone is a switch. */
export const EVENT_ATTRIBUTE = /^(?:on[A-Za-z]{3,}|rsid[A-Za-z]*)$/u

/** Namespace → the one prefix it is written with. */
export const NAMESPACES: Readonly<Record<string, string>> = {
  'http://schemas.openxmlformats.org/spreadsheetml/2006/main': '',
  'http://schemas.openxmlformats.org/wordprocessingml/2006/main': 'w',
  'http://schemas.openxmlformats.org/presentationml/2006/main': 'p',
  'http://schemas.openxmlformats.org/officeDocument/2006/relationships': 'r',
  'http://schemas.openxmlformats.org/drawingml/2006/main': 'a',
  'http://schemas.openxmlformats.org/drawingml/2006/picture': 'pic',
  'http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing': 'wp',
  'http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing': 'xdr',
  'http://schemas.openxmlformats.org/drawingml/2006/chart': 'c',
  'http://schemas.openxmlformats.org/drawingml/2006/chartDrawing': 'cdr',
  'http://schemas.openxmlformats.org/drawingml/2006/diagram': 'dgm',
  'http://schemas.openxmlformats.org/drawingml/2006/lockedCanvas': 'lc',
  'http://schemas.openxmlformats.org/officeDocument/2006/math': 'm',
  'http://schemas.openxmlformats.org/markup-compatibility/2006': 'mc',
  'http://schemas.microsoft.com/office/drawing/2008/diagram': 'dsp',
  'http://schemas.microsoft.com/office/word/2010/wordml': 'w14',
  'http://schemas.microsoft.com/office/word/2010/wordprocessingDrawing': 'wp14',
  'http://schemas.microsoft.com/office/word/2010/wordprocessingShape': 'wps',
  'http://schemas.microsoft.com/office/word/2010/wordprocessingGroup': 'wpg',
  'http://schemas.microsoft.com/office/word/2010/wordprocessingCanvas': 'wpc',
  'http://schemas.microsoft.com/office/spreadsheetml/2009/9/main': 'x14',
  'http://schemas.microsoft.com/office/excel/2006/main': 'xm',
  'urn:schemas-microsoft-com:vml': 'v',
  'urn:schemas-microsoft-com:office:office': 'o',
  'urn:schemas-microsoft-com:office:word': 'w10',
  'urn:schemas-microsoft-com:office:excel': 'x',
}

/** What a graphic frame may hold. */
export const GRAPHICS: ReadonlySet<string> = new Set([
  ...['picture', 'chart', 'diagram', 'table', 'lockedCanvas'].map(
    (name) => `http://schemas.openxmlformats.org/drawingml/2006/${name}`,
  ),
  ...['Shape', 'Group', 'Canvas'].map(
    (name) => `http://schemas.microsoft.com/office/word/2010/wordprocessing${name}`,
  ),
])

/** Extensions by URI: conditional formatting, its link, data validation, sparklines; the drawn form of a diagram. */
export const EXTENSIONS: ReadonlySet<string> = new Set([
  '{78C0D931-6437-407d-A8EE-F0AAD7539E65}',
  '{B025F937-C7B1-47D3-B67F-A62EFF666E3E}',
  '{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}',
  '{05C60535-1F16-4fd2-B693-F4F36F0B64E0}',
  'http://schemas.microsoft.com/office/drawing/2008/diagram',
])

/** Fields of Word that stay (grammar). */
export const FIELDS: ReadonlySet<string> = new Set(
  (
    'PAGE NUMPAGES SECTION SECTIONPAGES TOC TC XE INDEX REF PAGEREF NOTEREF SEQ STYLEREF DATE TIME CREATEDATE SAVEDATE PRINTDATE ' +
    'MERGEFIELD FORMTEXT FORMCHECKBOX FORMDROPDOWN SYMBOL ADVANCE = IF QUOTE HYPERLINK EQ SET'
  ).split(' '),
)

/** Worksheet functions that only compute from cells of the same book. */
export const FUNCTIONS = new Set(
  `
  ABS ACCRINT ACCRINTM ACOS ACOSH ACOT ACOTH ADDRESS AGGREGATE AMORDEGRC AMORLINC AND ARABIC AREAS ARRAYTOTEXT ASC ASIN ASINH ATAN ATAN2 ATANH AVEDEV
  AVERAGE AVERAGEA AVERAGEIF AVERAGEIFS BAHTTEXT BASE BESSELI BESSELJ BESSELK BESSELY BETA.DIST BETA.INV BETADIST BETAINV BIN2DEC BIN2HEX BIN2OCT
  BINOM.DIST BINOM.DIST.RANGE BINOM.INV BINOMDIST BITAND BITLSHIFT BITOR BITRSHIFT BITXOR BYCOL BYROW CEILING CEILING.MATH CEILING.PRECISE CELL CHAR
  CHIDIST CHIINV CHISQ.DIST CHISQ.DIST.RT CHISQ.INV CHISQ.INV.RT CHISQ.TEST CHITEST CHOOSE CHOOSECOLS CHOOSEROWS CLEAN CODE COLUMN COLUMNS COMBIN COMBINA
  COMPLEX CONCAT CONCATENATE CONFIDENCE CONFIDENCE.NORM CONFIDENCE.T CONVERT CORREL COS COSH COT COTH COUNT COUNTA COUNTBLANK COUNTIF COUNTIFS COUPDAYBS
  COUPDAYS COUPDAYSNC COUPNCD COUPNUM COUPPCD COVAR COVARIANCE.P COVARIANCE.S CRITBINOM CSC CSCH CUMIPMT CUMPRINC DATE DATEDIF DATESTRING DATEVALUE DAVERAGE DAY
  DAYS DAYS360 DB DBCS DCOUNT DCOUNTA DDB DEC2BIN DEC2HEX DEC2OCT DECIMAL DEGREES DELTA DEVSQ DGET DISC DMAX DMIN DOLLAR DOLLARDE DOLLARFR DPRODUCT DROP
  DSTDEV DSTDEVP DSUM DURATION DVAR DVARP ECMA.CEILING EDATE EFFECT ENCODEURL EOMONTH ERF ERF.PRECISE ERFC ERFC.PRECISE ERROR.TYPE EVEN EXACT EXP EXPAND
  EXPON.DIST EXPONDIST F.DIST F.DIST.RT F.INV F.INV.RT F.TEST FACT FACTDOUBLE FALSE FDIST FILTER FIND FINDB FINV FISHER FISHERINV FIXED FLOOR FLOOR.MATH
  FLOOR.PRECISE FORECAST FORECAST.ETS FORECAST.ETS.CONFINT FORECAST.ETS.SEASONALITY FORECAST.ETS.STAT FORECAST.LINEAR FORMULATEXT FREQUENCY FTEST FV
  FVSCHEDULE GAMMA GAMMA.DIST GAMMA.INV GAMMADIST GAMMAINV GAMMALN GAMMALN.PRECISE GAUSS GCD GEOMEAN GESTEP GETPIVOTDATA GROUPBY GROWTH HARMEAN HEX2BIN HEX2DEC
  HEX2OCT HLOOKUP HOUR HSTACK HYPGEOM.DIST HYPGEOMDIST IF IFERROR IFNA IFS IMABS IMAGINARY IMARGUMENT IMCONJUGATE IMCOS IMCOSH IMCOT IMCSC IMCSCH IMDIV IMEXP
  IMLN IMLOG10 IMLOG2 IMPOWER IMPRODUCT IMREAL IMSEC IMSECH IMSIN IMSINH IMSQRT IMSUB IMSUM IMTAN INDEX INDIRECT INFO INT INTERCEPT INTRATE IPMT IRR ISBLANK ISERR
  ISERROR ISEVEN ISFORMULA ISLOGICAL ISNA ISNONTEXT ISNUMBER ISO.CEILING ISODD ISOMITTED ISOWEEKNUM ISPMT ISREF ISTEXT JIS KURT LAMBDA LARGE LCM LEFT LEFTB LEN LENB
  LET LINEST LN LOG LOG10 LOGEST LOGINV LOGNORM.DIST LOGNORM.INV LOGNORMDIST LOOKUP LOWER MAKEARRAY MAP MATCH MAX MAXA MAXIFS MDETERM MDURATION MEDIAN MID MIDB MIN
  MINA MINIFS MINUTE MINVERSE MIRR MMULT MOD MODE MODE.MULT MODE.SNGL MONTH MROUND MULTINOMIAL MUNIT N NA NEGBINOM.DIST NEGBINOMDIST NETWORKDAYS NETWORKDAYS.INTL
  NOMINAL NORM.DIST NORM.INV NORM.S.DIST NORM.S.INV NORMDIST NORMINV NORMSDIST NORMSINV NOT NOW NPER NPV NUMBERSTRING NUMBERVALUE OCT2BIN OCT2DEC OCT2HEX ODD
  ODDFPRICE ODDFYIELD ODDLPRICE ODDLYIELD OFFSET OR PDURATION PEARSON PERCENTILE PERCENTILE.EXC PERCENTILE.INC PERCENTOF PERCENTRANK PERCENTRANK.EXC
  PERCENTRANK.INC PERMUT PERMUTATIONA PHI PHONETIC PI PIVOTBY PMT POISSON POISSON.DIST POWER PPMT PRICE PRICEDISC PRICEMAT PROB PRODUCT PROPER PV QUARTILE QUARTILE.EXC
  QUARTILE.INC QUOTIENT RADIANS RAND RANDARRAY RANDBETWEEN RANK RANK.AVG RANK.EQ RATE RECEIVED REDUCE REGEXEXTRACT REGEXREPLACE REGEXTEST REPLACE REPLACEB REPT RIGHT
  RIGHTB ROMAN ROUND ROUNDDOWN ROUNDUP ROW ROWS RRI RSQ SCAN SEARCH SEARCHB SEC SECH SECOND SEQUENCE SERIESSUM SHEET SHEETS SIGN SIN SINGLE SINH SKEW SKEW.P SLN SLOPE
  SMALL SORT SORTBY SQRT SQRTPI STANDARDIZE STDEV STDEV.P STDEV.S STDEVA STDEVP STDEVPA STEYX SUBSTITUTE SUBTOTAL SUM SUMIF SUMIFS SUMPRODUCT SUMSQ SUMX2MY2
  SUMX2PY2 SUMXMY2 SWITCH SYD T T.DIST T.DIST.2T T.DIST.RT T.INV T.INV.2T T.TEST TAKE TAN TANH TBILLEQ TBILLPRICE TBILLYIELD TDIST TEXT TEXTAFTER TEXTBEFORE
  TEXTJOIN TEXTSPLIT TIME TIMEVALUE TINV TOCOL TODAY TOROW TRANSLATE TRANSPOSE TREND TRIM TRIMMEAN TRIMRANGE TRUE TRUNC TTEST TYPE UNICHAR UNICODE UNIQUE UPPER
  USDOLLAR VALUE VALUETOTEXT VAR VAR.P VAR.S VARA VARP VARPA VDB VLOOKUP VSTACK WEEKDAY WEEKNUM WEIBULL WEIBULL.DIST WORKDAY WORKDAY.INTL WRAPCOLS WRAPROWS XIRR XLOOKUP
  XMATCH XNPV XOR YEAR YEARFRAC YEN YIELD YIELDDISC YIELDMAT Z.TEST ZTEST ANCHORARRAY
  `
    .trim()
    .split(/\s+/u),
)
