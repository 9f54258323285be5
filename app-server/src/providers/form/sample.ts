// Forms of a small café and salon, so that a fresh development database has something to fill in.
import type { Sql } from '../../platform/database/database.js'
import { readFields } from './fields.js'

const forms = [
  {
    id: '5e415300-0000-4000-8000-000000000001',
    title: 'First visit to the salon',
    description: 'A few questions before your first appointment, so that we can prepare for it.',
    fields: [
      { name: 'full_name', label: 'Your name', type: 'short_text', required: true, max_length: 100 },
      { name: 'email', label: 'Your e-mail address', type: 'email', required: true },
      { name: 'birthday', label: 'Your birthday', type: 'date', min_date: '1900-01-01', help: 'For a small surprise.' },
      {
        name: 'hair_length',
        label: 'How long is your hair?',
        type: 'choice',
        required: true,
        choices: ['short', 'medium', 'long'],
      },
      {
        name: 'wishes',
        label: 'What would you like?',
        type: 'multi_choice',
        required: true,
        choices: ['cut', 'colour', 'perm', 'head spa', 'advice'],
        max_choices: 3,
      },
      { name: 'sensitive_skin', label: 'Is your scalp sensitive?', type: 'boolean', required: true },
      { name: 'notes', label: 'Anything else we should know?', type: 'long_text', max_length: 1000 },
    ],
  },
  {
    id: '5e415300-0000-4000-8000-000000000002',
    title: 'Party at the café',
    description: 'Ask us for a table or the whole café. We answer by e-mail within two days.',
    fields: [
      { name: 'contact_name', label: 'Who should we ask for?', type: 'short_text', required: true, max_length: 100 },
      { name: 'email', label: 'Where do we send the answer?', type: 'email', required: true },
      { name: 'date', label: 'On which date?', type: 'date', required: true },
      { name: 'guests', label: 'How many guests?', type: 'integer', required: true, min: 4, max: 40 },
      {
        name: 'budget_per_guest',
        label: 'Budget for each guest, in yen',
        type: 'number',
        min: 1000,
        max: 20000,
        help: 'Drinks included.',
      },
      { name: 'whole_cafe', label: 'Do you want the café to yourselves?', type: 'boolean' },
      {
        name: 'dishes',
        label: 'Which dishes?',
        type: 'multi_choice',
        choices: ['sandwiches', 'curry', 'cakes', 'vegan'],
      },
      { name: 'wishes', label: 'Allergies or other wishes', type: 'long_text' },
    ],
  },
]

export async function addFormSamples(sql: Sql): Promise<void> {
  for (const form of forms) {
    await sql.query('INSERT INTO forms (id, title, description, fields) VALUES ($1, $2, $3, $4)', [
      form.id,
      form.title,
      form.description,
      JSON.stringify(readFields(form.fields)),
    ])
  }
}
