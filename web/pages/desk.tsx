import { createSignal, For, Show } from 'solid-js'
import { TAG_COLOURS, type TagColour } from '../../db/vocabulary.ts'
import type { WorkingHours } from '../../time/working-hours.ts'
import { api, call, type Mailbox, type Tag, wordsOf } from '../api.ts'
import { Field } from '../components/field.tsx'
import { Icon } from '../components/icon.tsx'
import { Bones, Loaded, Notice } from '../components/states.tsx'
import { ViewDialog } from '../components/view-dialog.tsx'
import { dataOf, useHours, useMailboxes, useTags, useViews } from '../queries.ts'
import { client } from '../query-client.ts'
import { createSubmit, textOf } from '../submit.ts'
import { complain, say } from '../toasts.ts'
import { moveView, removeView, saveView } from '../views.ts'

/** Does something, says so, and shows how it is now. */
async function act(work: () => Promise<unknown>, done: string, undo?: () => void): Promise<void> {
  try {
    await work()
    say(done, undo)
  } catch (error) {
    complain(wordsOf(error))
  }
  for (const key of ['tags', 'views', 'hours', 'issues', 'issue']) void client.invalidateQueries({ queryKey: [key] })
}

/** What everybody shares at the desk: tags, saved views, and the hours that waiting is measured by. */
export default function Desk() {
  return (
    <div class="page">
      <div class="top">
        <div>
          <h1>Tags, views and hours</h1>
          <p>What everybody shares. Tags are made where they are put on an issue, with L.</p>
        </div>
      </div>
      <Tags />
      <Views />
      <Hours />
    </div>
  )
}

function Tags() {
  const tags = useTags()
  const rename = (tag: Tag, name: string) => {
    if (name === tag.name || name.trim() === '') return
    const to = (name: string) => () => call(api.tags[':id'].$patch({ param: { id: tag.id }, json: { name } }))
    void act(to(name), `The tag is called ${name} now.`, () => void act(to(tag.name), 'Undone.'))
  }
  const paint = (tag: Tag, colour: TagColour) => {
    const to = (colour: TagColour) => () => call(api.tags[':id'].$patch({ param: { id: tag.id }, json: { colour } }))
    void act(to(colour), 'Colour changed.', () => void act(to(tag.colour), 'Undone.'))
  }
  const merge = (tag: Tag, into: Tag) => {
    if (!confirm(`Make ${into.name} of every ${tag.name}? This can not be undone.`)) return
    void act(
      () => call(api.tags[':id'].merge.$post({ param: { id: tag.id }, json: { intoId: into.id } })),
      `${tag.name} is ${into.name} now.`,
    )
  }
  const remove = (tag: Tag) => {
    if (!confirm(`Take ${tag.name} off every issue? This can not be undone.`)) return
    void act(() => call(api.tags[':id'].$delete({ param: { id: tag.id } })), `Removed the tag ${tag.name}.`)
  }
  return (
    <section class="section">
      <h2>Tags</h2>
      <Loaded query={tags} what="The tags" loading={<Bones rows={3} height={46} />}>
        {(found) => (
          <Show
            when={found().length > 0}
            fallback={<p class="hint">There are no tags yet. Open an issue and press L to make one.</p>}
          >
            <table class="table">
              <thead>
                <tr>
                  <th scope="col">Name</th>
                  <th scope="col">Colour</th>
                  <th scope="col">Merge into</th>
                  <th scope="col" class="end">
                    <span class="sr">Remove</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                <For each={found()}>
                  {(tag) => (
                    <tr>
                      <td>
                        <span class="who">
                          <span class={`swatch of-${tag.colour}`} />
                          <input
                            class="input"
                            aria-label={`Name of ${tag.name}`}
                            value={tag.name}
                            maxLength={40}
                            onChange={(event) => rename(tag, event.currentTarget.value)}
                          />
                        </span>
                      </td>
                      <td>
                        <select
                          class="input"
                          aria-label={`Colour of ${tag.name}`}
                          // The cast: the options are TAG_COLOURS.
                          onChange={(event) => paint(tag, event.currentTarget.value as TagColour)}
                        >
                          <For each={TAG_COLOURS}>
                            {(colour) => (
                              <option value={colour} selected={colour === tag.colour}>
                                {colour.charAt(0).toUpperCase() + colour.slice(1)}
                              </option>
                            )}
                          </For>
                        </select>
                      </td>
                      <td>
                        <select
                          class="input"
                          aria-label={`Merge ${tag.name} into`}
                          onChange={(event) => {
                            const into = found().find(({ id }) => id === event.currentTarget.value)
                            event.currentTarget.value = ''
                            if (into) merge(tag, into)
                          }}
                        >
                          <option value="">Another tag</option>
                          <For each={found().filter(({ id }) => id !== tag.id)}>
                            {({ id, name }) => <option value={id}>{name}</option>}
                          </For>
                        </select>
                      </td>
                      <td class="end">
                        <button
                          type="button"
                          class="btn ghost square"
                          aria-label={`Remove ${tag.name}`}
                          onClick={() => remove(tag)}
                        >
                          <Icon name="trash" />
                        </button>
                      </td>
                    </tr>
                  )}
                </For>
              </tbody>
            </table>
          </Show>
        )}
      </Loaded>
    </section>
  )
}

