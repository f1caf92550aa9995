import { element, textElement } from '../excel/markup.ts'
import { visible } from '../visible.ts'

/** A text at a place. Whatever it holds, it is drawn as text: no markup, no character that turns others around. */
export function text(
  x: number,
  y: number,
  content: string,
  attributes: Readonly<Record<string, string | number>> = {},
): string {
  return element('text', { x, y, ...attributes }, textElement(visible(content)))
}

/** A group that a screen reader reads as one thing. */
export function titled(title: string, content: string): string {
  return element('g', { role: 'img' }, element('title', {}, textElement(visible(title))) + content)
}

export const box = (
  x: number,
  y: number,
  width: number,
  height: number,
  attributes: Readonly<Record<string, string | number>>,
): string => element('rect', { x, y, width, height, ...attributes })
