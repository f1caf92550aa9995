import type { ControlState } from '@sekisho/assess'
import { element } from '../excel/markup.ts'

/**
 * Fillings that differ in shape and in lightness, so that neither colour nor a good printer is needed.  */
const DRAWN = {
  plain: '',
  dots: '<circle cx="3" cy="3" r="1.1" fill="#333"/>',
  lines: '<path d="M0 6L6 0M-1 1L1-1M5 7L7 5" stroke="#333" stroke-width="1.2"/>',
  cross: '<path d="M0 0L6 6M6 0L0 6" stroke="#333" stroke-width="1.2"/>',
  upright: '<path d="M1.5 0V6" stroke="#767676" stroke-width="0.8"/>',
  dark: '<path d="M0 0H6V6H0Z" fill="#333"/>',
} as const
type Filling = keyof typeof DRAWN

const GROUNDS: Readonly<Record<Filling, string>> = {
  plain: '#fff',
  dots: '#f2f2f2',
  lines: '#e0e0e0',
  upright: '#fff',
  cross: '#c0c0c0',
  dark: '#333',
}

// A picture may be put into a page that has names of its own.
function idOf(name: Filling): string {
  return `sekisho-${name}`
}

/** The definitions that `filling` refers to. */
export const PATTERNS = element(
  'defs',
  {},
  (Object.keys(DRAWN) as Filling[])
    .map((name) =>
      element(
        'pattern',
        { id: idOf(name), width: 6, height: 6, patternUnits: 'userSpaceOnUse' },
        element('rect', { width: 6, height: 6, fill: GROUNDS[name] }) + DRAWN[name],
      ),
    )
    .join(''),
)

export const filling = (name: Filling): string => `url(#${idOf(name)})`

export const STATE_FILLINGS: Readonly<Record<Exclude<ControlState, 'not-asked'>, Filling>> = {
  met: 'upright',
  unmet: 'dark',
  stale: 'lines',
  contradicted: 'cross',
  'not-checked': 'dots',
}

/** From which share on a tile is filled how: the fewer are met, the darker. */
export const BANDS: readonly { readonly from: number; readonly filling: Filling }[] = [
  { from: 80, filling: 'plain' },
  { from: 60, filling: 'dots' },
  { from: 40, filling: 'lines' },
  { from: 20, filling: 'cross' },
  { from: 0, filling: 'dark' },
]

export const bandOf = (share: number): Filling => BANDS.find(({ from }) => share >= from)!.filling
