/** Pictures: PNG, JPEG and GIF in, the same pictures out, written anew. */
export {
  imageFamily,
  imageType,
  rebuildGif,
  rebuildImage,
  rebuildJpeg,
  rebuildPng,
} from './rebuild.ts'
export { isBmp } from './bmp/read.ts'
export type { ImageType, RebuiltImage, RebuiltJpeg } from './rebuild.ts'
export { placeholderPng } from './png/placeholder.ts'
export type { ColorType, Png } from './png/png.ts'
export { encodePng } from './png/write.ts'