function Views() {
  const views = useViews()
  const [editing, setEditing] = createSignal<string>()
  const edited = () => (dataOf(views) ?? []).find(({ id }) => id === editing())
  return (
    <section class="section">
      <h2>Saved views</h2>
      <Loaded query={views} what="The views" loading={<Bones rows={2} height={46} />}>
        {(found) => (
          <Show
            when={found().length > 0}
            fallback={<p class="hint">There are no views yet. Search for something, then save it as a view.</p>}
          >
            <table class="table">
              <thead>
                <tr>
                  <th scope="col">Name</th>
                  <th scope="col" class="side-fact">
                    Search
                  </th>
                  <th scope="col">For</th>
                  <th scope="col" class="end">
                    <span class="sr">Order and change</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                <For each={found()}>
                  {(view) => (
                    <tr>
                      <td>{view.name}</td>
                      <td class="side-fact">
                        <code>{view.query}</code>
                      </td>
                      <td>{view.ownerId === null ? 'Everybody' : 'You'}</td>
                      <td class="end">
                        <button
                          type="button"
                          class="btn ghost square"
                          aria-label={`Move ${view.name} up`}
                          onClick={() => void moveView(found(), view.id, -1)}
                        >
                          <Icon name="up" />
                        </button>
                        <button
                          type="button"
                          class="btn ghost square"
                          aria-label={`Move ${view.name} down`}
                          onClick={() => void moveView(found(), view.id, 1)}
                        >
                          <Icon name="down" />
                        </button>
                        <button type="button" class="btn ghost" onClick={() => setEditing(view.id)}>
                          Change
                        </button>
                      </td>
                    </tr>
                  )}
                </For>
              </tbody>
            </table>
          </Show>
        )}
      </Loaded>
      <Show when={edited()}>
        {(view) => (
          <ViewDialog
            view={view()}
            mayShare
            onClose={() => setEditing(undefined)}
            onSave={async (draft) => {
              await saveView(view().id, draft)
              setEditing(undefined)
            }}
            onRemove={async () => {
              const removed = view()
              setEditing(undefined)
              await removeView(removed)
            }}
          />
        )}
      </Show>
    </section>
  )
}

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
const clockOf = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number)
  // Midnight as an end is that of the day.
  return hours * 60 + minutes
}

