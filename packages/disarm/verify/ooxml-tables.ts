/**
 * What a disarmed Office package may hold, written from ECMA-376 and apart from the rebuilder's tables. Relationship types
 * are named by their last segment; the namespace in front must be one of `RELATIONSHIP_BASES`.
 */

export const RELATIONSHIP_BASES: readonly string[] = [
  'http://schemas.openxmlformats.org/officeDocument/2006/relationships/',
  'http://schemas.openxmlformats.org/package/2006/relationships/metadata/',
  'http://purl.oclc.org/ooxml/officeDocument/relationships/',
  'http://schemas.microsoft.com/office/2006/relationships/',
  'http://schemas.microsoft.com/office/2007/relationships/',
  'http://schemas.microsoft.com/office/2011/relationships/',
  'http://schemas.microsoft.com/office/2016/09/relationships/',
  'http://schemas.microsoft.com/office/2017/10/relationships/',
  'http://schemas.microsoft.com/office/2017/06/relationships/',
  'http://schemas.microsoft.com/office/2018/08/relationships/',
  'http://schemas.microsoft.com/office/2020/02/relationships/',
]

const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml.'
const SHEET = 'application/vnd.openxmlformats-officedocument.spreadsheetml.'
const SLIDE = 'application/vnd.openxmlformats-officedocument.presentationml.'
const DRAWING = 'application/vnd.openxmlformats-officedocument.drawingml.'

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

const IMAGES = ['image/png', 'image/jpeg', 'image/gif']

/** Relationship → content types it may point to. */
export const PARTS: Readonly<Record<string, readonly string[]>> = {
  officeDocument: Object.keys(MAIN_TYPES),
  'core-properties': ['application/vnd.openxmlformats-package.core-properties+xml'],
  'extended-properties': ['application/vnd.openxmlformats-officedocument.extended-properties+xml'],
  theme: ['application/vnd.openxmlformats-officedocument.theme+xml'],
  themeOverride: ['application/vnd.openxmlformats-officedocument.themeOverride+xml'],
  image: IMAGES,
  chart: [`${DRAWING}chart+xml`],
  chartEx: ['application/vnd.ms-office.chartex+xml'],
  chartUserShapes: [`${DRAWING}chartshapes+xml`],
  chartStyle: ['application/vnd.ms-office.chartstyle+xml'],
  chartColorStyle: ['application/vnd.ms-office.chartcolorstyle+xml'],
  diagramData: [`${DRAWING}diagramData+xml`],
  diagramLayout: [`${DRAWING}diagramLayout+xml`],
  diagramQuickStyle: [`${DRAWING}diagramStyle+xml`],
  diagramColors: [`${DRAWING}diagramColors+xml`],
  diagramDrawing: ['application/vnd.ms-office.drawingml.diagramDrawing+xml'],
  styles: [`${WORD}styles+xml`, `${SHEET}styles+xml`],
  stylesWithEffects: ['application/vnd.ms-word.stylesWithEffects+xml'],
  settings: [`${WORD}settings+xml`],
  webSettings: [`${WORD}webSettings+xml`],
  fontTable: [`${WORD}fontTable+xml`],
  numbering: [`${WORD}numbering+xml`],
  header: [`${WORD}header+xml`],
  footer: [`${WORD}footer+xml`],
  footnotes: [`${WORD}footnotes+xml`],
  endnotes: [`${WORD}endnotes+xml`],
  comments: [`${WORD}comments+xml`, `${SHEET}comments+xml`, `${SLIDE}comments+xml`],
  commentsExtended: [`${WORD}commentsExtended+xml`],
  commentsIds: [`${WORD}commentsIds+xml`],
  commentsExtensible: [`${WORD}commentsExtensible+xml`],
  people: [`${WORD}people+xml`],
  worksheet: [`${SHEET}worksheet+xml`],
  chartsheet: [`${SHEET}chartsheet+xml`],
  sharedStrings: [`${SHEET}sharedStrings+xml`],
  sheetMetadata: [`${SHEET}sheetMetadata+xml`],
  table: [`${SHEET}table+xml`],
  drawing: ['application/vnd.openxmlformats-officedocument.drawing+xml'],
  vmlDrawing: ['application/vnd.openxmlformats-officedocument.vmlDrawing'],
  pivotTable: [`${SHEET}pivotTable+xml`],
  pivotCacheDefinition: [`${SHEET}pivotCacheDefinition+xml`],
  pivotCacheRecords: [`${SHEET}pivotCacheRecords+xml`],
  threadedComment: ['application/vnd.ms-excel.threadedcomments+xml'],
  person: ['application/vnd.ms-excel.person+xml'],
  slicer: ['application/vnd.ms-excel.slicer+xml'],
  slicerCache: ['application/vnd.ms-excel.slicerCache+xml'],
  timeline: ['application/vnd.ms-excel.timeline+xml'],
  timelineCache: ['application/vnd.ms-excel.timelineCache+xml'],
  ctrlProp: ['application/vnd.ms-excel.controlproperties+xml'],
  slide: [`${SLIDE}slide+xml`],
  slideLayout: [`${SLIDE}slideLayout+xml`],
  slideMaster: [`${SLIDE}slideMaster+xml`],
  notesSlide: [`${SLIDE}notesSlide+xml`],
  notesMaster: [`${SLIDE}notesMaster+xml`],
  handoutMaster: [`${SLIDE}handoutMaster+xml`],
  presProps: [`${SLIDE}presProps+xml`],
  viewProps: [`${SLIDE}viewProps+xml`],
  tableStyles: [`${SLIDE}tableStyles+xml`],
  commentAuthors: [`${SLIDE}commentAuthors+xml`],
  authors: ['application/vnd.ms-powerpoint.authors+xml'],
}

