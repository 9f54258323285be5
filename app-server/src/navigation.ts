// Where the navigation of every page leads.
import { translator } from './platform/html/language.js'
import type { NavigationItem } from './platform/html/pages.js'
import { ja } from './words.ja.js'

const t = translator(ja)

export const navigation: NavigationItem[] = [
  { href: '/', label: () => t('Home') },
  { href: '/chat', label: () => t('Chat') },
  { href: '/programs', label: () => t('Programs') },
  { href: '/connections', label: () => t('Connections') },
  { href: '/models', label: () => t('Models') },
  { href: '/approvals', label: () => t('Approvals') },
  { href: '/account/sessions', label: () => t('Sessions') },
  { href: '/api/docs', label: () => t('API') },
  { href: '/admin', label: () => t('Admin'), administratorsOnly: true },
]
