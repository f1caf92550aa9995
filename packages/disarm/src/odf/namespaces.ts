/**
 * Namespaces that an OpenDocument output may use, each with its one prefix, in the order in which they are declared
 * (OASIS ODF 1.3 part 3 §1.3; the extensions are those that LibreOffice writes). Those of scripts, databases, RDF and
 * XForms are not here: what is in them cannot be written.
 */
const NAMESPACE_ROWS: readonly (readonly [prefix: string, uri: string])[] = [
  ['office', 'urn:oasis:names:tc:opendocument:xmlns:office:1.0'],
  ['meta', 'urn:oasis:names:tc:opendocument:xmlns:meta:1.0'],
  ['config', 'urn:oasis:names:tc:opendocument:xmlns:config:1.0'],
  ['text', 'urn:oasis:names:tc:opendocument:xmlns:text:1.0'],
  ['table', 'urn:oasis:names:tc:opendocument:xmlns:table:1.0'],
  ['draw', 'urn:oasis:names:tc:opendocument:xmlns:drawing:1.0'],
  ['presentation', 'urn:oasis:names:tc:opendocument:xmlns:presentation:1.0'],
  ['dr3d', 'urn:oasis:names:tc:opendocument:xmlns:dr3d:1.0'],
  ['anim', 'urn:oasis:names:tc:opendocument:xmlns:animation:1.0'],
  ['chart', 'urn:oasis:names:tc:opendocument:xmlns:chart:1.0'],
  ['form', 'urn:oasis:names:tc:opendocument:xmlns:form:1.0'],
  ['style', 'urn:oasis:names:tc:opendocument:xmlns:style:1.0'],
  ['number', 'urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0'],
  ['fo', 'urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0'],
  ['svg', 'urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0'],
  ['smil', 'urn:oasis:names:tc:opendocument:xmlns:smil-compatible:1.0'],
  ['of', 'urn:oasis:names:tc:opendocument:xmlns:of:1.2'],
  ['math', 'http://www.w3.org/1998/Math/MathML'],
  ['xlink', 'http://www.w3.org/1999/xlink'],
  ['dc', 'http://purl.org/dc/elements/1.1/'],
  ['ooo', 'http://openoffice.org/2004/office'],
  ['ooow', 'http://openoffice.org/2004/writer'],
  ['oooc', 'http://openoffice.org/2004/calc'],
  ['drawooo', 'http://openoffice.org/2010/draw'],
  ['chartooo', 'http://openoffice.org/2010/chart'],
  ['tableooo', 'http://openoffice.org/2009/table'],
  ['officeooo', 'http://openoffice.org/2009/office'],
  ['css3t', 'http://www.w3.org/TR/css3-text/'],
  ['calcext', 'urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0'],
  ['loext', 'urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0'],
  ['field', 'urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0'],
  ['formx', 'urn:openoffice:names:experimental:ooxml-odf-interop:xmlns:form:1.0'],
]

/** Namespace name → prefix. */
export const PREFIXES: ReadonlyMap<string, string> = new Map(
  NAMESPACE_ROWS.map(([prefix, uri]) => [uri, prefix]),
)

/** Prefix → namespace name, in the order of declaration. */
export const NAMESPACES: ReadonlyMap<string, string> = new Map(NAMESPACE_ROWS)

/** What drafts of ODF borrowed from the W3C before it had names of its own. OpenOffice wrote them, and programs still read them. */
const BORROWED: ReadonlyMap<string, string> = new Map(
  [
    ['http://www.w3.org/1999/XSL/Format', 'fo'],
    ['http://www.w3.org/2000/svg', 'svg'],
    ['http://www.w3.org/2001/SMIL20', 'smil'],
  ].map(([borrowed = '', prefix = '']) => [borrowed, NAMESPACES.get(prefix) ?? '']),
)

/** The namespace as ODF 1.0 and later name it. */
export function presentName(uri: string): string {
  return BORROWED.get(uri) ?? uri
}

/** Namespaces that only name who edited what when, or are dropped elsewhere in full. Their attributes are no loss. */
export const TRACES: ReadonlySet<string> = new Set([
  'http://openoffice.org/2009/office',
  'http://www.w3.org/2003/g/data-view#',
  'http://www.w3.org/1999/xhtml',
])
