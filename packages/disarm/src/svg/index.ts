import type { Family } from '../family.ts'
import { rebuildSvg } from './rebuild.ts'

/** Drawings in SVG: the static picture in, the same picture out. */
export const svgFamily: Family = {
  id: 'svg',
  types: ['svg'],
  rebuild(input, _type, context) {
    const rebuilt = rebuildSvg(input, context)
    return rebuilt.ok ? { ok: true, outputType: 'svg', output: rebuilt.output } : rebuilt
  },
}

export { rebuildSvg } from './rebuild.ts'
export type { RebuiltSvg } from './rebuild.ts'
