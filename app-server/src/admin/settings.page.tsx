// The settings that count, for reading; they are changed where the server is started.
import { Card, Facts, PageHead } from '../platform/html/components.js'
import type { SettingGroup } from './shown-settings.js'
import { t } from './t.js'

export function SettingsPage({ groups }: { groups: readonly SettingGroup[] }) {
  return (
    <>
      <PageHead title={t('Settings')}>
        {t(
          'How this server is set up. To change something, set the variable where the server is started, and start it again.',
        )}
      </PageHead>
      <div class="grid">
        {groups.map(({ title, settings }) => (
          <Card title={title}>
            <Facts
              items={settings.map(({ term, value, variable }) => ({
                term,
                detail: (
                  <>
                    <span class="setting-value">{value}</span>
                    {variable ? <code class="setting-name">{variable}</code> : null}
                  </>
                ),
              }))}
            />
          </Card>
        ))}
      </div>
    </>
  )
}
