// Where the navigation of every page leads.
import { adminTabs } from './admin/admin-frame.js'
import { translator } from './platform/html/language.js'
import type { Navigation } from './platform/html/pages.js'
import { ja } from './words.ja.js'

const t = translator(ja)

export const navigation: Navigation = {
  places: [
    { href: '/', label: () => t('Home') },
    { href: '/chat', label: () => t('Chat') },
    { href: '/approvals', label: () => t('Approvals') },
    { href: '/programs', label: () => t('Programs') },
    { href: '/connections', label: () => t('Connections') },
    { href: '/models', label: () => t('Models') },
  ],
  administration: { label: () => t('Admin'), items: adminTabs },
  account: [
    { href: '/account/sessions', label: () => t('Sessions') },
    { href: '/api/docs', label: () => t('API') },
  ],
}
