import { GlobalWorkerOptions, getDocument } from 'pdfjs-dist'
import type { PDFDocumentProxy } from 'pdfjs-dist'
// The bundler gives the address of the file as its default export.
// oxlint-disable-next-line import/default
import workerUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url'
import { useEffect, useRef, useState } from 'react'
import { Loading } from '../ui/loading.tsx'
import { More } from '../ui/more.tsx'
import { Pager } from '../ui/pager.tsx'
import { localProblem } from '../words/problem.ts'
import { say } from '../words/say.ts'
import { Refusal } from './refusal.tsx'

GlobalWorkerOptions.workerSrc = workerUrl

/** Wide enough to read, small enough for a phone's memory, in CSS pixels. */
const WIDTH = 640
/** A page may state any size; the canvas may not grow with it. */
const MOST_PIXELS = 4_000_000

interface Drawn {
  readonly document: PDFDocumentProxy
  readonly page: number
}

/** PDF pages drawn here, without scripts, forms or links of the file. */
export function PdfPreview({ file }: { readonly file: string }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [drawn, setDrawn] = useState<Drawn>()
  const [text, setText] = useState('')
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    const task = openPdf(file)
    // A reading that we end ourselves is not a failure.
    let current = true
    task.promise.then(
      (document) => current && setDrawn({ document, page: 1 }),
      () => current && setFailed(true),
    )
    return () => {
      current = false
      void task.destroy()
    }
  }, [file])
  useEffect(() => {
    if (drawn === undefined || canvas.current === null) return
    const stop = new AbortController()
    draw(drawn, canvas.current, stop.signal).then(
      (words) => !stop.signal.aborted && setText(words),
      () => !stop.signal.aborted && setFailed(true),
    )
    return () => stop.abort()
  }, [drawn])

  if (failed)
    return <Refusal problem={localProblem('PREVIEW-FAILED', say('approve.previewFailed'))} live />
  if (drawn === undefined) return <Loading word={say('frame.loading')} />
  const { document, page } = drawn
  return (
    <>
      <canvas
        ref={canvas}
        // A drawing by script; there is no file an img element could show.
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
        role="img"
        aria-label={say('approve.pdfPage', { page })}
        className="border-solid-gray-420 mx-auto block h-auto max-w-full border"
      />
      <Pager
        label={say('approve.pages')}
        words={{
          previous: say('approve.pdfPrevious'),
          next: say('approve.pdfNext'),
          place: say('approve.pdfPlace', { page, pages: document.numPages }),
          first: say('approve.pdfFirst'),
          last: say('approve.pdfLast'),
        }}
        page={page}
        pages={document.numPages}
        onGo={(next) => setDrawn({ document, page: next })}
      />
      <More word={say('approve.pdfText')}>
        <p className="whitespace-pre-wrap">{text === '' ? say('approve.pdfNoText') : text}</p>
      </More>
    </>
  )
}

function openPdf(file: string) {
  return getDocument({
    url: file,
    withCredentials: true,
    cMapUrl: '/pdf/cmaps/',
    standardFontDataUrl: '/pdf/standard_fonts/',
    wasmUrl: '/pdf/wasm/',
    // WebAssembly would need a wider content security policy; the plain decoders are enough for a page.
    useWasm: false,
    enableXfa: false,
    disableAutoFetch: true,
    stopAtErrors: false,
    maxImageSize: 50_000_000,
  })
}

/** @returns the words of the page, for those who cannot see the drawing. */
async function draw(
  { document, page: number }: Drawn,
  canvas: HTMLCanvasElement,
  signal: AbortSignal,
): Promise<string> {
  const page = await document.getPage(number)
  const whole = page.getViewport({ scale: 1 })
  const wanted = (WIDTH / whole.width) * Math.min(2, globalThis.devicePixelRatio)
  const most = Math.sqrt(MOST_PIXELS / (whole.width * whole.height))
  const viewport = page.getViewport({ scale: Math.min(wanted, most) })
  if (signal.aborted) return ''
  canvas.width = Math.max(1, Math.floor(viewport.width))
  canvas.height = Math.max(1, Math.floor(viewport.height))
  const render = page.render({ canvas, viewport, annotationMode: 0 })
  signal.addEventListener('abort', () => render.cancel())
  await render.promise
  const { items } = await page.getTextContent()
  return items
    .map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : ''))
    .join('')
    .trim()
}
