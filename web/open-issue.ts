import { createSignal } from 'solid-js'

/** The issue that is open, for the palette. */
export const [openIssue, setOpenIssue] = createSignal<string>()
