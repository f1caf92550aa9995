/** Numbers of the compound file format that reader and writer share ([MS-CFB] 2.1, 2.2, 2.6.1). */

export const SIGNATURE = Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1)
export const BYTE_ORDER = 0xfffe
/** Bytes of the header that mean something, in both versions. */
export const HEADER_SIZE = 512
/** Sector numbers of the first FAT sectors that fit into the header. */
export const HEADER_DIFAT = 109
export const HEADER_DIFAT_AT = 76
export const DIRECTORY_ENTRY_SIZE = 128
/** Code units of a name, without its terminator. */
export const MAX_NAME_UNITS = 31
export const MINI_SHIFT = 6
export const MINI_SECTOR = 1 << MINI_SHIFT
/** A stream of fewer bytes lives in the mini stream. The header repeats the number; what it says otherwise is ignored. */
export const MINI_CUTOFF = 4096

export const DIFAT_SECTOR = 0xfffffffc
export const FAT_SECTOR = 0xfffffffd
export const END_OF_CHAIN = 0xfffffffe
export const FREE_SECTOR = 0xffffffff
/** Higher numbers are marks, not sectors. */
export const MAX_SECTOR = 0xfffffffa
export const NO_ENTRY = 0xffffffff

export const TYPE_UNUSED = 0
export const TYPE_STORAGE = 1
export const TYPE_STREAM = 2
export const TYPE_ROOT = 5