function Hours() {
  const hours = useHours()
  const mailboxes = useMailboxes()
  const [of, setOf] = createSignal('')
  return (
    <section class="section">
      <h2>Working hours</h2>
      <p>Waiting is counted in these hours: what comes in on Friday evening waits from Monday on.</p>
      <Loaded query={hours} what="The working hours" loading={<Bones rows={3} height={46} />}>
        {(found) => (
          <>
            <Field label="For">
              {(attributes) => (
                <select {...attributes} class="input of" onChange={(event) => setOf(event.currentTarget.value)}>
                  <option value="">Everybody</option>
                  <For each={dataOf(mailboxes) ?? []}>
                    {(box: Mailbox) => (
                      <option value={box.id}>
                        {box.name}
                        {found().mailboxes[box.id] ? '' : ', as everybody'}
                      </option>
                    )}
                  </For>
                </select>
              )}
            </Field>
            <Show when={of() || 'everybody'} keyed>
              {(key) => (
                <HoursForm
                  mailboxId={key === 'everybody' ? null : key}
                  hours={found().mailboxes[key] ?? found().everybody}
                  isOwn={found().mailboxes[key] !== undefined}
                />
              )}
            </Show>
          </>
        )}
      </Loaded>
    </section>
  )
}

function HoursForm(props: { mailboxId: string | null; hours: WorkingHours; isOwn: boolean }) {
  const put = async (hours: WorkingHours | null) => {
    const { mailboxId } = props
    if (mailboxId)
      await call(api.hours[':mailboxId'].$put({ param: { mailboxId }, json: { hours: forSending(hours) } }))
    else if (hours) await call(api.hours.$put({ json: forSending(hours)! }))
    void client.invalidateQueries({ queryKey: ['hours'] })
  }
  const { busy, onSubmit, wrong, general } = createSubmit(async (form) => {
    const before = props.isOwn || !props.mailboxId ? props.hours : null
    await put({
      zone: textOf(form, 'zone').trim(),
      days: DAYS.map((_, day) =>
        form.get(`works${day}`) === null
          ? null
          : [minutesOf(textOf(form, `from${day}`)), minutesOf(textOf(form, `to${day}`)) || 1_440],
      ),
      holidays: textOf(form, 'holidays')
        .split(/[\s,;]+/)
        .filter(Boolean),
    })
    say('Working hours changed.', () => void put(before))
  })
  return (
    <form class="form" onSubmit={onSubmit}>
      <Show when={general('zone', 'holidays')}>{(words) => <Notice tone="bad">{words()}</Notice>}</Show>
      <Field label="Time zone" help="As Europe/Berlin or America/New_York." wrong={wrong('zone')}>
        {(attributes) => <input {...attributes} class="input" name="zone" value={props.hours.zone} required />}
      </Field>
      <table class="table hours">
        <thead>
          <tr>
            <th scope="col">Day</th>
            <th scope="col">From</th>
            <th scope="col">To</th>
          </tr>
        </thead>
        <tbody>
          <For each={DAYS}>
            {(name, day) => {
              const range = () => props.hours.days[day()]
              return (
                <tr>
                  <td>
                    <label class="check">
                      <input type="checkbox" name={`works${day()}`} checked={range() !== null} />
                      {name}
                    </label>
                  </td>
                  <td>
                    <input
                      class="input"
                      type="time"
                      name={`from${day()}`}
                      aria-label={`${name} from`}
                      value={clockOf(range()?.[0] ?? 540)}
                    />
                  </td>
                  <td>
                    <input
                      class="input"
                      type="time"
                      name={`to${day()}`}
                      aria-label={`${name} to`}
                      value={clockOf((range()?.[1] ?? 1_020) % 1_440)}
                    />
                  </td>
                </tr>
              )
            }}
          </For>
        </tbody>
      </table>
      <Field
        label="Holidays"
        help="Days on which nobody works, as 2026-12-25, one on each line."
        wrong={wrong('holidays')}
      >
        {(attributes) => (
          <textarea {...attributes} class="input" name="holidays" rows="3">
            {props.hours.holidays.join('\n')}
          </textarea>
        )}
      </Field>
      <div class="actions">
        <button type="submit" class="btn primary" disabled={busy()}>
          Save the hours
        </button>
        <Show when={props.mailboxId && props.isOwn}>
          <button type="button" class="btn ghost" onClick={() => void put(null)}>
            As everybody
          </button>
        </Show>
      </div>
    </form>
  )
}

/** The same as the API takes it: a list of pairs, which the type of a route can not say. */
function forSending(hours: WorkingHours | null) {
  if (!hours) return null
  return { ...hours, days: hours.days.map((range): [number, number] | null => range && [range[0], range[1]]) }
}
