// The page on which the model of a key is chosen, from those that its service lists now, and the key is given a name.
import type { ModelInfo } from '../../models/model.js'
import { Actions, Button, ButtonLink, Field, Form, Notice } from '../../platform/html/components.js'
import { Select } from '../../platform/html/select.js'
import type { ModelKey } from '../model-keys.js'
import { maxNameLength } from './model-form.js'
import { t } from './t.js'

export interface ChooseModelPageProps {
  readonly modelKey: ModelKey
  readonly service: string
  /** Undefined: the service did not say, and `fault` tells why. */
  readonly models: readonly ModelInfo[] | undefined
  readonly fault: string | undefined
  readonly nameFault: string | undefined
  readonly path: string
  readonly csrfToken: string
}

export function ChooseModelPage(props: ChooseModelPageProps) {
  const { modelKey: key, service, models, fault, nameFault, path, csrfToken } = props
  const here = `${path}/${key.id}`
  return (
    <div class="card-decision">
      <p class="eyebrow eyebrow-plain">{service}</p>
      <h1>{t('Choose the model')}</h1>
      {fault ? (
        <Notice kind="error">
          <p>{fault}</p>
        </Notice>
      ) : null}
      {models ? (
        <>
          <p>
            {t(
              'These are the models that the key may use for conversations. Rooms use the chosen one from their next answer on.',
            )}
          </p>
          <Form action={`${here}/model`} csrfToken={csrfToken}>
            <Select
              label={t('Model')}
              name="model"
              value={key.model}
              options={models.map(({ id, title }) => ({ value: id, label: title === id ? id : `${title} (${id})` }))}
            />
            <Field
              label={t('Name')}
              name="name"
              hint={t('What people see where they choose it.')}
              value={key.label}
              autocomplete="off"
              maxlength={maxNameLength}
              required
              {...(nameFault ? { error: nameFault } : {})}
            />
            <Actions>
              <Button>{t('Use this model')}</Button>
              <ButtonLink href={here}>{t('Cancel')}</ButtonLink>
            </Actions>
          </Form>
        </>
      ) : (
        <Actions>
          <ButtonLink kind="primary" href={`${here}/model`}>
            {t('Try again')}
          </ButtonLink>
          <ButtonLink href={here}>{t('Cancel')}</ButtonLink>
        </Actions>
      )}
    </div>
  )
}
