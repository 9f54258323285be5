// The page of a question before an act that takes something away: what will happen, and the way back. It needs no scripts.
import { Actions, Button, ButtonLink, Form, Notice } from './components.js'
import { t } from './t.js'

export interface QuestionPageProps {
  eyebrow: string
  question: string
  /** What will happen, a sentence each. */
  effects: readonly string[]
  /** The word on the button that does it. */
  button: string
  danger: boolean
  /** Where the form is sent, with these fields. */
  action: string
  csrfToken: string
  fields: Readonly<Record<string, string>>
  /** Where the way back leads. */
  back: string
  /** Why it could not be done, when it has just been tried. */
  refusal?: string | undefined
}

export function QuestionPage({ eyebrow, question, effects, button, danger, fields, ...props }: QuestionPageProps) {
  const { action, csrfToken, back, refusal } = props
  return (
    <div class="card-decision">
      <p class="eyebrow eyebrow-plain">{eyebrow}</p>
      <h1>{question}</h1>
      {refusal ? (
        <Notice kind="error">
          <p>{refusal}</p>
        </Notice>
      ) : null}
      <ul class="effects">
        {effects.map((effect) => (
          <li>{effect}</li>
        ))}
      </ul>
      <Form action={action} csrfToken={csrfToken}>
        {Object.entries(fields).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <Actions>
          <Button kind={danger ? 'danger' : 'primary'}>{button}</Button>
          <ButtonLink href={back}>{t('Go back')}</ButtonLink>
        </Actions>
      </Form>
    </div>
  )
}
