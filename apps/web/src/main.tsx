import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { I18nProvider } from 'react-aria-components'
import { App } from './app.tsx'

// react-aria puts a style element of this id into the page unless one is there. Inline styles are forbidden by our
// content security policy; the same rule stands in look.css.
const instead = document.createElement('meta')
instead.id = 'react-aria-pressable-style'
document.head.append(instead)

const place = document.querySelector('#app')
if (place !== null)
  createRoot(place).render(
    <StrictMode>
      <I18nProvider locale="ja-JP">
        <App />
      </I18nProvider>
    </StrictMode>,
  )
