/**
 * What each relationship type means. `KINDS` is the allow-list: what may be followed, which content types the target
 * may have, what it is written as. `DROPPED` only gives known dangers their names; a type in neither is dropped as `OX-CT`.
 */
export interface PartKind {
  readonly id: string
  /** Content types the input may declare for it (compared in lower case). */
  readonly accepts: readonly string[]
  /** Content type written. */
  readonly type: string
  /** Path written; `#` becomes a number. */
  readonly path: string
  /** Root element that the part must have, as in `vocabulary.ts`. Absent for images. */
  readonly root?: string
}

const DOCUMENT = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006/relationships/'
const MICROSOFT = 'http://schemas.microsoft.com/office/'
const OPENXML = 'application/vnd.openxmlformats-officedocument.'

function part(id: string, suffix: string, path: string, root: string): [string, PartKind] {
  const type = suffix.startsWith('application/') ? suffix : OPENXML + suffix
  return [DOCUMENT + id, { id, accepts: [type.toLowerCase()], type, path, root }]
}

/** Image content types that are looked at; what they really are, their bytes tell. */
const IMAGE_TYPES = /^(?:image\/|application\/x-(?:emf|wmf|msmetafile)$)/

export function isImageType(type: string): boolean {
  return IMAGE_TYPES.test(type)
}

export const IMAGE: PartKind = {
  id: 'image',
  accepts: [],
  type: 'image/png',
  path: 'media/image#',
}

const W = 'wordprocessingml.'
const X = 'spreadsheetml.'
const P = 'presentationml.'

export const KINDS: ReadonlyMap<string, PartKind> = new Map([
  [DOCUMENT + 'image', IMAGE],
  part('theme', 'theme+xml', 'theme/theme#.xml', 'a:theme'),
  part('themeOverride', 'themeOverride+xml', 'theme/themeOverride#.xml', 'a:themeOverride'),
  part('chart', 'drawingml.chart+xml', 'charts/chart#.xml', 'c:chartSpace'),
  part('chartUserShapes', 'drawingml.chartshapes+xml', 'drawings/shapes#.xml', 'c:userShapes'),
  part('diagramData', 'drawingml.diagramData+xml', 'diagrams/data#.xml', 'dgm:dataModel'),
  part('diagramLayout', 'drawingml.diagramLayout+xml', 'diagrams/layout#.xml', 'dgm:layoutDef'),
  part('diagramQuickStyle', 'drawingml.diagramStyle+xml', 'diagrams/style#.xml', 'dgm:styleDef'),
  part('diagramColors', 'drawingml.diagramColors+xml', 'diagrams/colors#.xml', 'dgm:colorsDef'),
  [
    MICROSOFT + '2007/relationships/diagramDrawing',
    {
      id: 'diagramDrawing',
      accepts: ['application/vnd.ms-office.drawingml.diagramdrawing+xml'],
      type: 'application/vnd.ms-office.drawingml.diagramDrawing+xml',
      path: 'diagrams/drawing#.xml',
      root: 'dsp:drawing',
    },
  ],
  part('styles', `${W}styles+xml`, 'styles.xml', 'w:styles'),
  part('settings', `${W}settings+xml`, 'settings.xml', 'w:settings'),
  part('fontTable', `${W}fontTable+xml`, 'fontTable.xml', 'w:fonts'),
  part('numbering', `${W}numbering+xml`, 'numbering.xml', 'w:numbering'),
  part('footnotes', `${W}footnotes+xml`, 'footnotes.xml', 'w:footnotes'),
  part('endnotes', `${W}endnotes+xml`, 'endnotes.xml', 'w:endnotes'),
  part('comments', `${W}comments+xml`, 'comments#.xml', 'w:comments'),
  part('header', `${W}header+xml`, 'header#.xml', 'w:hdr'),
  part('footer', `${W}footer+xml`, 'footer#.xml', 'w:ftr'),
  part('worksheet', `${X}worksheet+xml`, 'worksheets/sheet#.xml', 'x:worksheet'),
  part('chartsheet', `${X}chartsheet+xml`, 'chartsheets/sheet#.xml', 'x:chartsheet'),
  part('sharedStrings', `${X}sharedStrings+xml`, 'sharedStrings.xml', 'x:sst'),
  part('table', `${X}table+xml`, 'tables/table#.xml', 'x:table'),
  part('pivotTable', `${X}pivotTable+xml`, 'pivotTables/pivotTable#.xml', 'x:pivotTableDefinition'),
  part(
    'pivotCacheDefinition',
    `${X}pivotCacheDefinition+xml`,
    'pivotCache/definition#.xml',
    'x:pivotCacheDefinition',
  ),
  part(
    'pivotCacheRecords',
    `${X}pivotCacheRecords+xml`,
    'pivotCache/records#.xml',
    'x:pivotCacheRecords',
  ),
  part('drawing', 'drawing+xml', 'drawings/drawing#.xml', 'xdr:wsDr'),
  part('slide', `${P}slide+xml`, 'slides/slide#.xml', 'p:sld'),
  part('slideLayout', `${P}slideLayout+xml`, 'slideLayouts/slideLayout#.xml', 'p:sldLayout'),
  part('slideMaster', `${P}slideMaster+xml`, 'slideMasters/slideMaster#.xml', 'p:sldMaster'),
  part('notesSlide', `${P}notesSlide+xml`, 'notesSlides/notesSlide#.xml', 'p:notes'),
  part('notesMaster', `${P}notesMaster+xml`, 'notesMasters/notesMaster#.xml', 'p:notesMaster'),
  part(
    'handoutMaster',
    `${P}handoutMaster+xml`,
    'handoutMasters/handoutMaster#.xml',
    'p:handoutMaster',
  ),
  part('presProps', `${P}presProps+xml`, 'presProps.xml', 'p:presentationPr'),
  part('viewProps', `${P}viewProps+xml`, 'viewProps.xml', 'p:viewPr'),
  part('tableStyles', `${P}tableStyles+xml`, 'tableStyles.xml', 'a:tblStyleLst'),
  part('commentAuthors', `${P}commentAuthors+xml`, 'commentAuthors.xml', 'p:cmAuthorLst'),
])

