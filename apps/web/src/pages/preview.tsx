import type { Preview } from '@sekisho/server/api'
import { Suspense, lazy } from 'react'
import { useLoad } from '../line/load.ts'
import { Loading } from '../ui/loading.tsx'
import { SafeName } from '../ui/safe-name.tsx'
import { nameParts } from '../words/safe-name.ts'
import { say } from '../words/say.ts'
import { Trouble } from './refusal.tsx'

const PdfPreview = lazy(async () => ({ default: (await import('./preview-pdf.tsx')).PdfPreview }))

/** A first look at the disarmed bytes: never at the original. */
export function PreviewPane({ number }: { readonly number: string }) {
  const base = `/api/approvals/${encodeURIComponent(number)}`
  const { value, failure, reload } = useLoad<Preview>(`${base}/preview`)
  return (
    <section aria-labelledby="preview" className="min-w-0">
      <h2 id="preview" className="text-std-18B-160 mb-1">
        {say('approve.preview')}
      </h2>
      {failure !== undefined && failure.status !== 401 && (
        <Trouble
          failure={failure}
          what={say('approve.previewFailed')}
          onRetry={() => void reload()}
        />
      )}
      {value === undefined && failure === undefined && <Loading word={say('frame.loading')} />}
      {value !== undefined && <Look preview={value} file={`${base}/file`} />}
    </section>
  )
}

function Look({ preview, file }: { readonly preview: Preview; readonly file: string }) {
  switch (preview.kind) {
    case 'text':
      return <Text paragraphs={preview.paragraphs} more={preview.more} />
    case 'table':
      return preview.sheets.map((sheet) => <Sheet key={sheet.name} sheet={sheet} />)
    case 'image':
      return <Picture dataUrl={preview.dataUrl} />
    case 'pdf':
      return (
        <Suspense fallback={<Loading word={say('frame.loading')} />}>
          <PdfPreview file={file} />
        </Suspense>
      )
    case 'list':
      return <List names={preview.names} />
    case 'none':
      return (
        <p>
          {say('approve.previewNone')}
          {preview.reason}
        </p>
      )
  }
}

function Paper({
  label,
  children,
}: {
  readonly label: string
  readonly children: React.ReactNode
}) {
  return (
    <section
      aria-label={label}
      // A scrolling frame must be reachable by keyboard (WCAG 2.1.1).
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      className="border-solid-gray-420 max-h-[32rem] overflow-auto border bg-white p-4"
    >
      {children}
    </section>
  )
}

function More({ more }: { readonly more: boolean }) {
  return more ? (
    <p className="text-dns-14N-130 text-solid-gray-700 mt-1">{say('approve.previewMore')}</p>
  ) : null
}

function Text(props: { readonly paragraphs: readonly string[]; readonly more: boolean }) {
  return (
    <>
      <Paper label={say('approve.preview')}>
        {props.paragraphs.map((paragraph, index) => (
          // Paragraphs of one preview never move.
          <p key={index} className="min-h-4 whitespace-pre-wrap">
            {paragraph}
          </p>
        ))}
      </Paper>
      <More more={props.more} />
    </>
  )
}

function Sheet(props: { readonly sheet: Extract<Preview, { kind: 'table' }>['sheets'][number] }) {
  const { name, rows, more } = props.sheet
  return (
    <figure className="mb-4">
      <figcaption className="text-dns-14B-130 mb-1">
        {say('approve.previewSheet', { name })}
      </figcaption>
      <Paper label={say('approve.previewSheet', { name })}>
        <table className="text-dns-14N-130 border-collapse">
          <tbody>
            {rows.map((row, index) => (
              // Rows and cells of one preview never move.
              <tr key={index}>
                {row.map((cell, column) => (
                  <td
                    key={column}
                    className="border-solid-gray-300 max-w-80 border px-2 py-1 align-top"
                  >
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Paper>
      <More more={more} />
    </figure>
  )
}

function Picture({ dataUrl }: { readonly dataUrl: string }) {
  // Only still pictures, never `image/svg+xml`, which can hold more than a picture.
  if (!/^data:image\/(?:png|jpeg|gif);base64,/u.test(dataUrl))
    return <p>{say('approve.previewNone')}</p>
  return (
    <Paper label={say('approve.preview')}>
      <img src={dataUrl} alt={say('approve.previewImage')} className="mx-auto max-w-full" />
    </Paper>
  )
}

function List({ names }: { readonly names: readonly string[] }) {
  return (
    <Paper label={say('approve.previewList')}>
      <p className="text-dns-14B-130 mb-1">{say('approve.previewList')}</p>
      <ul className="list-disc pl-5">
        {names.map((name) => (
          <li key={name}>
            <SafeName parts={nameParts(name)} />
          </li>
        ))}
      </ul>
    </Paper>
  )
}
