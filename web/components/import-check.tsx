import { createSignal, For, Show } from 'solid-js'
import { wordsOf } from '../api.ts'
import { count, plural } from '../format.ts'
import { type Checked, changePlan, type Imported, startImport, useCheck } from '../imports.ts'
import { money } from '../money.ts'
import { dayWords } from '../proposal-words.ts'
import { usePipelines } from '../proposals.ts'
import { dataOf, useDirectory } from '../queries.ts'
import { complain } from '../toasts.ts'
import { Icon } from './icon.tsx'
import { Bones, Loaded, Notice } from './states.tsx'

/** More are in the file to download. */
const SHOWN_BROKEN = 200

/** The dry run: what would be imported, and each line that can not be. */
export function ImportCheck(props: { one: Imported }) {
  const check = useCheck(() => props.one)
  const [busy, setBusy] = createSignal(false)
  const questions = () => props.one.file?.questions.length ?? 0
  const start = async () => {
    setBusy(true)
    try {
      await startImport(props.one)
    } catch (error) {
      complain(wordsOf(error))
    }
    setBusy(false)
  }
  const known = () =>
    props.one.plan.onKnown === 'update' ? 'are compared, and updated where the file says otherwise' : 'stay as they are'
  return (
    <Loaded query={check} what="The check" loading={<Bones rows={6} height={46} />}>
      {(found) => (
        <>
          <section class="section">
            <Show when={questions() > 0}>
              <Notice tone="warn">
                Something about the file is not answered yet: see Columns, and Stages and people.
              </Notice>
            </Show>
            <Notice tone={found().brokenLines > 0 ? 'warn' : 'good'}>
              <strong>{`${count(found().good)} of ${plural(props.one.total, 'line')} can be imported.`}</strong>
              <span class="aside">
                {found().brokenLines > 0
                  ? `${plural(found().brokenLines, 'line')} can not, and would be left out. Mend them in the file, or import the rest now and them later.`
                  : 'Nothing is wrong with any line.'}
                {found().known > 0
                  ? ` ${plural(found().known, 'line')} came with an import before and ${known()}.`
                  : ''}
              </span>
            </Notice>
          </section>
          <Show when={found().broken.length > 0}>
            <section class="section">
              <h2>Lines that can not be imported</h2>
              <div class="import-scroll">
                <table class="table import-broken">
                  <thead>
                    <tr>
                      <th scope="col" class="end">
                        Line
                      </th>
                      <th scope="col">Column</th>
                      <th scope="col">Value</th>
                      <th scope="col">What to do</th>
                    </tr>
                  </thead>
                  <tbody>
                    <For each={found().broken.slice(0, SHOWN_BROKEN)}>
                      {(one) => (
                        <tr>
                          <td class="end num">{count(one.line)}</td>
                          <td>{one.column || 'the whole line'}</td>
                          <td>
                            <Show when={one.value} fallback={<span class="quiet">empty</span>}>
                              <code>{one.value}</code>
                            </Show>
                          </td>
                          <td>{one.message}</td>
                        </tr>
                      )}
                    </For>
                  </tbody>
                </table>
              </div>
              <p class="below">
                <Show when={found().broken.length > SHOWN_BROKEN}>
                  {`These are the first ${SHOWN_BROKEN} of ${count(found().broken.length)}. `}
                </Show>
                <a class="link" href={`/api/imports/${props.one.id}/broken.csv`} download="broken-lines.csv">
                  Download all as CSV
                </a>
              </p>
            </section>
          </Show>
          <Show when={found().preview.length > 0}>
            <section class="section">
              <h2>The first ones as they would be</h2>
              <Preview rows={found().preview} />
            </section>
          </Show>
          <fieldset class="import-choice section">
            <legend>What came with an import before</legend>
            <label class="check">
              <input
                type="radio"
                name="known"
                checked={props.one.plan.onKnown === 'skip'}
                onChange={() =>
                  void changePlan(props.one, { onKnown: 'skip' }).catch((error) => complain(wordsOf(error)))
                }
              />
              Stays as it is
            </label>
            <label class="check">
              <input
                type="radio"
                name="known"
                checked={props.one.plan.onKnown === 'update'}
                onChange={() =>
                  void changePlan(props.one, { onKnown: 'update' }).catch((error) => complain(wordsOf(error)))
                }
              />
              Becomes what the file says
            </label>
          </fieldset>
          <div class="import-foot">
            <button
              type="button"
              class="btn primary"
              disabled={busy() || questions() > 0 || found().good === 0}
              onClick={() => void start()}
            >
              <Icon name="check" />
              {`Import ${plural(found().good, 'line')}`}
            </button>
            <span class="hint">It can be taken back as a whole.</span>
          </div>
        </>
      )}
    </Loaded>
  )
}

function Preview(props: { rows: Checked['preview'] }) {
  const pipelines = usePipelines()
  const directory = useDirectory()
  const stageOf = (id: string) =>
    dataOf(pipelines)
      ?.flatMap(({ stages }) => stages)
      .find((stage) => stage.id === id)?.label ?? ''
  const OUTCOMES = { won: 'Won', lost: 'Lost', no_bid: 'No bid', withdrawn: 'Withdrawn', cancelled: 'Cancelled' }
  return (
    <div class="import-scroll">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Organization</th>
            <th scope="col">Stage</th>
            <th scope="col" class="end">
              Value
            </th>
            <th scope="col">Expected</th>
            <th scope="col">Owner</th>
          </tr>
        </thead>
        <tbody>
          <For each={props.rows}>
            {(row) => (
              <tr>
                <td>{row.title}</td>
                <td>{row.organization}</td>
                <td>
                  {row.outcome === 'open' ? stageOf(row.stageId) : OUTCOMES[row.outcome]}
                  {row.override === null ? '' : ` · ${row.override} %`}
                </td>
                <td class="end num">{row.valueMinor === null ? '' : money(row.valueMinor, row.currency)}</td>
                <td class="num">{row.expectedDecision ? dayWords(row.expectedDecision) : ''}</td>
                <td>{directory.members().find(({ id }) => id === row.ownerId)?.name ?? ''}</td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </div>
  )
}
