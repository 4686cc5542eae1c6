// The service worker: shows what the server pushes, also while no page is open, and opens what somebody chooses of it. It
// keeps nothing and answers no request.

self.addEventListener('install', () => self.skipWaiting())

self.addEventListener('push', (event) => {
  // As server/notifications/push/push-sending.ts writes it.
  const { title, body, tag, path } = event.data?.json() ?? {}
  if (typeof title !== 'string') return
  event.waitUntil(
    self.registration.showNotification(title, { body, tag, renotify: true, icon: '/favicon.svg', data: { path } }),
  )
})

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  const { path } = event.notification.data ?? {}
  event.waitUntil(open(typeof path === 'string' && /^\/[^/]/.test(path) ? path : '/'))
})

/** In a page that is open, else in a new one. */
async function open(path) {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  const page = pages.find(({ visibilityState }) => visibilityState === 'visible') ?? pages[0]
  if (!page) return await self.clients.openWindow(path)
  page.postMessage({ open: path })
  await page.focus().catch(() => {})
}
