/** Builds the desk's pages from src/desk/web into dist/desk, once at installation; the server only serves files. */
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { compressed } from './scripts/compressed.ts'

const root = fileURLToPath(new URL('src/desk/web', import.meta.url))

export default defineConfig({
  root,
  plugins: [react(), compressed()],
  // The server writes a fresh nonce into each page that it serves.
  html: { cspNonce: '__NONCE__' },
  build: {
    outDir: fileURLToPath(new URL('dist/desk', import.meta.url)),
    emptyOutDir: true,
    // Everything is a file of ours: no data: URIs for the content policy to allow.
    assetsInlineLimit: 0,
    rolldownOptions: { input: { desk: `${root}/index.html`, simulator: `${root}/simulator.html` } },
  },
})
