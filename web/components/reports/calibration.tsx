import { plural } from '../../format.ts'
import { type Calibration, listHref, type ReportFilters, useCalibration } from '../../reports.ts'
import { Panel } from '../charts/panel.tsx'
import { type Band, statedOf } from '../charts/stated.ts'
import { percent, type Table } from '../charts/table.ts'

const ENOUGH = 30

const LEGEND = [
  ['won', 'Share that was won; the line up and down is the 95% interval'],
  ['goal', 'As many won as was said'],
] as const

/** Whether what is stated at submission comes true: of those said to be won at 80%, are 80% won? */
export function CalibrationReport(props: { filters: ReportFilters }) {
  const query = useCalibration(() => props.filters)
  const href = (ids: readonly string[]) => listHref(props.filters, ids)
  const bands = (data: Calibration): Band[] =>
    data.bands.map((band) => ({
      id: String(band.from),
      from: band.from,
      to: band.to,
      n: band.n,
      rate: band.rate,
      interval: band.interval,
      name: `Stated ${band.from} to ${band.to}%: won ${band.of} of ${band.n}, ${percent(band.rate)}`,
      href: href(band.ids),
    }))
  const tableOf = (data: Calibration): Table => ({
    head: [
      { label: 'Stated', kind: 'text' },
      { label: 'Decided', kind: 'count' },
      { label: 'Won', kind: 'count' },
      { label: 'Share won', kind: 'share' },
      { label: '95% from', kind: 'share' },
      { label: '95% to', kind: 'share' },
    ],
    rows: data.bands.map((band) => [
      { value: `${band.from} to ${band.to}%` },
      { value: band.n, ids: band.ids },
      { value: band.of },
      { value: band.rate },
      { value: band.interval?.[0] ?? null },
      { value: band.interval?.[1] ?? null },
    ]),
  })
  const idsOf = (data: Calibration) => data.bands.flatMap(({ ids }) => ids)
  return (
    <Panel
      title="Are our percentages right"
      lead="The probability when a bid went out, and how many of those were won, of the last three years."
      file="calibration"
      icon="trophy"
      query={query}
      hrefOf={href}
      empty={(data) =>
        data.enough
          ? undefined
          : `It takes ${ENOUGH} decided bids to say that. In three years there ${data.n === 1 ? 'was 1' : `were ${data.n}`}.`
      }
      draw={(data, width) => statedOf(bands(data), width)}
      legend={LEGEND}
      table={tableOf}
      below={(data) => (
        <p class="below num">
          <a class="quiet-link" href={href(idsOf(data))}>
            {plural(data.n, 'decided bid')}
          </a>
          . {verdict(data)}
        </p>
      )}
    />
  )
}

/** The Brier scores in words: 0 is knowing. */
function verdict({ brier, brierOfBaseRate }: Calibration): string {
  if (brier === null || brierOfBaseRate === null) return ''
  const scores = `Brier score ${brier.toFixed(3)}, against ${brierOfBaseRate.toFixed(3)} for saying the same of all; lower is better.`
  return brier < brierOfBaseRate
    ? `The percentages tell more than the win rate alone. ${scores}`
    : `The percentages tell no more than the win rate alone. ${scores}`
}
