// The list of the model keys a person may use: their own, and those that are shared.
import { ButtonLink, Card, EmptyState, Facts, Notice, PageHead, Tag } from '../../platform/html/components.js'
import { counted } from '../../platform/html/language.js'
import type { ModelKey } from '../model-keys.js'
import { t } from './t.js'

export const modelsPath = '/models'
export const sharedModelsPath = '/admin/models'

export interface ListedKey {
  readonly key: ModelKey
  /** As people know it, e.g. "Google Gemini". */
  readonly service: string
}

export interface ModelsPageProps {
  readonly keys: readonly ListedKey[]
  readonly administrator: boolean
  /** What was done a moment ago. */
  readonly done: 'removed' | 'gone' | undefined
}

export function ModelsPage({ keys, administrator, done }: ModelsPageProps) {
  return (
    <>
      <PageHead
        title={t('Models')}
        actions={
          <ButtonLink kind={keys.length === 0 ? 'secondary' : 'primary'} href={`${modelsPath}/add`}>
            {t('Add a key')}
          </ButtonLink>
        }
      >
        {t(
          'Language models that answer in the chat. A key of yours is used by you and by the rooms you choose it for.',
        )}
      </PageHead>
      {done ? <ModelsDone done={done} /> : null}
      {keys.length === 0 ? (
        <EmptyState
          title={t('No model yet')}
          actions={
            <ButtonLink kind="primary" href={`${modelsPath}/add`}>
              {t('Add a key')}
            </ButtonLink>
          }
        >
          <p>{t('Enter a key of the Gemini API, or the address of a model of your own, and the chat can answer.')}</p>
        </EmptyState>
      ) : (
        <ModelCards keys={keys} path={modelsPath} administrator={administrator} />
      )}
    </>
  )
}

export function ModelsDone({ done }: { done: 'removed' | 'gone' }) {
  return done === 'removed' ? (
    <Notice kind="success" title={t('Removed')}>
      <p>{t('The key is deleted here. It still works at the service until you delete it there.')}</p>
    </Notice>
  ) : (
    <Notice kind="info" title={t('Nothing to do')}>
      <p>{t('That key is not here, or no longer.')}</p>
    </Notice>
  )
}

/** @param path where the keys that are not shared are opened */
export function ModelCards({
  keys,
  path,
  administrator,
}: {
  keys: readonly ListedKey[]
  path: string
  administrator: boolean
}) {
  return (
    <div class="grid">
      {keys.map(({ key, service }) => {
        const shared = key.ownerId === null
        const open = shared ? sharedModelsPath : path
        return (
          <div id={key.id}>
            <Card title={key.label}>
              <Facts
                items={[
                  { term: t('Model'), detail: <code>{key.model}</code> },
                  { term: t('Service'), detail: service },
                  { term: t('Price'), detail: pricesInWords(key) },
                  {
                    term: t('For'),
                    detail: shared ? <Tag kind="seal">{t('everybody here')}</Tag> : t('you'),
                  },
                ]}
              />
              {shared && !administrator ? null : (
                <ButtonLink href={`${open}/${key.id}`} label={t('Open {name}', { name: key.label })}>
                  {t('Open')}
                </ButtonLink>
              )}
            </Card>
          </div>
        )
      })}
    </div>
  )
}

export function pricesInWords({ prices }: Pick<ModelKey, 'prices'>): string {
  if (!prices) return t('not known')
  const { inputPerMillion, outputPerMillion } = prices
  return t('{input} in, {output} out, in US dollars for a million tokens', {
    input: inputPerMillion,
    output: outputPerMillion,
  })
}

export function windowInWords({ inputTokenLimit }: Pick<ModelKey, 'inputTokenLimit'>): string {
  return inputTokenLimit === undefined ? t('not known') : t('{count} tokens', { count: counted(inputTokenLimit) })
}
