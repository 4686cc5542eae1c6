import { defineConfig, type HtmlTagDescriptor, type Plugin } from 'vite'
import solid from 'vite-plugin-solid'

/** The letters of the first paint; other scripts are fetched when a text has them. */
const FIRST_FONT = /inter-latin-wght-normal.*\.woff2$/

/** Fetches the font with the page instead of after the styles, so that no text changes its shape. */
const preloadFont: Plugin = {
  name: 'preload-font',
  transformIndexHtml: {
    order: 'post',
    handler: (_, { bundle }): HtmlTagDescriptor[] =>
      Object.keys(bundle ?? {})
        .filter((file) => FIRST_FONT.test(file))
        .map((file) => ({
          tag: 'link',
          attrs: { rel: 'preload', href: `/${file}`, as: 'font', type: 'font/woff2', crossorigin: true },
          injectTo: 'head',
        })),
  },
}

/** The web is static files under dist/web; the server adds the headers, so the page needs no inline script or style. */
export default defineConfig({
  root: 'web',
  // Without inline styles: the page's policy refuses style attributes, also those of templates.
  plugins: [solid({ solid: { inlineStyles: false } }), preloadFont],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { checks: { pluginTimings: false } },
  },
})
