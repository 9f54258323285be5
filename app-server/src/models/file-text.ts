// Files that are text: any model reads them as part of what was said.
import type { ModelFile } from './model.js'

const textTypes = /^(text\/[\w.+-]+|application\/(json|xml|yaml|x-yaml|javascript|x-ndjson|[\w.-]+\+(json|xml)))$/

/** The file as text for a model; undefined when it is none. */
export function fileText({ mediaType, data, name }: ModelFile): string | undefined {
  const [type = ''] = mediaType.toLowerCase().split(';')
  return textTypes.test(type.trim()) ? `File ${JSON.stringify(name)}:\n\n${data.toString('utf8')}` : undefined
}
