// What a program is called on our pages: its own claim, made harmless.
import { isDocumentClient } from './client-metadata.js'
import { t } from './t.js'

const maxShownCharacters = 80

/** The name a program gives itself, without characters that hide, reorder or break what stands around it. */
export function programName(name: string | null | undefined): string {
  const plain = (name ?? '')
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu, '')
    .replace(/\s+/gu, ' ')
    .trim()
  if (plain === '') return t('A program without a name')
  const characters = [...plain]
  return characters.length > maxShownCharacters ? `${characters.slice(0, maxShownCharacters).join('')}…` : plain
}

/** The site that publishes a program's description; undefined when the program registered itself. */
export function publisherOf(clientId: string): string | undefined {
  return isDocumentClient(clientId) ? URL.parse(clientId)?.host : undefined
}
