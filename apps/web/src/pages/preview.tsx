import type { Preview } from '@sekisho/server/api'
import { Suspense, lazy } from 'react'
import { useLoad } from '../line/load.ts'
import { Facts } from '../ui/facts.tsx'
import { Loading } from '../ui/loading.tsx'
import { SafeName } from '../ui/safe-name.tsx'
import { When } from '../ui/when.tsx'
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
      return <Picture dataUrl={preview.dataUrl} note={preview.note} />
    case 'pdf':
      return (
        <Suspense fallback={<Loading word={say('frame.loading')} />}>
          <PdfPreview file={file} />
        </Suspense>
      )
    case 'list':
      return <List names={preview.names} />
    case 'mail':
      return <Mail mail={preview} />
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
      <Paper label={say('approve.previewWords')}>
        {props.paragraphs.length === 0 && <p>{say('approve.previewEmpty')}</p>}
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

/** Only what the browser draws as a still picture. A drawing (SVG) runs no script and loads nothing inside of `<img>`. */
const DRAWN = /^data:image\/(?:png|jpeg|gif|webp|bmp|svg\+xml);base64,/u

function Picture(props: { readonly dataUrl: string; readonly note: string | undefined }) {
  if (!DRAWN.test(props.dataUrl)) return <p>{say('approve.previewNone')}</p>
  return (
    <>
      <Paper label={say('approve.previewImage')}>
        <img
          src={props.dataUrl}
          alt={say('approve.previewImage')}
          className="mx-auto max-h-[29rem] max-w-full"
        />
      </Paper>
      {props.note !== undefined && (
        <p className="text-dns-14N-130 text-solid-gray-700 mt-1">{props.note}</p>
      )}
    </>
  )
}

function Mail({ mail }: { readonly mail: Extract<Preview, { kind: 'mail' }> }) {
  return (
    <>
      <div className="mb-2">
        <Facts
          rows={[
            { name: say('approve.mailFrom'), value: <bdi>{mail.from}</bdi> },
            { name: say('approve.mailTo'), value: <bdi>{mail.to}</bdi> },
            { name: say('approve.mailSubject'), value: <bdi>{mail.subject}</bdi> },
            ...(mail.at === undefined
              ? []
              : [{ name: say('approve.mailAt'), value: <When at={mail.at} full /> }]),
          ]}
        />
      </div>
      <Text paragraphs={mail.paragraphs} more={mail.more} />
      {mail.attachments.length > 0 && (
        <>
          <h3 className="text-std-16B-170 mt-2">{say('approve.mailFiles')}</h3>
          <ul className="list-disc pl-5">
            {mail.attachments.map((name, index) => (
              // Attachments of one preview never move, and two may have one name.
              <li key={index}>
                <SafeName parts={nameParts(name)} />
              </li>
            ))}
          </ul>
        </>
      )}
    </>
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
