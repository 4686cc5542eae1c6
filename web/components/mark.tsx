/** The mark: a field with its yard lines, and a line that moves down it. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 22 22" aria-hidden="true">
      <rect width="22" height="22" rx="6" fill="var(--turf)" />
      <path d="M4.5 0v22M8.8 0v22M13.2 0v22M17.5 0v22" stroke="var(--chalk)" stroke-opacity=".3" />
      <path d="M4 11h11" stroke="var(--chalk)" stroke-width="2.2" stroke-linecap="round" />
      <circle cx="16" cy="11" r="2.6" fill="var(--chalk)" />
    </svg>
  )
}
