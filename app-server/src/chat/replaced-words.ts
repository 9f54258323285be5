// What is replaced when a message is answered anew, and what is not undone by that.
import { t } from './t.js'

/** @param later how many messages came after it */
export function replacedWords(later: number): string[] {
  return [
    later === 0
      ? t('The answer there is now is replaced.')
      : t(
          'The answer there is now is replaced, and with it {count, plural, one {the message that came after it} other {the # messages that came after it}}.',
          {
            count: later,
          },
        ),
    t('What is replaced can still be read, as an earlier version.'),
    t('What tools did already stays done.'),
  ]
}
