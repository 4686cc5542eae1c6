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

/** A chart as it is on the page now, as a PNG on the page's ground. */
export async function pictureOf(svg: SVGSVGElement): Promise<Blob> {
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
  const canvas = document.createElement('canvas')
  canvas.width = (width + 2 * MARGIN) * DENSITY
  canvas.height = (height + 2 * MARGIN) * DENSITY
  const context = canvas.getContext('2d')
  if (!context) throw new Error('This browser does not draw.')
  context.scale(DENSITY, DENSITY)
  context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--surface')
  context.fillRect(0, 0, width + 2 * MARGIN, height + 2 * MARGIN)
  context.drawImage(image, MARGIN, MARGIN, width, height)
  return await new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('No picture came out.'))), 'image/png'),
  )
}

/** Lets the browser keep a file. */
export function keep(name: string, content: Blob): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}
