// The page on which whoever wrote a message rewords it; it says what is replaced by that before it is sent.
import { Actions, Button, ButtonLink, Form, PageHead } from '../platform/html/components.js'
import { roomPath, turnElement, turnPath } from './paths.js'
import { replacedWords } from './replaced-words.js'
import { t } from './t.js'
import type { Turn } from './turn.js'
import { maxPromptLength } from './turns.js'

export function EditPage({ turn, later, csrfToken }: { turn: Turn; later: number; csrfToken: string }) {
  return (
    <>
      <PageHead title={t('Edit the message')}>{t('It is sent anew, with its files, and answered anew.')}</PageHead>
      <Form action={turnPath(turn, 'replace')} csrfToken={csrfToken}>
        <input type="hidden" name="sure" value="1" />
        <input type="hidden" name="time_zone" value={turn.timeZone} />
        <div class="field">
          <label for="prompt">{t('Message')}</label>
          <textarea id="prompt" name="prompt" rows={8} maxlength={maxPromptLength}>
            {turn.prompt}
          </textarea>
        </div>
        <ul class="effects">
          {replacedWords(later).map((words) => (
            <li>{words}</li>
          ))}
        </ul>
        <Actions>
          <Button>{t('Send')}</Button>
          <ButtonLink href={roomPath(turn.roomId, `#${turnElement(turn.id)}`)}>{t('Cancel')}</ButtonLink>
        </Actions>
      </Form>
    </>
  )
}
