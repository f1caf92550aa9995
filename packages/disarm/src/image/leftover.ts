import type { Context } from '../family.ts'

/**
 * Beginnings of other formats and of scripts. Their presence in what was dropped means that the picture was also
 * something else (GIFAR, JPEG+PHP, PNG+ZIP), which a person should hear about in other words than "extra bytes".
 */
const OTHER_FORMATS = [
  'PK\x03\x04',
  '%PDF-',
  'Rar!\x1a\x07',
  '7z\xbc\xaf\x27\x1c',
  '\x7fELF',
  '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1',
  'This program cannot be run',
  '<?php',
  '<script',
  '<SCRIPT',
  '<html',
  '<HTML',
  '__HALT_COMPILER',
].map((text) => Buffer.from(text, 'latin1'))

/**
 * Reports bytes that are not part of the picture and are not in the output: after its end, between its blocks, or
 * behind its compressed data. Nothing is reported when there is nothing, or only what writers fill up with: zeros
 * (Office pads thumbnails to whole sectors) or one line end (before `endstream` in a PDF).
 */
export function reportLeftover(context: Context, dropped: Uint8Array, where: string): void {
  if (isPadding(dropped)) return
  context.removed(isOtherFormat(dropped) ? 'IMG-POLY' : 'IMG-TRAIL', where)
}

/**
 * Reports a metadata block that is not in the output, under `rule`; and IMG-POLY as well when the block carries
 * the beginning of another format, as in a comment that is a PHP program.
 */
export function reportMetadata(
  context: Context,
  rule: 'IMG-EXIF' | 'IMG-ICC' | 'IMG-GIF' | 'IMG-TIFF' | 'IMG-WEBP',
  dropped: Uint8Array,
  where: string,
): void {
  context.removed(rule, where)
  if (isOtherFormat(dropped)) context.removed('IMG-POLY', where)
}

function isPadding(dropped: Uint8Array): boolean {
  return dropped.every((byte) => byte === 0) || (dropped.length <= 2 && dropped.every(isLineEnd))
}

function isLineEnd(byte: number): boolean {
  return byte === 0x0a || byte === 0x0d
}

function isOtherFormat(dropped: Uint8Array): boolean {
  const bytes = Buffer.from(dropped.buffer, dropped.byteOffset, dropped.length)
  return OTHER_FORMATS.some((signature) => bytes.includes(signature))
}
