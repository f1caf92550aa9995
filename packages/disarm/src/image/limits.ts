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
