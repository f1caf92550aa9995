import { refuse } from '../family.ts'
import type { Context, Rebuilt } from '../family.ts'
import { copyCatalog } from './catalog.ts'
import { takeCensus } from './census.ts'
import { openFile } from './file.ts'
import type { PdfFile } from './file.ts'
import { dictionary, isDictionary, isReference, isText, list, name, text } from './objects.ts'
import type { Dictionary, Slot } from './objects.ts'
import { copyPages } from './page.ts'
import { readPages } from './page-tree.ts'
import type { SourcePage } from './page-tree.ts'
import { checkPainting } from './painting.ts'
import { Walk } from './walk.ts'
import { writeFile } from './writer.ts'

/** Longest title that is kept. */
const MAX_TITLE_BYTES = 2048

/**
 * PDF in, PDF out: read strictly, walk from the catalog by allow-list, write a new file of the one canonical form, and report what a census of
 * the whole input found and the output does not have.
 */
export function rebuildPdf(input: Uint8Array, context: Context): Rebuilt {
  const file = openFile(input, context)
  const catalog = file.resolve(file.trailer.entries.get('Root'))
  if (!isDictionary(catalog)) return refuse('PDF-XREF')
  const pages = readPages(file, catalog)
  refuseWithoutContent(file, catalog, pages)
  const walk = new Walk(file, context)
  nameCatalog(walk)
  const root = copyDocument(catalog, pages, walk)
  const info = titleOnly(walk)
  walk.finish()
  checkPainting(walk)
  takeCensus(input, walk)
  return { ok: true, outputType: 'pdf', output: writeFile({ root, info }, context) }
}

function nameCatalog(walk: Walk): void {
  const root = walk.file.trailer.entries.get('Root')
  if (isReference(root)) walk.places.set(root.number, 'catalog')
}

function copyDocument(catalog: Dictionary, sources: readonly SourcePage[], walk: Walk): Slot {
  const tree: Slot = { value: undefined }
  copyPages(sources, tree, walk)
  const kids = list(walk.pageList.map((slot) => ({ kind: 'link', slot })))
  tree.value = dictionary({ Type: name('Pages'), Count: sources.length, Kids: kids })
  return { value: copyCatalog(catalog, tree, walk) }
}

/**
 * A portfolio is only a cover for its attachments, and a dynamic form draws its pages by a program: what would be left of either
 * is not the document that the sender means.
 */
function refuseWithoutContent(
  file: PdfFile,
  catalog: Dictionary,
  pages: readonly SourcePage[],
): void {
  const isPortfolio = isDictionary(file.resolve(catalog.entries.get('Collection')))
  if (pages.length === 0) refuse(isPortfolio ? 'PDF-EMBED' : 'PDF-XREF')
  const form = file.resolve(catalog.entries.get('AcroForm'))
  const hasXfa = isDictionary(form) && form.entries.has('XFA')
  if (hasXfa && file.resolve(catalog.entries.get('NeedsRendering')) === true) refuse('PDF-FORM')
}

/** The title names the document for screen readers (WCAG 2.4.2), where the town keeps it; the rest of `Info` is about people and programs. */
function titleOnly(walk: Walk): Slot | undefined {
  const info = walk.entries(walk.file.trailer.entries.get('Info'))
  const title = walk.resolve(info.get('Title'))
  if (!isText(title) || title.bytes.length === 0) return undefined
  if (walk.context.profile.title === 'remove' || title.bytes.length > MAX_TITLE_BYTES) {
    walk.context.removed('PDF-META', 'trailer')
    return undefined
  }
  return { value: dictionary({ Title: text(title.bytes) }) }
}
