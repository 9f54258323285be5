// What the script of a room's page says by itself, in the reader's language.
import { t } from './t.js'

export function scriptWords() {
  return {
    writing: t('The answer is being written.'),
    answered: t('Answer:'),
    stopped: t('The answer has ended before it was complete.'),
    waiting: t('A call of a tool waits for your approval.'),
    message: t('New message from {name}:', { name: '{name}' }),
    offline: t('Not connected. Trying again …'),
    signedOut: t('You are signed out. Your text is kept here: sign in again, and send it.'),
    signIn: t('Sign in'),
    removed: t('You are no longer a member of this room, or it was deleted.'),
    rooms: t('Rooms'),
    sending: t('Sending …'),
    notSent: t('That could not be sent. Try again.'),
    uploading: t('{name}: {percent} %', { name: '{name}', percent: '{percent}' }),
    tooLarge: t('{name} is too large: a file may have {size} at most.', { name: '{name}', size: '{size}' }),
    tooLargeTogether: t('{name} is too much: the files of one message may have {size} together.', {
      name: '{name}',
      size: '{size}',
    }),
    pastedName: t('pasted text.txt'),
    pasted: t('The text is longer than a message may be. It goes along as a file.'),
    wrongType: t('{name} cannot be sent: the model reads no files of this kind.', { name: '{name}' }),
    tooMany: t('A message takes {count} files at most.', { count: '{count}' }),
    uploadsFirst: t('A file is still being sent.'),
    remove: t('Remove {name}', { name: '{name}' }),
    copied: t('Copied'),
    copy: t('Copy'),
  }
}
