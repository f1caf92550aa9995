import type { Context, Rebuilt } from '../family.ts'
import { refuse } from '../family.ts'
import type { Surroundings } from './filter.ts'
import { Filter } from './filter.ts'
import { hiddenSheets } from './hidden.ts'
import { inlinePicture } from './pictures.ts'
import { inPieces, readTokens } from './tokens.ts'
import type { DocumentKind } from './types.ts'
import { PlainSink } from './writer.ts'

/** Rebuilds a flat file: the same document as one XML entity, with its pictures in base64. Nothing stands beside it. */
export function rebuildFlat(input: Uint8Array, kind: DocumentKind, context: Context): Rebuilt {
  const lost =
    context.profile.hidden === 'remove'
      ? readTokens(inPieces(input), '', context, hiddenSheets)
      : new Set<string>()
  // What is written is mostly about as long as what is read.
  const filter = new Filter(surroundings(context, lost), new PlainSink(input.length))
  const output = readTokens(inPieces(input), '', context, (tokens) => filter.run(tokens))
  if (!output || filter.root !== 'office:document') refuse('ODF-PKG')
  if (filter.body !== kind.body) refuse('ODF-PKG')
  if (filter.mimetype !== kind.mimetype) refuse('ODF-PKG')
  if (output.length > context.limits.outputBytes) refuse('LIMIT-SIZE')
  return { ok: true, outputType: `f${kind.type}`, output }
}

function surroundings(context: Context, lostSheets: ReadonlySet<string>): Surroundings {
  const { profile } = context
  const nothing = (): undefined => {
    context.removed('ODF-LINK')
    return undefined
  }
  return {
    profile,
    rules: { links: profile.links, lostSheets },
    flat: true,
    picture: nothing,
    placeholder: () => '',
    inlinePicture: (base64) => inlinePicture(base64, context, ''),
    object: nothing,
    replacement: nothing,
    removed: (rule, count) => context.removed(rule, '', count),
    kept: (rule, count) => context.kept(rule, '', count),
  }
}
