import { defineConfig } from 'vite'
import solid from 'vite-plugin-solid'

/** The web is static files under dist/web; the server adds the headers, so the page needs no inline script or style. */
export default defineConfig({
  root: 'web',
  plugins: [solid()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { checks: { pluginTimings: false } },
  },
})
