import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isForward, normalizedSubject } from '../../server/mail/read/subject.ts'

test.each([
  ['Chairs', 'Chairs'],
  ['Re: Chairs', 'Chairs'],
  ['RE:RE: Re[2]: Chairs', 'Chairs'],
  ['AW: WG: Chairs', 'Chairs'],
  ['Re : Chaises', 'Chaises'],
  ['TR: Chaises', 'Chaises'],
  ['SV: VS: Stolar', 'Stolar'],
  ['Odp: PD: Krzesła', 'Krzesła'],
  ['YNT: İLT: Sandalye', 'Sandalye'],
  ['Ответ: Стулья', 'Стулья'],
  ['回复：椅子', '椅子'],
  ['RV: R: Sillas', 'Sillas'],
  ['[EXT] Re: [EXTERN] Chairs', 'Chairs'],
  ['*****SPAM***** Re: Chairs', 'Chairs'],
  ['Re: Chairs (fwd)', 'Chairs'],
  ['  Re:\u00a0 Chairs   and   tables ', 'Chairs and tables'],
  ['Regarding the chairs', 'Regarding the chairs'],
  ['[Project 7] Chairs', '[Project 7] Chairs'],
  ['Order: chairs', 'Order: chairs'],
  ['Re:', ''],
])('%j is about %j', (subject, bare) => {
  expect(normalizedSubject(subject)).toBe(bare)
})

test.each([
  ['Fwd: Chairs', true],
  ['FW: Chairs', true],
  ['WG: Stühle', true],
  ['[EXT] TR : Chaises', true],
  ['I: Sedie', true],
  ['转发：椅子', true],
  ['Re: Fwd: Chairs', false],
  ['Forward planning', false],
])('%j passes something on: %j', (subject, forward) => {
  expect(isForward(subject)).toBe(forward)
})

test('what a subject is about stays the same however often it is answered', () => {
  const mark = fc.constantFrom('Re: ', 'AW:', 'Fwd: ', '[EXT] ', 'SV : ')
  fc.assert(
    fc.property(fc.array(mark, { maxLength: 8 }), fc.string(), (marks, subject) => {
      const bare = normalizedSubject(subject)
      fc.pre(!/\((fwd|fw)\)$/i.test(bare))
      expect(normalizedSubject(marks.join('') + bare)).toBe(bare)
    }),
  )
})

test.each([
  ['Re: Familie \u{1f469}\u200d\u{1f469}\u200d\u{1f467}', 'Familie \u{1f469}\u200d\u{1f469}\u200d\u{1f467}'],
  ['Re: \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645', '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645'],
  ['Sale\u200c \u200c\u034f \u200c\u034f now', 'Sale now'],
  ['Donau\u00addampf', 'Donaudampf'],
])('%j keeps the joiners that belong to its words', (subject, bare) => {
  expect(normalizedSubject(subject)).toBe(bare)
})
