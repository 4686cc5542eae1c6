/** What of an SVG's style stands in the page's style sheets and must come along. */
const STYLES = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linejoin',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
] as const
/** Sharp on dense screens and in print. */
const DENSITY = 2
const MARGIN = 16
const TITLE_PX = 32
const GAP_PX = 10
const LEGEND_PX = 20
const SWATCH_PX = 10

/**
 * The charts of a report as they are on the page now, with its title and the key to its colours, as a PNG on the page's
 * ground.
 */
export async function pictureOf(report: HTMLElement, title: string): Promise<Blob> {
  const charts = [...report.querySelectorAll<SVGSVGElement>('.chart > svg')]
  const drawn = await Promise.all(charts.map(imageOf))
  const width = Math.max(0, ...drawn.map((one) => one.width))
  const canvas = document.createElement('canvas')
  const context = canvas.getContext('2d')
  if (!context) throw new Error('This browser does not draw.')
  const ink = getComputedStyle(report)
  const textFont = `12px ${ink.fontFamily}`
  context.font = textFont
  const keys = keysOf(report, (words) => context.measureText(words).width, width)
  const legendHeight = keys.length === 0 ? 0 : (Math.max(...keys.map(({ line }) => line)) + 1) * LEGEND_PX + GAP_PX
  const height = TITLE_PX + legendHeight + drawn.reduce((sum, one) => sum + one.height + GAP_PX, 0)
  canvas.width = (width + 2 * MARGIN) * DENSITY
  canvas.height = (height + 2 * MARGIN) * DENSITY
  context.scale(DENSITY, DENSITY)
  context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--surface')
  context.fillRect(0, 0, width + 2 * MARGIN, height + 2 * MARGIN)
  context.fillStyle = ink.color
  context.font = `600 15px ${ink.fontFamily}`
  context.fillText(title, MARGIN, MARGIN + 13, width)
  let top = MARGIN + TITLE_PX
  for (const [i, { image, width, height }] of drawn.entries()) {
    context.drawImage(image, MARGIN, top, width, height)
    top += height + GAP_PX
    if (i > 0) continue
    // The key belongs to the first chart of a report.
    context.font = textFont
    for (const { x, line, tone, words } of keys) {
      const y = top + line * LEGEND_PX
      context.fillStyle = tone
      context.fillRect(MARGIN + x, y, SWATCH_PX, SWATCH_PX)
      context.fillStyle = ink.color
      context.fillText(words, MARGIN + x + SWATCH_PX + 7, y + SWATCH_PX)
    }
    top += legendHeight
  }
  return await new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('No picture came out.'))), 'image/png'),
  )
}

async function imageOf(svg: SVGSVGElement) {
  const { width, height } = svg.getBoundingClientRect()
  const copy = svg.cloneNode(true) as SVGSVGElement // The cast: a clone is of the kind of what is cloned.
  const from = [svg, ...svg.querySelectorAll('*')]
  for (const [i, element] of [copy, ...copy.querySelectorAll('*')].entries()) {
    const style = getComputedStyle(from[i]!)
    for (const name of STYLES) element.setAttribute(name, style.getPropertyValue(name))
  }
  copy.setAttribute('width', String(width))
  copy.setAttribute('height', String(height))
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`
  await image.decode()
  return { image, width, height }
}

/** The key to the colours in lines that fit a width. */
function keysOf(report: HTMLElement, widthOf: (words: string) => number, width: number) {
  let [x, line] = [0, 0]
  return [...report.querySelectorAll<HTMLElement>('.legend li')].map((item) => {
    const words = item.textContent ?? ''
    const needed = SWATCH_PX + 7 + widthOf(words) + 16
    if (x > 0 && x + needed > width) [x, line] = [0, line + 1]
    const key = { x, line, words, tone: getComputedStyle(item, '::before').backgroundColor }
    x += needed
    return key
  })
}

/** Lets the browser keep a file. */
export function keep(name: string, content: Blob): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}
