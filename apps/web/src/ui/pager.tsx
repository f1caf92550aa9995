import { Button } from './button.tsx'

export function Pager(props: {
  readonly label: string
  readonly words: {
    readonly previous: string
    readonly next: string
    readonly place: string
    readonly first: string
    readonly last: string
  }
  readonly page: number
  readonly pages: number
  readonly onGo: (page: number) => void
}) {
  return (
    <nav
      aria-label={props.label}
      className="my-4 flex flex-wrap items-center justify-center gap-3 screen-only"
    >
      <Button
        kind="second"
        blocked={props.page <= 1 ? props.words.first : undefined}
        onPress={() => props.onGo(props.page - 1)}
      >
        {props.words.previous}
      </Button>
      <span className="tabular-nums">{props.words.place}</span>
      <Button
        kind="second"
        blocked={props.page >= props.pages ? props.words.last : undefined}
        onPress={() => props.onGo(props.page + 1)}
      >
        {props.words.next}
      </Button>
    </nav>
  )
}
