/**
 * Names that mean something active somewhere in PDF. A resource, glyph, tag or state may honestly be called so; it is renamed, so that
 * a checker can say "this name does not occur" without knowing what each dictionary is for.
 */
const ACTIVE = new Set(
  `JS JavaScript AA OpenAction Launch EmbeddedFile EmbeddedFiles EF RichMedia RichMediaContent 3D 3DD Movie Sound
   Rendition Renditions XFA SubmitForm ImportData ResetForm GoToR GoToE Thread URI Filespec FileAttachment FFilter
   FDecodeParms Ref OPI PS Metadata PieceInfo Collection AF Perms DSS Sig ByteRange Encrypt ObjStm XRef Names`.split(
    /\s+/u,
  ),
)

/** The same name, or one with `Sk.` in front. Applied alike where a name is defined and where it is used. */
export function safeName(name: string): string {
  return ACTIVE.has(name) ? `Sk.${name}` : name
}