/** Elements that may never stand, whatever the namespace: they run, embed, fetch or bind. */
export const FORBIDDEN_ELEMENTS = new Set(
  (
    'OLEObject oleObject oleObj oleObjects object control controls altChunk subDoc attachedTemplate mailMerge saveThroughXslt attachedSchema ' +
    'dataBinding webextension webextensionref snapshot externalReference externalReferences ddeLink oleLink externalBook queryTable ' +
    'connection connections webPr dbPr olapPr textPr xmlMaps Map singleXmlCell webPublishItem webPublishItems externalData embeddedFont ' +
    'embedRegular embedBold embedItalic embedBoldItalic AlternateContent Choice Fallback audioFile videoFile quickTimeFile wavAudioFile audioCd ' +
    'snd sndAc stSnd cmd custShow webVideoPr model3d script frameset cfRuleScript binData movie legacyDrawingMacro userShapesMacro ' +
    'FmlaMacro FmlaPict imagedataHref customUI smartTag customXml customXmlPr documentScript hdrShapeDefaults'
  ).split(' '),
)

/** Attributes that may never stand. */
export const FORBIDDEN_ATTRIBUTES = new Set(
  (
    'macro fmlaMacro onAction onLoad onmouseover onclick onload onerror refreshOnLoad updateAutomatic autoUpdate autoLoad href src ' +
    'linkTarget template dde oleUpdate connectionId xmlMapId codeName programId progId schemaLocation noNamespaceSchemaLocation ' +
    'hyperlinkBase base'
  ).split(' '),
)

/** Namespaces a part may use. Prefix match: Microsoft dates its extensions. */
export const NAMESPACE_PREFIXES: readonly string[] = [
  'http://schemas.openxmlformats.org/wordprocessingml/2006/main',
  'http://schemas.openxmlformats.org/spreadsheetml/2006/main',
  'http://schemas.openxmlformats.org/presentationml/2006/main',
  'http://schemas.openxmlformats.org/drawingml/2006/',
  'http://schemas.openxmlformats.org/officeDocument/2006/',
  'http://schemas.openxmlformats.org/package/2006/',
  'http://schemas.openxmlformats.org/markup-compatibility/2006',
  'http://purl.oclc.org/ooxml/',
  'http://purl.org/dc/',
  'http://www.w3.org/XML/1998/namespace',
  'http://www.w3.org/2001/XMLSchema-instance',
  'http://schemas.microsoft.com/office/',
  'urn:schemas-microsoft-com:vml',
  'urn:schemas-microsoft-com:office:',
]

/** Fields of Word that stay (grammar). */
export const FIELDS = new Set(
  (
    'PAGE NUMPAGES SECTION SECTIONPAGES TOC TC XE INDEX REF PAGEREF NOTEREF SEQ STYLEREF DATE TIME CREATEDATE SAVEDATE PRINTDATE ' +
    'MERGEFIELD FORMTEXT FORMCHECKBOX FORMDROPDOWN SYMBOL ADVANCE IF QUOTE HYPERLINK EQ SET'
  ).split(' '),
)

/** Functions that call out of the workbook, fetch, or run. Everything not in `FUNCTIONS` is refused anyway. */
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
