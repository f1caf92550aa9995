/**
 * The namespaces an output may use, with the one prefix each is written with. The table is the allow-list: an element or
 * attribute of any other namespace is not written. Names are those of ECMA-376 (transitional) and [MS-DOCX], [MS-XLSX],
 * [MS-PPTX], [MS-ODRAWXML].
 */
export const NAMESPACES: ReadonlyMap<string, string> = new Map([
  ['http://schemas.openxmlformats.org/package/2006/content-types', ''],
  ['http://schemas.openxmlformats.org/package/2006/relationships', ''],
  ['http://schemas.openxmlformats.org/spreadsheetml/2006/main', ''],
  ['http://schemas.openxmlformats.org/wordprocessingml/2006/main', 'w'],
  ['http://schemas.openxmlformats.org/presentationml/2006/main', 'p'],
  ['http://schemas.openxmlformats.org/officeDocument/2006/relationships', 'r'],
  ['http://schemas.openxmlformats.org/drawingml/2006/main', 'a'],
  ['http://schemas.openxmlformats.org/drawingml/2006/picture', 'pic'],
  ['http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing', 'wp'],
  ['http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing', 'xdr'],
  ['http://schemas.openxmlformats.org/drawingml/2006/chart', 'c'],
  ['http://schemas.openxmlformats.org/drawingml/2006/chartDrawing', 'cdr'],
  ['http://schemas.openxmlformats.org/drawingml/2006/diagram', 'dgm'],
  ['http://schemas.openxmlformats.org/drawingml/2006/lockedCanvas', 'lc'],
  ['http://schemas.microsoft.com/office/drawing/2008/diagram', 'dsp'],
  ['http://schemas.openxmlformats.org/officeDocument/2006/math', 'm'],
  ['http://schemas.microsoft.com/office/word/2010/wordml', 'w14'],
  ['http://schemas.microsoft.com/office/word/2010/wordprocessingDrawing', 'wp14'],
  ['http://schemas.microsoft.com/office/word/2010/wordprocessingShape', 'wps'],
  ['http://schemas.microsoft.com/office/word/2010/wordprocessingGroup', 'wpg'],
  ['http://schemas.microsoft.com/office/word/2010/wordprocessingCanvas', 'wpc'],
  ['http://schemas.microsoft.com/office/spreadsheetml/2009/9/main', 'x14'],
  ['http://schemas.microsoft.com/office/excel/2006/main', 'xm'],
  ['urn:schemas-microsoft-com:vml', 'v'],
  ['urn:schemas-microsoft-com:office:office', 'o'],
  ['urn:schemas-microsoft-com:office:word', 'w10'],
  ['urn:schemas-microsoft-com:office:excel', 'x'],
  ['http://schemas.openxmlformats.org/markup-compatibility/2006', 'mc'],
])

/** Prefixes that an older reader may skip: named in `mc:Ignorable` of the root when they were used. */
export const IGNORABLE: ReadonlySet<string> = new Set(['w14', 'wp14'])

export const MARKUP = 'http://schemas.openxmlformats.org/markup-compatibility/2006'
export const RELATIONSHIPS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
export const PACKAGE_RELATIONSHIPS = 'http://schemas.openxmlformats.org/package/2006/relationships'
export const CONTENT_TYPES = 'http://schemas.openxmlformats.org/package/2006/content-types'
export const SHEET = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
export const WORD = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'
export const SLIDE = 'http://schemas.openxmlformats.org/presentationml/2006/main'
export const DRAWING = 'http://schemas.openxmlformats.org/drawingml/2006/main'
export const CHART = 'http://schemas.openxmlformats.org/drawingml/2006/chart'
export const WORD_DRAWING = 'http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing'
export const SHEET_DRAWING = 'http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing'
export const VML = 'urn:schemas-microsoft-com:vml'
export const OFFICE = 'urn:schemas-microsoft-com:office:office'
export const EXCEL_VML = 'urn:schemas-microsoft-com:office:excel'

/**
 * Namespaces that hold only traces of editing sessions (revision ids, GUIDs, authors). They are left out like
 * `docProps`, and counted as metadata, not as unknown content.
 */
export const TRACES: ReadonlySet<string> = new Set([
  'http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac',
  'http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac',
  'http://schemas.microsoft.com/office/spreadsheetml/2014/revision',
  'http://schemas.microsoft.com/office/spreadsheetml/2015/revision2',
  'http://schemas.microsoft.com/office/spreadsheetml/2016/revision3',
  'http://schemas.microsoft.com/office/spreadsheetml/2016/revision6',
  'http://schemas.microsoft.com/office/spreadsheetml/2016/revision9',
  'http://schemas.microsoft.com/office/spreadsheetml/2016/revision10',
  'http://schemas.microsoft.com/office/drawing/2014/main',
  'http://schemas.microsoft.com/office/drawing/2014/chart',
  'http://schemas.microsoft.com/office/word/2012/wordml',
  'http://schemas.microsoft.com/office/word/2016/wordml/cid',
  'http://schemas.microsoft.com/office/word/2018/wordml/cex',
  'http://schemas.microsoft.com/office/word/2023/wordml/word16du',
  'http://schemas.microsoft.com/office/powerpoint/2010/main',
])
