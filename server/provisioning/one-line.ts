/**
 * What never belongs to a name: control characters, which break lines and steer terminals, and marks that show text in
 * another order than it is read in.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
export const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/
const CONTROLS = new RegExp(`${CONTROL.source}+`, 'g')

/** Text from elsewhere as one line that can be shown or be a comment. */
export const oneLine = (text: string) => text.replace(CONTROLS, ' ')