/** A VBA project. It is only followed when the town lists its digest. */
export const VBA_RELATIONSHIP = MICROSOFT + '2006/relationships/vbaProject'
const VBA: PartKind = {
  id: 'vbaProject',
  accepts: ['application/vnd.ms-office.vbaproject'],
  type: 'application/vnd.ms-office.vbaProject',
  path: 'vbaProject.bin',
}

/** Three relationship types mean different parts in different programs; the content type tells which. */
export const TWINS: readonly PartKind[] = [
  twin('styles', `${X}styles+xml`, 'styles.xml', 'x:styleSheet'),
  twin('comments', `${X}comments+xml`, 'comments#.xml', 'x:comments'),
  twin('comments', `${P}comments+xml`, 'comments/comment#.xml', 'p:cmLst'),
]

function twin(id: string, suffix: string, path: string, root: string): PartKind {
  return part(id, suffix, path, root)[1]
}

/**
 * Relationships that mean something by existing, per kind of the part that owns them. All others are followed only
 * when an element of the owner names their id.
 */
export const IMPLICIT: Readonly<Record<string, readonly string[]>> = {
  main: `theme styles settings fontTable numbering footnotes endnotes comments sharedStrings presProps viewProps
    tableStyles commentAuthors diagramDrawing vbaProject`.split(/\s+/),
  header: ['diagramDrawing'],
  footer: ['diagramDrawing'],
  worksheet: ['pivotTable', 'comments'],
  pivotTable: ['pivotCacheDefinition'],
  drawing: ['diagramDrawing'],
  chart: ['themeOverride'],
  slide: ['slideLayout', 'notesSlide', 'comments', 'diagramDrawing', 'themeOverride'],
  slideLayout: ['slideMaster', 'themeOverride', 'diagramDrawing'],
  slideMaster: ['theme', 'diagramDrawing'],
  notesSlide: ['notesMaster', 'slide', 'themeOverride'],
  notesMaster: ['theme'],
  handoutMaster: ['theme'],
}

