import { createSignal, For, Match, onMount, Show, Switch } from 'solid-js'
import { ApiError, api, call, wordsOf } from '../api.ts'
import { browserName } from '../browser-name.ts'
import { useNow } from '../clock.ts'
import { ago } from '../format.ts'
import { ownEndpointHash, pushSupport, turnOffPush, turnOnPush } from '../push.ts'
import { dataOf, usePushDevices } from '../queries.ts'
import { client } from '../query-client.ts'
import { complain, say } from '../toasts.ts'
import { Icon } from './icon.tsx'
import { Bones, Loaded, Notice } from './states.tsx'

/** What a browser says when it does not subscribe names nothing that a person could mend. */
function wordsOfBrowser(error: unknown): string {
  if (error instanceof DOMException && error.name === 'NotAllowedError')
    return 'The browser does not allow it here, as in a private window.'
  return 'The browser could not reach its push service. Check its connection, and try again.'
}

/** The devices on which a member is told while Downfield is not open, this browser among them or not. */
export function PushDevices() {
  const devices = usePushDevices()
  const now = useNow(30_000)
  /** None: it is not told; not set: nobody knows yet. */
  const [own, setOwn] = createSignal<string | null>()
  const [support, setSupport] = createSignal(pushSupport())
  const [busy, setBusy] = createSignal(false)
  const [wrong, setWrong] = createSignal<string>()
  const isTold = () => dataOf(devices)?.devices.some(({ endpointHash }) => endpointHash === own()) ?? false
  const look = async () => setOwn(await ownEndpointHash().catch(() => null))
  onMount(look)
  const again = async () => {
    await client.invalidateQueries({ queryKey: ['notifications', 'devices'] })
    await look()
  }
  const turnOn = async () => {
    const key = dataOf(devices)?.key
    if (!key) return
    setBusy(true)
    setWrong(undefined)
    try {
      if (await turnOnPush(key)) say('You are told in this browser now.')
    } catch (error) {
      setWrong(error instanceof ApiError ? error.message : wordsOfBrowser(error))
    }
    setSupport(pushSupport())
    await again()
    setBusy(false)
  }
  const remove = async (device: { id: string; endpointHash: string }) => {
    try {
      if (device.endpointHash === own()) await turnOffPush()
      await call(api.notifications.devices[':id'].$delete({ param: { id: device.id } }))
    } catch (error) {
      complain(wordsOf(error))
    }
    await again()
  }
  const tryIt = async (id: string) => {
    try {
      await call(api.notifications.devices[':id'].tries.$post({ param: { id } }))
      say('It is on its way to that device.')
    } catch (error) {
      complain(wordsOf(error))
    }
    await again()
  }
  return (
    <section class="section">
      <h2>On your devices</h2>
      <div class="stack">
        <p class="hint">
          A browser that you are signed in with can tell you at once, also while Downfield is not open. What it is told
          is encrypted on its way.
        </p>
        <Loaded query={devices} what="Your devices" loading={<Bones rows={1} height={46} />}>
          {(found) => (
            <Show when={found().devices.length > 0}>
              <ul class="lines">
                <For each={found().devices}>
                  {(device) => (
                    <li>
                      <span class="grow">
                        {browserName(device.userAgent)}
                        <small class="hint">
                          {device.reachedAt === null
                            ? 'Nothing was sent there so far'
                            : `Reached ${ago(Math.min(device.reachedAt, now()), now())}`}
                        </small>
                      </span>
                      <Show when={device.endpointHash === own()}>
                        <span class="chip good">This one</span>
                      </Show>
                      <button type="button" class="btn ghost" onClick={() => void tryIt(device.id)}>
                        Try it
                      </button>
                      <button
                        type="button"
                        class="btn ghost"
                        aria-label={`Remove ${browserName(device.userAgent)}`}
                        onClick={() => void remove(device)}
                      >
                        Remove
                      </button>
                    </li>
                  )}
                </For>
              </ul>
            </Show>
          )}
        </Loaded>
        <Show when={wrong()}>{(words) => <Notice tone="bad">{words()}</Notice>}</Show>
        <Switch>
          <Match when={support() === 'none'}>
            <p class="hint">
              This browser can not do it. On an iPhone or iPad, add Downfield to the home screen first.
            </p>
          </Match>
          <Match when={support() === 'insecure'}>
            <p class="hint">Browsers allow this only where Downfield is reached over HTTPS.</p>
          </Match>
          <Match when={support() === 'refused'}>
            <Notice tone="warn">
              <strong>This browser was told not to show notifications of Downfield.</strong> Allow them in the settings
              of the page, beside its address, and load it again.
            </Notice>
          </Match>
          <Match when={dataOf(devices) && own() !== undefined && !isTold()}>
            <div class="actions">
              <button type="button" class="btn" disabled={busy()} onClick={() => void turnOn()}>
                <Icon name="bell" />
                {busy() ? 'Asking the browser' : 'Tell me in this browser'}
              </button>
            </div>
          </Match>
        </Switch>
      </div>
    </section>
  )
}
