/**
 * Shapes that carry meaning without colour: printed in black and white each is still told from the others.
 */
export type Shape = 'check' | 'hold' | 'stop' | 'moving' | 'ended' | 'notice'

const PATHS: Readonly<Record<Shape, string>> = {
  check:
    'M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20Zm-1.4 14.6-4.3-4.3 1.7-1.7 2.6 2.6 5.6-5.6 1.7 1.7Z',
  hold: 'M12 2 23 21.5H1ZM11 9v6.5h2V9Zm0 8v2h2v-2Z',
  stop: 'M8 2h8l6 6v8l-6 6H8l-6-6V8Zm1.2 5.5L7.5 9.2l2.8 2.8-2.8 2.8 1.7 1.7 2.8-2.8 2.8 2.8 1.7-1.7-2.8-2.8 2.8-2.8-1.7-1.7-2.8 2.8Z',
  moving: 'M12 4 20 12l-8 8v-5H4V9h8Z',
  ended: 'M4 4h16v16H4Zm3 7v2h10v-2Z',
  notice: 'M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20Zm-1 5h2v2h-2Zm0 4h2v6h-2Z',
}

export function Icon({ shape }: { readonly shape: Shape }) {
  return (
    <svg
      data-shape={shape}
      viewBox="0 0 24 24"
      width="20"
      height="20"
      aria-hidden="true"
      className="shrink-0 fill-current"
    >
      <path d={PATHS[shape]} fillRule="evenodd" />
    </svg>
  )
}
