// What a call of a tool does to the world, in a word.
import { Tag } from '../platform/html/components.js'
import type { Tool } from '../providers/provider.js'
import { t } from './t.js'

export function Effect({ tool: { annotations } }: { tool: Tool }) {
  if (annotations.readOnlyHint) return <Tag kind="good">{t('looks')}</Tag>
  return annotations.destructiveHint ? <Tag kind="warn">{t('changes')}</Tag> : <Tag>{t('adds')}</Tag>
}
