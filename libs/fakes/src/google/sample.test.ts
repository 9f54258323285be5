// What a newcomer finds in the pretended calendars.
import { expect, test } from '@jest/globals'
import { GoogleFake } from './google-fake.js'

test('the samples have something in them around the day they are made for', async () => {
  const samples = await GoogleFake.withSamples(new Date('2026-11-20T12:00:00+09:00')).listen()
  try {
    const [mika] = samples.accounts
    const titles = [
      ...(samples.calendars.findListed(mika ?? samples.person, 'primary')?.calendar.entries.values() ?? []),
    ].map(({ shared }) => [
      shared.resource.summary,
      (shared.resource.start.dateTime ?? shared.resource.start.date)?.slice(0, 10),
    ])
    expect(titles).toEqual(
      expect.arrayContaining([
        ['Stand-up', '2026-11-16'],
        ['Lunch with Ken', '2026-11-21'],
        ['Quarterly review', '2026-11-21'],
      ]),
    )
  } finally {
    await samples.close()
  }
})
