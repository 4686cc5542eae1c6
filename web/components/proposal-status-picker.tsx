import type { ClosedOutcome } from '../../db/vocabulary.ts'
import { CLOSED_OUTCOMES } from '../../db/vocabulary.ts'
import { moveTo, reopen, setOverride } from '../proposal-changes.ts'
import { readPercent } from '../proposal-status.ts'
import { CLOSE_WORDS } from '../proposal-words.ts'
import type { Card, Stage } from '../proposals.ts'
import { Icon } from './icon.tsx'
import { Chosen, type Item, Picker } from './picker.tsx'
import { Popover } from './popover.tsx'

/** Where a proposal stands: a stage, a number from 0 to 100 for a probability of its own, or how it ended. */
export function ProposalStatusPicker(props: {
  card: Card
  /** The stages that it can go to; its own among them. */
  stages: readonly Stage[]
  keepsOverride: boolean
  at: Element
  onEnd: (outcome: ClosedOutcome) => void
  onClose: () => void
  onMoved?: (stage: Stage) => void
}) {
  const own = () => props.stages.find(({ id }) => id === props.card.stageId)
  const move = (to: Stage) => {
    const from = own()
    if (!from) return
    if (from.id === to.id && props.card.isOverride) void setOverride(props.card, null, from)
    else void moveTo(props.card, from, to, props.keepsOverride)
    props.onMoved?.(to)
  }
  const weigh = (percent: number): Item => ({
    id: `p${percent}`,
    label: `${percent} %, its own probability`,
    icon: () => <Icon name="pen" />,
    run: () => {
      const stage = own()
      if (stage) void setOverride(props.card, percent, stage)
    },
  })
  const stages = (): Item[] =>
    props.stages.map((stage) => ({
      id: stage.id,
      label: `${stage.label} · ${stage.probability} %`,
      group: 'Stage',
      icon: () => <Icon name="status" />,
      ...(stage.id === props.card.stageId && !props.card.isOverride ? { end: () => <Chosen /> } : {}),
      run: () => move(stage),
    }))
  const ends = (): Item[] =>
    CLOSED_OUTCOMES.map((outcome) => ({
      id: outcome,
      label: CLOSE_WORDS[outcome],
      words: 'close end',
      group: 'Close',
      icon: () => <Icon name={outcome === 'won' ? 'done' : 'wrong'} />,
      run: () => props.onEnd(outcome),
    }))
  const items = (): Item[] =>
    props.card.outcome === 'open'
      ? [...stages(), ...ends()]
      : [
          {
            id: 'reopen',
            label: 'Reopen',
            icon: () => <Icon name="undo" />,
            run: () => void reopen(props.card),
          },
          ...ends(),
        ]
  const made = (typed: string): Item[] => {
    const percent = readPercent(typed)
    return percent === undefined || props.card.outcome !== 'open' ? [] : [weigh(percent)]
  }
  return (
    <Popover at={props.at} label="Status" onClose={() => props.onClose()}>
      <Picker
        label="Stage, or a number from 0 to 100"
        placeholder={props.card.outcome === 'open' ? 'Stage, or 0 to 100' : 'Reopen, or close otherwise'}
        items={items()}
        made={made}
        onPick={(item) => {
          props.onClose()
          item.run()
        }}
      />
    </Popover>
  )
}
