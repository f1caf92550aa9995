/**
 * What the file says of itself as XMP (ISO 16684-1), and that it is meant to be PDF/A-1b (ISO 19005-1, 6.7).
 */
import { element, textElement } from '../excel/markup.ts'

export interface XmpFacts {
  readonly title: string
  readonly subject: string
  readonly tool: string
  readonly made: Date
}

/** What pdfkit asks of its metadata. It asks for the text at the end and appends its own before. */
export interface PdfMetadata {
  append(): void
  end(): void
  getXML(): string
  getLength(): number
}

/**
 * Takes the place of pdfkit's own metadata, which puts title and subject into XML as they are: a town's name could end the element and claim another standard
 * than the one kept here.
 */
export function xmpOf(facts: XmpFacts): PdfMetadata {
  const text = packet(facts)
  return {
    append: () => undefined,
    end: () => undefined,
    getXML: () => text,
    getLength: () => text.length,
  }
}

/** The same facts as in the document information: 6.7.3 wants them equivalent. */
function packet({ title, subject, tool, made }: XmpFacts): string {
  const day = made.toISOString().replace(/\.\d+Z$/u, 'Z')
  const body = [
    described('dc', 'http://purl.org/dc/elements/1.1/', {
      title: alternative(title),
      description: alternative(subject),
    }),
    described('xmp', 'http://ns.adobe.com/xap/1.0/', {
      CreateDate: day,
      ModifyDate: day,
      CreatorTool: textElement(tool),
    }),
    described('pdf', 'http://ns.adobe.com/pdf/1.3/', { Producer: textElement(tool) }),
    described('pdfaid', 'http://www.aiim.org/pdfa/ns/id/', { part: '1', conformance: 'B' }),
  ].join('')
  const rdf = element(
    'rdf:RDF',
    { 'xmlns:rdf': 'http://www.w3.org/1999/02/22-rdf-syntax-ns#' },
    body,
  )
  return [
    // The id is the one of ISO 16684-1, 7.3.2.
    '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>',
    element('x:xmpmeta', { 'xmlns:x': 'adobe:ns:meta/' }, rdf),
    '<?xpacket end="r"?>',
  ].join('\n')
}

/** `values` are markup already. */
function described(
  prefix: string,
  namespace: string,
  values: Readonly<Record<string, string>>,
): string {
  return element(
    'rdf:Description',
    { 'rdf:about': '', [`xmlns:${prefix}`]: namespace },
    Object.entries(values)
      .map(([name, value]) => element(`${prefix}:${name}`, {}, value))
      .join(''),
  )
}

const alternative = (text: string): string =>
  element('rdf:Alt', {}, element('rdf:li', { 'xml:lang': 'x-default' }, textElement(text)))
