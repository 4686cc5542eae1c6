import fc from 'fast-check'

/** Everything that means something to PowerShell, among ordinary text. */
export const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "'",
        '’',
        '‘',
        '‚',
        '‛',
        '"',
        '“',
        '”',
        '$',
        '`',
        ';',
        '|',
        '&',
        '(',
        ')',
        '{',
        '}',
        '@',
        '#',
        '<#',
        '#>',
        '--%',
        '–',
        ' ',
        ',',
        '\\',
        '$(calc)',
        "'; Remove-Mailbox x; '",
      ),
      fc.string({ unit: 'grapheme', maxLength: 4 }),
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((parts) => `x${parts.join('')}`)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are refused, which another test shows
  .filter((text) => !/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(text))
