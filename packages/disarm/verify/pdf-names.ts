/**
 * Names that mean something active, or hide a file or an older state, somewhere in PDF (ISO 32000-1 and -2). The disarmer
 * renames whatever honestly bears one of them, so they occur nowhere: not as a key, not as a value, not in content.
 */
export const FORBIDDEN_NAMES: ReadonlySet<string> = new Set(
  (
    'JS JavaScript AA Launch EmbeddedFile EmbeddedFiles EF RichMedia RichMediaContent 3D 3DD Movie Sound Rendition Renditions XFA ' +
    'SubmitForm ImportData ResetForm GoToR GoToE Thread Filespec FileAttachment FFilter FDecodeParms Ref OPI PS Metadata PieceInfo ' +
    'Collection AF Perms DSS Sig ByteRange Encrypt ObjStm XRef Names'
  ).split(' '),
)

/** Names with exactly one place each: an action that opens a link, and the catalog. */
export const PLACED_NAMES: ReadonlySet<string> = new Set(['URI', 'OpenAction'])
