import '@fontsource-variable/inter/wght.css'
import './styles/index.css'
import { QueryClientProvider } from '@tanstack/solid-query'
import { render } from 'solid-js/web'
import { App } from './app.tsx'
import { client } from './query-client.ts'

render(
  () => (
    <QueryClientProvider client={client}>
      <App />
    </QueryClientProvider>
  ),
  document.getElementById('root')!,
)