export const HYPERLINK = DOCUMENT + 'hyperlink'
export const IMAGE_RELATIONSHIP = DOCUMENT + 'image'
export const VML_RELATIONSHIP = DOCUMENT + 'vmlDrawing'
export const OFFICE_DOCUMENT = DOCUMENT + 'officeDocument'

/** Known dangers by name, so that the report can say what was removed. */
export const DROPPED: ReadonlyMap<string, string> = new Map([
  [PACKAGE + 'metadata/core-properties', 'OX-META'],
  // LibreOffice up to 7 spells it so.
  [
    'http://schemas.openxmlformats.org/officedocument/2006/relationships/metadata/core-properties',
    'OX-META',
  ],
  [PACKAGE + 'metadata/thumbnail', 'OX-META'],
  [PACKAGE + 'digital-signature/origin', 'OX-SIG'],
  [PACKAGE + 'digital-signature/signature', 'OX-SIG'],
  [PACKAGE + 'digital-signature/certificate', 'OX-SIG'],
  [DOCUMENT + 'extended-properties', 'OX-META'],
  [DOCUMENT + 'custom-properties', 'OX-META'],
  [DOCUMENT + 'metadata/thumbnail', 'OX-META'],
  [DOCUMENT + 'customXml', 'OX-CUSTOMXML'],
  [DOCUMENT + 'customXmlProps', 'OX-CUSTOMXML'],
  [DOCUMENT + 'customXmlData', 'OX-CUSTOMXML'],
  [DOCUMENT + 'control', 'OX-ACTIVEX'],
  [DOCUMENT + 'ctrlProp', 'OX-VML'],
  [DOCUMENT + 'oleObject', 'OX-OLE'],
  [DOCUMENT + 'package', 'OX-OLE'],
  [DOCUMENT + 'font', 'OX-FONT'],
  [DOCUMENT + 'printerSettings', 'OX-PRINTER'],
  [DOCUMENT + 'vmlDrawing', 'OX-VML'],
  [DOCUMENT + 'audio', 'P-MEDIA'],
  [DOCUMENT + 'video', 'P-MEDIA'],
  [DOCUMENT + 'afChunk', 'W-ALTCHUNK'],
  [DOCUMENT + 'aFChunk', 'W-ALTCHUNK'],
  [DOCUMENT + 'subDocument', 'W-SUBDOC'],
  [DOCUMENT + 'frame', 'W-SUBDOC'],
  [DOCUMENT + 'attachedTemplate', 'W-TEMPLATE'],
  [DOCUMENT + 'glossaryDocument', 'W-TEMPLATE'],
  [DOCUMENT + 'webSettings', 'W-SETTINGS'],
  [DOCUMENT + 'mailMergeSource', 'W-MAILMERGE'],
  [DOCUMENT + 'mailMergeHeaderSource', 'W-MAILMERGE'],
  [DOCUMENT + 'mailMergeRecipientData', 'W-MAILMERGE'],
  [DOCUMENT + 'recipientData', 'W-MAILMERGE'],
  [DOCUMENT + 'transform', 'W-SETTINGS'],
  [DOCUMENT + 'keyMapCustomizations', 'OX-KEYMAP'],
  [DOCUMENT + 'attachedToolbars', 'OX-KEYMAP'],
  [DOCUMENT + 'externalLink', 'X-EXTLINK'],
  [DOCUMENT + 'externalLinkPath', 'X-EXTLINK'],
  [DOCUMENT + 'connections', 'X-CONN'],
  [DOCUMENT + 'queryTable', 'X-CONN'],
  [DOCUMENT + 'xmlMaps', 'X-XMLMAP'],
  [DOCUMENT + 'tableSingleCells', 'X-XMLMAP'],
  [DOCUMENT + 'volatileDependencies', 'X-RICHVALUE'],
  [DOCUMENT + 'sheetMetadata', 'X-RICHVALUE'],
  [DOCUMENT + 'calcChain', 'X-SHARED'],
  [DOCUMENT + 'usernames', 'X-SHARED'],
  [DOCUMENT + 'revisionHeaders', 'X-SHARED'],
  [DOCUMENT + 'revisionLog', 'X-SHARED'],
  [DOCUMENT + 'dialogsheet', 'X-DIALOG'],
  [DOCUMENT + 'customProperty', 'OX-CUSTOMXML'],
  [DOCUMENT + 'powerPivotData', 'X-MASHUP'],
  [DOCUMENT + 'tags', 'OX-META'],
  [DOCUMENT + 'slideUpdateInfo', 'P-SLIDELINK'],
  [DOCUMENT + 'htmlPubSaveAs', 'P-SLIDELINK'],
  [MICROSOFT + '2006/relationships/vbaProject', 'OX-VBA'],
  [MICROSOFT + '2006/relationships/wordVbaData', 'OX-VBA'],
  [MICROSOFT + '2006/relationships/vbaProjectSignature', 'OX-VBA'],
  [MICROSOFT + '2014/relationships/vbaProjectSignatureAgile', 'OX-VBA'],
  [MICROSOFT + '2020/07/relationships/vbaProjectSignatureV3', 'OX-VBA'],
  [MICROSOFT + '2006/relationships/xlMacrosheet', 'OX-XLM'],
  [MICROSOFT + '2006/relationships/xlIntlMacrosheet', 'OX-XLM'],
  [MICROSOFT + '2006/relationships/activeXControlBinary', 'OX-ACTIVEX'],
  [MICROSOFT + '2006/relationships/ui/extensibility', 'OX-CUSTOMUI'],
  [MICROSOFT + '2007/relationships/ui/extensibility', 'OX-CUSTOMUI'],
  [MICROSOFT + '2006/relationships/ui/userCustomization', 'OX-CUSTOMUI'],
  [MICROSOFT + '2006/relationships/keyMapCustomizations', 'OX-KEYMAP'],
  [MICROSOFT + '2006/relationships/attachedToolbars', 'OX-KEYMAP'],
  [MICROSOFT + '2006/relationships/xlExternalLinkPath/xlPathMissing', 'X-EXTLINK'],
  [MICROSOFT + '2007/relationships/stylesWithEffects', 'OX-MC'],
  [MICROSOFT + '2007/relationships/media', 'P-MEDIA'],
  [MICROSOFT + '2007/relationships/hdphoto', 'OX-MEDIA'],
  [MICROSOFT + '2007/relationships/slicer', 'OX-MC'],
  [MICROSOFT + '2007/relationships/slicerCache', 'OX-MC'],
  [MICROSOFT + '2011/relationships/timeline', 'X-MASHUP'],
  [MICROSOFT + '2011/relationships/timelineCache', 'X-MASHUP'],
  [MICROSOFT + '2011/relationships/webextension', 'OX-WEBEXT'],
  [MICROSOFT + '2011/relationships/webextensiontaskpanes', 'OX-WEBEXT'],
  [MICROSOFT + '2011/relationships/people', 'OX-META'],
  [MICROSOFT + '2011/relationships/commentsExtended', 'OX-META'],
  [MICROSOFT + '2016/09/relationships/commentsIds', 'OX-META'],
  [MICROSOFT + '2018/08/relationships/commentsExtensible', 'OX-META'],
  [MICROSOFT + '2011/relationships/chartStyle', 'OX-MC'],
  [MICROSOFT + '2011/relationships/chartColorStyle', 'OX-MC'],
  [MICROSOFT + '2014/relationships/chartEx', 'OX-MC'],
  [MICROSOFT + '2015/10/relationships/revisionInfo', 'OX-META'],
  [MICROSOFT + '2016/11/relationships/changesInfo', 'OX-META'],
  [MICROSOFT + '2017/06/relationships/model3d', 'P-3D'],
  [MICROSOFT + '2017/06/relationships/rdRichValue', 'X-RICHVALUE'],
  [MICROSOFT + '2017/06/relationships/rdRichValueStructure', 'X-RICHVALUE'],
  [MICROSOFT + '2017/06/relationships/rdRichValueTypes', 'X-RICHVALUE'],
  [MICROSOFT + '2017/10/relationships/threadedComment', 'OX-META'],
  [MICROSOFT + '2017/10/relationships/person', 'OX-META'],
  [MICROSOFT + '2018/10/relationships/comments', 'OX-META'],
  [MICROSOFT + '2018/10/relationships/authors', 'OX-META'],
  [MICROSOFT + '2020/02/relationships/classificationlabels', 'OX-MSIP'],
  [MICROSOFT + '2020/07/relationships/rdRichValueWebImage', 'X-RICHVALUE'],
  [MICROSOFT + '2022/10/relationships/richValueRel', 'X-RICHVALUE'],
  [MICROSOFT + '2022/11/relationships/xlPython', 'X-RICHVALUE'],
])

