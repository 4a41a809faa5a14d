/** The adviser's desk. */
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { wearNonce } from './look/nonce.ts'
import { takeLinkToken } from './sign-in/link.ts'
import './look/base.css'

wearNonce()
// Before anything is drawn or fetched: the token shall stand in the address no longer than it must.
const token = takeLinkToken()

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App token={token} />
  </StrictMode>,
)
