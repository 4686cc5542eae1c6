import { api, call } from './api.ts'
import { me } from './queries.ts'

// Being told in this browser, also while no page of it is open (Push API). The service worker is web/public/push.js.

const WORKER = '/push.js'
/** Whom this browser is to tell: another member who signs in here has not asked for it. */
const OWNER = 'push:member'

/** Whether this browser can do it: not at all, only over HTTPS, its user refused, or nothing speaks against it. */
export type PushSupport = 'none' | 'insecure' | 'refused' | 'possible'

export function pushSupport(): PushSupport {
  if (!window.isSecureContext) return 'insecure'
  if (!('serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window)) return 'none'
  return Notification.permission === 'denied' ? 'refused' : 'possible'
}

const registered = async () => await navigator.serviceWorker.getRegistration(WORKER)

/** The subscription of this browser, if it has one. */
async function subscription(): Promise<PushSubscription | null> {
  if (pushSupport() !== 'possible') return null
  return (await (await registered())?.pushManager.getSubscription()) ?? null
}

/** What the server knows this browser by; none: it is told nothing here. */
export async function ownEndpointHash(): Promise<string | null> {
  const known = await subscription()
  if (!known) return null
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(known.endpoint))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/**
 * Asks for permission and lets the server tell this browser.
 * @param key the server's public key, base64url
 * @returns false where its user did not allow it
 * @throws what the browser or the server says
 */
export async function turnOnPush(key: string): Promise<boolean> {
  if ((await Notification.requestPermission()) !== 'granted') return false
  const registration = await navigator.serviceWorker.register(WORKER, { scope: '/' })
  await navigator.serviceWorker.ready
  await tell(await subscribe(registration, key))
  localStorage.setItem(OWNER, me()?.member.id ?? '')
  return true
}

async function subscribe(registration: ServiceWorkerRegistration, key: string): Promise<PushSubscription> {
  const known = await registration.pushManager.getSubscription()
  if (known && keyOf(known) === key) return known
  // It was made for another key, as before the server got a new one: it can not be used any more.
  await known?.unsubscribe()
  return await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })
}

/** Tells this browser nothing more. */
export async function turnOffPush(): Promise<void> {
  localStorage.removeItem(OWNER)
  await (await subscription())?.unsubscribe()
}

/** After a sign-in: a browser that told this member before goes on doing so. */
export async function keepPush(): Promise<void> {
  if (pushSupport() !== 'possible' || Notification.permission !== 'granted') return
  if (localStorage.getItem(OWNER) !== me()?.member.id) return
  const registration = await registered()
  if (!registration) return
  const { key, devices } = await call(api.notifications.devices.$get())
  const own = await ownEndpointHash()
  const known = await registration.pushManager.getSubscription()
  if (known && keyOf(known) === key && devices.some(({ endpointHash }) => endpointHash === own)) return
  await tell(await subscribe(registration, key))
}

/** Calls `open` with the path that somebody chose in a notification; returns a function that stops it. */
export function followPush(open: (path: string) => void): () => void {
  if (!('serviceWorker' in navigator)) return () => {}
  const onMessage = ({ data }: MessageEvent<unknown>) => {
    const path = typeof data === 'object' && data !== null && 'open' in data ? data.open : undefined
    if (typeof path === 'string' && /^\/[^/]/.test(path)) open(path)
  }
  navigator.serviceWorker.addEventListener('message', onMessage)
  return () => navigator.serviceWorker.removeEventListener('message', onMessage)
}

async function tell(own: PushSubscription): Promise<void> {
  const { endpoint, keys } = own.toJSON()
  const { p256dh = '', auth = '' } = keys ?? {}
  await call(api.notifications.devices.$put({ json: { endpoint: endpoint ?? '', keys: { p256dh, auth } } }))
}

/** The key that a subscription was made for, base64url. */
function keyOf({ options }: PushSubscription): string {
  const key = new Uint8Array(options.applicationServerKey ?? new ArrayBuffer(0))
  return btoa(String.fromCharCode(...key))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')
}