/** A part nobody points to (or points to under a false name) still betrays itself by its content type. */
export const DANGEROUS_TYPES: ReadonlyMap<string, string> = new Map([
  ['application/vnd.ms-office.vbaproject', 'OX-VBA'],
  ['application/vnd.ms-office.vbaprojectsignature', 'OX-VBA'],
  ['application/vnd.ms-word.vbadata+xml', 'OX-VBA'],
  ['application/vnd.ms-excel.macrosheet+xml', 'OX-XLM'],
  ['application/vnd.ms-excel.intlmacrosheet+xml', 'OX-XLM'],
  ['application/vnd.ms-office.activex', 'OX-ACTIVEX'],
  ['application/vnd.ms-office.activex+xml', 'OX-ACTIVEX'],
  ['application/vnd.openxmlformats-officedocument.oleobject', 'OX-OLE'],
])

/** Main content type → type name and whether it promises macros. */
export const MAIN_TYPES: ReadonlyMap<string, MainType> = new Map([
  main('docx', `${OPENXML}${W}document.main+xml`),
  main('dotx', `${OPENXML}${W}template.main+xml`),
  main('docm', 'application/vnd.ms-word.document.macroEnabled.main+xml'),
  main('dotm', 'application/vnd.ms-word.template.macroEnabledTemplate.main+xml'),
  main('xlsx', `${OPENXML}${X}sheet.main+xml`),
  main('xltx', `${OPENXML}${X}template.main+xml`),
  main('xlsm', 'application/vnd.ms-excel.sheet.macroEnabled.main+xml'),
  main('xltm', 'application/vnd.ms-excel.template.macroEnabled.main+xml'),
  main('pptx', `${OPENXML}${P}presentation.main+xml`),
  main('potx', `${OPENXML}${P}template.main+xml`),
  main('ppsx', `${OPENXML}${P}slideshow.main+xml`),
  main('pptm', 'application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml'),
  main('potm', 'application/vnd.ms-powerpoint.template.macroEnabled.main+xml'),
  main('ppsm', 'application/vnd.ms-powerpoint.slideshow.macroEnabled.main+xml'),
])

export interface MainType {
  readonly type: string
  readonly contentType: string
}

function main(type: string, contentType: string): [string, MainType] {
  return [contentType.toLowerCase(), { type, contentType }]
}

/** Main content types that are recognised only to be refused. */
export const REFUSED_MAIN: ReadonlyMap<string, string> = new Map([
  ['application/vnd.ms-excel.sheet.binary.macroenabled.main', 'OX-XLSB'],
  ['application/vnd.ms-excel.addin.macroenabled.main+xml', 'TYPE-DENIED'],
  ['application/vnd.ms-powerpoint.addin.macroenabled.main+xml', 'TYPE-DENIED'],
])

/** The kind of part a relationship type leads to where macros are allowed. */
export function macroKind(type: string): PartKind | undefined {
  return type === VBA_RELATIONSHIP ? VBA : undefined
}

/** Macro form → the form it is written in. */
export function cleanType(type: string): string {
  return type.endsWith('m') ? `${type.slice(0, -1)}x` : type
}
