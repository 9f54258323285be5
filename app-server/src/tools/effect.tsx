// What a call of a tool does to the world, in a word.
import { Tag } from '../platform/html/components.js'
import type { Tool } from '../providers/provider.js'

export function Effect({ tool: { annotations } }: { tool: Tool }) {
  if (annotations.readOnlyHint) return <Tag kind="good">looks</Tag>
  return annotations.destructiveHint ? <Tag kind="warn">changes</Tag> : <Tag>adds</Tag>
}
