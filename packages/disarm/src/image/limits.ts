/**
 * Ceilings of the image family. An attacker chooses every number in an image header, so each is compared with one
 * of these before anything is allocated. Source of the values: the table of image threats (IMG-BOMB).
 */

/** Pixels of one picture. A 65,535 × 65,535 header asks for 4.3 thousand million. */
export const MAX_PIXELS = 100_000_000
/** Bytes of one decoded PNG (100 Mpx of 8-bit RGBA). */
export const MAX_PNG_BYTES = 400_000_000
/** Bytes of the coefficients of one JPEG (100 Mpx at 4:2:0 is 300 MB, at 4:4:4 of 85 Mpx 512 MB). */
export const MAX_COEFFICIENT_BYTES = 512 * 1024 * 1024
/** Scans of one JPEG. Real progressive files have about ten; each scan costs a walk over all blocks. */
export const MAX_SCANS = 100
/** Frames of one GIF. */
export const MAX_FRAMES = 500
/** Pixels of all frames of one GIF together. */
export const MAX_FRAME_PIXELS = 250_000_000
/** Pages of one TIFF. A binder that went through a copier has some hundred. */
export const MAX_PAGES = 1_000
/** Directory entries of one TIFF; pages have about twenty each, and those of an attacker overlap. */
export const MAX_DIRECTORY_ENTRIES = 200_000
/** Strips or tiles of one TIFF. A tall page with one row to a strip has some thousand. */
export const MAX_SEGMENTS = 1_000_000
/** Widest fax line; A0 at 1,200 dots per inch has 39,732. */
export const MAX_FAX_COLUMNS = 65_536
/** Bytes of one decoded page of a TIFF, as of a PNG. */
export const MAX_PAGE_BYTES = 400_000_000
/** Rows that must be there of a picture that was cut off; fewer are nothing to look at. */
export const MIN_READABLE_ROWS = 8
/** A bitmap of more pixels must have a byte for each so many of them, or a handful of bytes asks for a hundred million. */
export const FREE_BITMAP_PIXELS = 16_000_000
export const MAX_PIXELS_PER_BYTE = 4_096
