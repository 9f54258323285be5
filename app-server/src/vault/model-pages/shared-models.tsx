// The part of a page that lists the shared model keys, for whoever may change them.
import { ButtonLink, Section } from '../../platform/html/components.js'
import { type ListedKey, ModelCards, ModelsDone, sharedModelsPath } from './models.page.js'
import { t } from './t.js'

export function SharedModels({ keys, done }: { keys: readonly ListedKey[]; done: 'removed' | 'gone' | undefined }) {
  return (
    <Section
      id="models"
      title={t('Models for everybody')}
      lead={t('Keys of language models that everybody here may choose for their rooms.')}
    >
      <div class="flow">
        {done ? <ModelsDone done={done} /> : null}
        {keys.length === 0 ? (
          <p>{t('None yet. Whoever wants the chat to answer enters a key of their own.')}</p>
        ) : (
          <ModelCards keys={keys} path={sharedModelsPath} administrator />
        )}
        <ButtonLink href={`${sharedModelsPath}/add`}>{t('Add a key for everybody')}</ButtonLink>
      </div>
    </Section>
  )
}
