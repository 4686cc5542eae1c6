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

/**
 * No style attributes in templates: the page's policy refuses them. The plugin hands the option on to the compiler; its
 * own types have not caught up with it.
 */
const compiler = { inlineStyles: false } as NonNullable<Parameters<typeof solid>[0]>['solid'] & object

/** The web is static files under dist/web; the server adds the headers, so the page needs no inline script or style. */
export default defineConfig({
  root: 'web',
  plugins: [solid({ solid: compiler }), preloadFont],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { checks: { pluginTimings: false } },
  },
})
