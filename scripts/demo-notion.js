// What is in the demo's pretended Notion: the handbook of a small shop and its list of ideas, and somebody's own notes.

/** @param {import('@sekisho/fakes').NotionFake} notion it listens already */
export async function fillNotion(notion) {
  const { notionVersion } = await import('@sekisho/fakes')
  const hana = { id: 'b1a7f0c2-0000-4000-8000-000000000001', email: 'hana@example.com', name: 'Hana Mori' }
  const kenji = { id: 'b1a7f0c2-0000-4000-8000-000000000002', email: 'kenji@example.com', name: 'Kenji Abe' }
  const shop = notion.addWorkspace('Matsu Trading', [hana, kenji])
  const handbook = shop.addPage('Handbook', [
    { type: 'paragraph', text: 'How we work, in as few words as possible.' },
    { type: 'heading_2', text: 'Every day' },
    { type: 'bulleted_list_item', text: 'Orders before noon leave the same day.' },
    { type: 'bulleted_list_item', text: 'Whoever opens the shop answers the mails of the night.' },
  ])
  shop.addPage(
    'Returns',
    [
      { type: 'paragraph', text: 'Within 14 days, without a reason, and we pay the postage.' },
      { type: 'to_do', text: 'Say so on the receipt as well', data: { checked: false } },
      { type: 'to_do', text: 'Find a box that can be used twice', data: { checked: true } },
    ],
    handbook.id,
  )
  const meeting = shop.addPage('Meeting of the week', [
    { type: 'heading_2', text: 'Decided' },
    { type: 'numbered_list_item', text: 'The total is rounded once, at the end.' },
    { type: 'numbered_list_item', text: 'The release is on Thursday.' },
    { type: 'quote', text: 'Not on a Friday.' },
  ])
  shop.addComment({ type: 'page_id', page_id: meeting.id }, 'Kenji tells the warehouse.')
  const { dataSourceId } = shop.addDatabase('Ideas', {
    Name: { title: {} },
    State: { select: { options: ['New', 'Tried', 'Kept'] } },
    Effort: { number: {} },
  })
  const mine = { id: 'b1a7f0c2-0000-4000-8000-000000000003', email: 'aiko@example.com', name: 'Aiko Tanaka' }
  notion.addWorkspace("Aiko's notes", [mine]).addPage('Tea to try', [
    { type: 'bulleted_list_item', text: 'Gyokuro from Yame' },
    { type: 'bulleted_list_item', text: 'Hojicha, roasted twice' },
  ])

  const token = notion.internalToken(shop)
  await addIdea('Gift paper made of old maps', 'Tried', 2)
  await addIdea('A subscription for tea', 'New', 8)
  await addIdea('Answer mails within the hour', 'Kept', 5)

  /**
   * A row comes as programs make one.
   * @param {string} name
   * @param {string} state
   * @param {number} effort
   */
  async function addIdea(name, state, effort) {
    const answer = await fetch(`${notion.url}/v1/pages`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'notion-version': notionVersion,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        parent: { type: 'data_source_id', data_source_id: dataSourceId },
        properties: {
          Name: { title: [{ text: { content: name } }] },
          State: { select: { name: state } },
          Effort: { number: effort },
        },
      }),
    })
    if (!answer.ok) throw new Error(`the pretended Notion did not take "${name}": ${await answer.text()}`)
  }
}
