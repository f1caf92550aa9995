import { useEffect, useState } from 'react'

/** Nothing for the first third of a second, then a word: a flash of “loading” only makes a page feel slower. */
export function Loading({ word }: { readonly word: string }) {
  const [shown, show] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => show(true), 300)
    return () => clearTimeout(timer)
  }, [])
  return <output className="text-solid-gray-700 block py-6">{shown ? word : ''}</output>
}
