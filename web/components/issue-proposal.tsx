import { Show } from 'solid-js'
import { handlerOf } from '../keys.ts'
import { money } from '../money.ts'
import { statusOf } from '../proposal-status.ts'
import { countdown, wallWords } from '../proposal-words.ts'
import { usePipelines, useProposalOfIssue } from '../proposals.ts'
import { dataOf } from '../queries.ts'
import { Icon } from './icon.tsx'

/** The proposal that an issue became, or the way to make it one. */
export function IssueProposal(props: { issueId: string; now: number }) {
  const known = useProposalOfIssue(() => props.issueId)
  const pipelines = usePipelines()
  const proposal = () => dataOf(known)?.proposal
  const stage = () =>
    (dataOf(pipelines) ?? []).flatMap(({ stages }) => stages).find(({ id }) => id === proposal()?.stageId)?.label ?? ''
  return (
    <Show
      when={proposal()}
      fallback={
        <Show when={dataOf(known) && handlerOf('promote')}>
          <h3>Proposal</h3>
          <p class="promote">
            <button
              type="button"
              class="btn"
              data-tip="Make it a proposal"
              data-keys="4"
              aria-keyshortcuts="4"
              onClick={() => handlerOf('promote')?.()}
            >
              <Icon name="pipeline" />
              Make it a proposal
            </button>
          </p>
        </Show>
      }
    >
      {(found) => (
        <>
          <h3>Proposal PRP-{found().number}</h3>
          <dl>
            <dt>Title</dt>
            <dd>
              <a class="link ellipsis" href={`/proposals/${found().id}`}>
                {found().title}
              </a>
            </dd>
            <dt>Status</dt>
            <dd>{statusOf(found(), stage())}</dd>
            <Show when={found().valueMinor}>
              {(value) => (
                <>
                  <dt>Value</dt>
                  <dd class="num">{money(value(), found().currency)}</dd>
                </>
              )}
            </Show>
            <Show when={found().dueAt}>
              {(dueAt) => (
                <>
                  <dt>Due</dt>
                  <dd>
                    <span data-tip={wallWords(found().dueLocal ?? '', found().dueZone ?? '')}>
                      {countdown(dueAt(), props.now)}
                    </span>
                  </dd>
                </>
              )}
            </Show>
          </dl>
        </>
      )}
    </Show>
  )
}
