import { useNavigate, useParams, useSearchParams } from '@solidjs/router'
import { createEffect, createSignal, For, Match, on, Show, Switch } from 'solid-js'
import { wordsOf } from '../api.ts'
import { Icon } from '../components/icon.tsx'
import { ImportCheck } from '../components/import-check.tsx'
import { ImportColumns } from '../components/import-columns.tsx'
import { ImportResult } from '../components/import-result.tsx'
import { ImportWords } from '../components/import-words.tsx'
import { Bones, Empty, Failed, Loaded, Notice } from '../components/states.tsx'
import { count, day } from '../format.ts'
import { type Imported, isUnderWay, sendFile, useImport, useImports } from '../imports.ts'
import { dataOf, useSession } from '../queries.ts'
import { client } from '../query-client.ts'

const STEPS = ['file', 'columns', 'words', 'check', 'import'] as const
type Step = (typeof STEPS)[number]
const STEP_WORDS: Record<Step, string> = {
  file: 'File',
  columns: 'Columns',
  words: 'Stages and people',
  check: 'Check',
  import: 'Import',
}

/** Proposals from a file of another system: step by step, with nothing done before it was seen. */
export default function ImportPage() {
  const params = useParams<{ id?: string }>()
  const session = useSession()
  const may = () => dataOf(session)?.rights.includes('import proposals')
  return (
    <div class="page import">
      <Show
        when={may()}
        fallback={
          <Show when={dataOf(session)} fallback={<Bones rows={4} height={46} />}>
            <Empty icon="pipeline" title="Managers and admins import proposals">
              Ask one of them to bring the file in.
            </Empty>
          </Show>
        }
      >
        <Show when={params.id} keyed fallback={<Begin />}>
          {(id) => <Steps id={id} />}
        </Show>
      </Show>
    </div>
  )
}

function Head(props: { step: Step; words: string; one?: Imported; onStep?: (step: Step) => void }) {
  const at = () => STEPS.indexOf(props.step)
  const mayGo = (step: Step) =>
    props.one?.state === 'draft' && step !== 'file' && step !== 'import' && step !== props.step
  return (
    <>
      <div class="top">
        <div>
          <h1>Import proposals</h1>
          <p>{props.words}</p>
        </div>
        <a class="btn" href="/pipeline">
          Back to the pipeline
        </a>
      </div>
      <ol class="import-steps" aria-label="Steps">
        <For each={STEPS}>
          {(step, i) => (
            <li classList={{ past: i() < at() }} aria-current={step === props.step ? 'step' : undefined}>
              <Show when={mayGo(step)} fallback={<span>{STEP_WORDS[step]}</span>}>
                <button type="button" class="link" onClick={() => props.onStep?.(step)}>
                  {STEP_WORDS[step]}
                </button>
              </Show>
            </li>
          )}
        </For>
      </ol>
    </>
  )
}

function Begin() {
  const go = useNavigate()
  const imports = useImports()
  const [sending, setSending] = createSignal<string>()
  const [wrong, setWrong] = createSignal<string>()
  const [over, setOver] = createSignal(false)
  const send = async (file: File | undefined) => {
    if (!file || sending()) return
    setSending(file.name)
    setWrong(undefined)
    try {
      go(`/import/${await sendFile(file)}`)
    } catch (error) {
      setWrong(wordsOf(error))
    }
    setSending(undefined)
  }
  return (
    <>
      <Head
        step="file"
        words="From the export of another system. Nothing is changed before you have seen what would be."
      />
      <section class="section">
        <Show when={wrong()}>{(words) => <Notice tone="bad">{words()}</Notice>}</Show>
        <label
          class="import-drop"
          classList={{ over: over() }}
          onDragOver={(event) => {
            event.preventDefault()
            setOver(true)
          }}
          onDragLeave={() => setOver(false)}
          onDrop={(event) => {
            event.preventDefault()
            setOver(false)
            void send(event.dataTransfer?.files[0])
          }}
        >
          <Icon name="file" />
          <strong>{sending() ? `Reading ${sending()}` : 'Choose a file, or drop it here'}</strong>
          <span>
            CSV, tab or merge files. Those of Salesforce, HubSpot, Pipedrive, Dynamics, SugarCRM, SuiteCRM, vtiger,
            Highrise, Zendesk Sell, Sage and FileMaker are recognised.
          </span>
          <input
            type="file"
            class="sr"
            accept=".csv,.tsv,.tab,.txt,.mer,text/csv,text/tab-separated-values,text/plain"
            disabled={sending() !== undefined}
            onChange={(event) => {
              void send(event.currentTarget.files?.[0])
              event.currentTarget.value = ''
            }}
          />
        </label>
      </section>
      <section class="section">
        <h2>Imports before</h2>
        <Loaded query={imports} what="The imports">
          {(found) => (
            <Show when={found().length > 0} fallback={<p class="hint">Nothing was imported yet.</p>}>
              <ul class="lines">
                <For each={found()}>
                  {(one) => (
                    <li>
                      <a class="grow" href={`/import/${one.id}`}>
                        {one.filename}
                        <small class="hint">{`${one.sourceLabel}, by ${one.memberName}, ${day(one.createdAt)}`}</small>
                      </a>
                      <span class="quiet">{stateWords(one)}</span>
                    </li>
                  )}
                </For>
              </ul>
            </Show>
          )}
        </Loaded>
      </section>
    </>
  )
}

function stateWords({ state, created, updated }: Pick<Imported, 'state' | 'created' | 'updated'>): string {
  if (state === 'draft') return 'Not imported yet'
  if (state === 'running') return 'Under way'
  if (state === 'undoing') return 'Being taken back'
  if (state === 'undone') return 'Taken back'
  if (state === 'failed') return 'Broke off'
  return updated > 0 ? `${count(created)} new, ${count(updated)} updated` : `${count(created)} new`
}

function Steps(props: { id: string }) {
  const query = useImport(() => props.id)
  const [search, setSearch] = useSearchParams<{ step?: string }>()
  const step = (one: Imported): Step =>
    one.state === 'draft' ? (STEPS.slice(1, 4).find((name) => name === search.step) ?? 'columns') : 'import'
  // What was imported shows everywhere.
  createEffect(
    on(
      () => dataOf(query)?.state,
      (state, before) => {
        if (!before || !isUnderWay(before) || !state || isUnderWay(state)) return
        void client.invalidateQueries({ queryKey: ['proposals'] })
        void client.invalidateQueries({ queryKey: ['imports'] })
      },
    ),
  )
  const go = (to: Step) => setSearch({ step: to })
  return (
    <Show
      when={dataOf(query)}
      fallback={
        <Show when={query.isError} fallback={<Bones rows={6} height={46} />}>
          <Failed error={query.error} what="The import" retry={() => void query.refetch()} />
        </Show>
      }
    >
      {(one) => (
        <>
          <Head
            step={step(one())}
            one={one()}
            onStep={go}
            words={`${one().filename}: ${count(one().total)} lines from ${one().sourceLabel}.`}
          />
          <Switch>
            <Match when={step(one()) === 'columns'}>
              <ImportColumns one={one()} onNext={() => go('words')} />
            </Match>
            <Match when={step(one()) === 'words'}>
              <ImportWords one={one()} onNext={() => go('check')} />
            </Match>
            <Match when={step(one()) === 'check'}>
              <ImportCheck one={one()} />
            </Match>
            <Match when={true}>
              <ImportResult one={one()} />
            </Match>
          </Switch>
        </>
      )}
    </Show>
  )
}
