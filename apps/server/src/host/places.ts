import { fileURLToPath } from 'node:url'

/** Where the built pages are. */
export const SCREEN_DIR = fileURLToPath(new URL('../../../web/dist/', import.meta.url))
